# SPDX-License-Identifier: MIT
"""The metering gateway: Modbus registers become signed readings on chain.

A reading's way:

    devices/            which register of which model means what
    poll/               ask every meter, each failure its own affair
    decode.py           words → whole Wh
    validate/           each doubt a flag
    boundary.py         the register at a period's end
    close.py, journal/  written and synced before anything is sent
    sign.py             one signed batch a period
    post.py             to the chain
    confirm.py          what the chain made of it

gateway.py is the loop around them; simulator/ has meters to try it on.
"""
