"""The short form of the benchmark: every server starts, is given its rows, and gives what each line asks of it. Times are not judged."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FEW = {"BENCH_COOPERATIVES": "150", "BENCH_ENTERPRISES": "200"}  # 40 for each of two rounds that submit
LINES = (
    *("hello", "public list, kept", "public list, made anew", "public list, signed in", "search, made anew", "questionnaire"),
    *("review queue", "map, kept", "map, made anew", "export of a year, CSV", "saving one figure", "submit"),
)  # fmt: skip


@pytest.mark.timeout(300)
def test_site_and_peers_answer_every_line_of_the_benchmark():
    short = ["--rounds", "1", "--seconds", "0.05", "--starts", "0"]
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench", *short],
        cwd=ROOT, env=os.environ | FEW, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert told.returncode == 0, told.stdout + told.stderr[-4000:]
    for title in LINES:
        (line,) = [one for one in told.stdout.splitlines() if one.startswith(title)]
        assert re.search(r"\d+ \d+\.\d×", line), line
    for what in ("memory, Django admin", "durable commits"):
        assert what in told.stdout
