"""The engine as a process of its own: its work never slows a page down, and its memory goes when it ends."""

import json
import os
import subprocess  # nosec B404
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
TIMEOUT = 1_500.0  # s
BEAT = 60.0  # s between two signs of life
ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""One core at most, and sums always in the same order, so that the same seed gives the same groups."""

Engine = Callable[[Mapping[str, Any], Callable[[], None]], dict[str, Any]]


def run_engine(asked: Mapping[str, Any], beat: Callable[[], None]) -> dict[str, Any]:
    """What :func:`app.enterprises.clusters.engine.work` answers; ``beat`` is called each minute until then.

    Raises RuntimeError when it fails or takes longer than 25 minutes.
    """
    worker = subprocess.Popen(  # nosec B603
        [sys.executable, "-m", "app.enterprises.clusters.engine"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | ONE_THREAD,
    )
    started = time.monotonic()
    told: str | None = json.dumps(asked)
    try:
        while True:
            try:
                answer, trouble = worker.communicate(told, timeout=BEAT)
                break
            except subprocess.TimeoutExpired:
                told = None  # it has been sent
                if time.monotonic() - started > TIMEOUT:
                    raise RuntimeError("the engine took too long") from None
                beat()
    finally:
        if worker.poll() is None:
            worker.kill()
            worker.communicate()
    if worker.returncode:
        raise RuntimeError(f"the engine failed: {trouble.strip()[-300:]}")
    found: dict[str, Any] = json.loads(answer)
    return found
