# SPDX-License-Identifier: MIT
"""`wattbook deploy --check`: what a chain holds, beside what a deployment file and the plan say.

access.py       who may do what, from the AccessManager's events and views
state.py        code, connections, venues, terms
differences.py  what is otherwise than planned
show.py         tables, or JSON
"""
