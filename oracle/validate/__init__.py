# SPDX-License-Identifier: MIT
"""Validation: rules.py has one pure function a doubt, check.py puts them together for a poll."""

from oracle.validate.flags import Flag

__all__ = ["Flag"]
