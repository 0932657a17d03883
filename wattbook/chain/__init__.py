# SPDX-License-Identifier: MIT
"""Everything that speaks to a chain: profiles, client, contract bindings, sender, launcher."""
