# SPDX-License-Identifier: MIT
"""What the API takes and answers, typed. Amounts are strings, in base units and as decimals."""
