# SPDX-License-Identifier: MIT
"""The keeper does what anyone may do for anyone once it is due: claims, settlement and what
corrects it, fees, certificates, the ends of suspensions, voids that the book is told of.

It holds no right and no money of others; several keepers on one chain only waste gas. Everything it needs is
on the chain, so it keeps no state but its sender's journal.
"""
