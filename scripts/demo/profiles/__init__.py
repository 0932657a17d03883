# SPDX-License-Identifier: MIT
"""Shipped household-days and the communities made of them; README.md says where they come from."""

from scripts.demo.profiles.days import CommunityDay, Member, Point, community_day

__all__ = ["CommunityDay", "Member", "Point", "community_day"]
