#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes sure that there is a Chromium for the browser tests.
set -eu

for name in "${CHROMIUM:-chromium}" chromium-browser google-chrome; do
    if command -v "$name" >/dev/null 2>&1 && "$name" --version >/dev/null 2>&1; then
        exit 0
    fi
done

if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    mkdir -p .cache/logs
    log=.cache/logs/chromium.log
    echo "installing Debian's chromium"
    export DEBIAN_FRONTEND=noninteractive
    if { apt-get update && apt-get install -y --no-install-recommends chromium; } >"$log" 2>&1; then
        exit 0
    fi
    echo "wattbook: Debian's package chromium couldn't be installed: check the network and run it again (log: $log)." >&2
    exit 1
fi
echo "wattbook: the browser tests need Chromium: install your system's package (Debian, Ubuntu: chromium) or name" \
    "the program in CHROMIUM." >&2
exit 1
