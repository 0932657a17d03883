# SPDX-License-Identifier: MIT
"""FAULT=decode: a device file with a wrong scale, as a careless edit leaves it. The checks must find it."""

import shutil
from pathlib import Path

SHIPPED = Path(__file__).parents[2] / "oracle" / "devices"
MODEL = "eastron-sdm630"
RIGHT, WRONG = "scale_wh: 1000", "scale_wh: 1010"


def write_wrong_scale(folder: Path) -> None:
    """All shipped device files, one of them wrong by one per cent."""
    shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    path = folder / f"{MODEL}.yaml"
    text = path.read_text()
    assert RIGHT in text, f"{path.name} has no {RIGHT!r} to falsify"
    path.write_text(text.replace(RIGHT, WRONG))
