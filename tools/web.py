# SPDX-License-Identifier: MIT
"""`make web`: builds the page with vite, if web/ or the exported ABIs changed."""

import shutil
from pathlib import Path

from tools.common import (
    ROOT,
    ToolError,
    content_hash,
    die,
    exclusive,
    files_under,
    is_fresh,
    run_logged,
    stamp,
)
from tools.setup import node_key

OUTPUT = ROOT / "web" / "dist"
PACKAGED = ROOT / "api" / "static"


def key() -> str:
    tests = (".test.ts", ".test.tsx")
    sources = [path for path in files_under("web", "wattbook/abi") if not path.name.endswith(tests)]
    return content_hash(sources, node_key())


def fresh() -> bool:
    return is_fresh("web", key(), [OUTPUT / "index.html", *packaged_index()])


def packaged_index() -> list[Path]:
    return [PACKAGED / "index.html"] if PACKAGED.parent.is_dir() else []


def build() -> None:
    made = key()
    run_logged("web", ["node", "node_modules/vite/bin/vite.js", "build", "web"])
    if packaged_index():
        # Served by the API, and part of its package.
        shutil.rmtree(PACKAGED, ignore_errors=True)
        shutil.copytree(OUTPUT, PACKAGED)
    stamp("web", made)


def main() -> None:
    if not (ROOT / "web" / "index.html").exists() or fresh():
        return
    try:
        with exclusive("web"):
            if not fresh():
                build()
    except ToolError as error:
        die(str(error))


if __name__ == "__main__":
    main()
