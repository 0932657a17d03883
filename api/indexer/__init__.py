# SPDX-License-Identifier: MIT
"""The indexer: follows the chain and alone writes chain.db.

follow.py    which blocks are new, which are gone; one database transaction a page of blocks
writer.py    a decoded event → the handler that knows it
members.py, trading.py, metering.py, settling.py      event → rows, by subject
fills.py     a word of claimed fills
books.py     a market's book as its events leave it: implied fills, depth, top
rows.py      what handlers write into: keyed rows of one page, the stream's events with them
"""
