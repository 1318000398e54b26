"""Beginning a run that an operator asked for, at once and beside the page: a thread that mostly waits for the engine."""

import threading

import structlog
from flask import Flask

from app.enterprises.clusters.running import execute

log = structlog.get_logger("simpul")


def begin(app: Flask, run_id: int) -> None:
    """Work on a run in the background. Not in tests; a process that ends meanwhile leaves the run to the clock."""
    if app.testing:
        return
    threading.Thread(target=_work, args=(app, run_id), name="simpul-cluster", daemon=True).start()


def _work(app: Flask, run_id: int) -> None:
    try:
        with app.app_context():
            execute(run_id)
    except Exception as error:  # it is on record with the run, where the operator sees it
        log.exception("cluster", run=run_id, error=repr(error))
