# SPDX-License-Identifier: MIT
"""python -m api.relay"""

import sys

from api.relay.process import main

if __name__ == "__main__":
    sys.exit(main())
