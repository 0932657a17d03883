# SPDX-License-Identifier: MIT
"""The demo's neighbourhood: who they are, what they produce and use on the day, with which meters."""
