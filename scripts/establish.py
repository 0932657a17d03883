# SPDX-License-Identifier: MIT
"""Brownie script: deploys, then configures. What `make deploy` and the demo run."""

from scripts import configure, deploy


def main() -> None:
    deploy.main()
    configure.main()
