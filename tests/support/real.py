"""Real public lists, for tests on the machines that have them. They have no licence: nothing of them is in the project."""

import os
from pathlib import Path

import pytest

FOLDER = Path(os.environ.get("SIMPUL_REAL_DATA") or Path(__file__).parents[2].parent / "shared/data/real")


def real_file(name):
    """The bytes of one of the real lists; skips the test where it is absent."""
    path = FOLDER / name
    if not path.is_file():
        pytest.skip(f"{name} is not on this machine (SIMPUL_REAL_DATA names its folder)")
    return path.read_bytes()
