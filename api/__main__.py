# SPDX-License-Identifier: MIT
"""python -m api"""

import sys

from api.process import main

if __name__ == "__main__":
    sys.exit(main())
