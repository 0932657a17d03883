# SPDX-License-Identifier: MIT
"""What runs on a developer's machine: deployment with Brownie, configuration, the demo."""
