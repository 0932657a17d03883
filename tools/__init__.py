# SPDX-License-Identifier: MIT
"""The project's tool chain: what the Makefile runs. It starts before `make setup`: standard library."""
