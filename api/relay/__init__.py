# SPDX-License-Identifier: MIT
"""The relay: takes signed orders and cancels in sequence, and puts them into the book in that sequence.

intake.py     accepting: sequence, receipt, one durable transaction (used by every API worker)
queue.py      what waits, what is sent, what became of it
batches.py    the next transactions, in sequence
outcomes.py   what the chain says became of a batch
relay.py      one step of the process
sessions.py   sign-ins (used by the API)
"""
