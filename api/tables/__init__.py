# SPDX-License-Identifier: MIT
"""The tables of chain.db (chain, book, metering, money) and of relay.db (relay)."""
