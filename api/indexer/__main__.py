# SPDX-License-Identifier: MIT
"""python -m api.indexer"""

import sys

from api.indexer.process import main

if __name__ == "__main__":
    sys.exit(main())
