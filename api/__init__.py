# SPDX-License-Identifier: MIT
"""The HTTP side of Wattbook: indexer, relay and API, three processes over two databases.

python -m api.indexer   chain → chain.db      (alone writes it; disposable)
python -m api.relay     relay.db → chain      (own key, one sender, one journal)
python -m api           both databases → HTTP (holds no user's key)
"""
