"""The isolation forest: reports whose figures, taken together, are easily told apart from all others.

scikit-learn takes seconds and a hundred megabytes to load, so the site never loads it: :func:`isolate` runs this module as a
process of its own, which reads the rows from standard input, writes the scores to standard output, and ends.
"""

import json
import subprocess  # nosec B404
import sys
from collections.abc import Sequence
from pathlib import Path

LEAST = 60
"""Reports below which a forest says too little."""
TREES = 200
ROOT = Path(__file__).parents[2]
TIMEOUT = 120.0  # s


def scores(rows: Sequence[Sequence[float]]) -> list[float]:
    """For each row how isolated it is, 0…1; the same for the same rows on every machine."""
    from sklearn.ensemble import IsolationForest

    forest = IsolationForest(n_estimators=TREES, max_samples=min(256, len(rows)), random_state=0, n_jobs=1)
    forest.fit(rows)
    return [round(-float(score), 6) for score in forest.score_samples(rows)]


def isolate(rows: Sequence[Sequence[float]]) -> list[float]:
    """:func:`scores` in a process of its own; empty when there are too few rows.

    Raises RuntimeError when that process fails, and TimeoutExpired when it takes more than two minutes.
    """
    if len(rows) < LEAST:
        return []
    done = subprocess.run(  # nosec B603
        [sys.executable, "-m", "app.quality.forest"],
        input=json.dumps([list(row) for row in rows]),
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=TIMEOUT,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the forest failed: {done.stderr.strip()[-300:]}")
    found: list[float] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    json.dump(scores(json.load(sys.stdin)), sys.stdout)
