"""Several people doing something at the same moment: threads, each with a session and a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing


def at_once(app: Flask, *deeds: Callable[[], Any]) -> list[str]:
    """Run each of ``deeds`` in a write unit of its own, all begun together; per deed ``"done"`` or the refusal.

    Any other error is raised.
    """
    db.session.rollback()
    db.session.remove()
    gate = threading.Barrier(len(deeds))
    outcomes: list[Any] = [None] * len(deeds)

    def run(number: int, deed: Callable[[], Any]) -> None:
        with app.app_context():
            gate.wait(timeout=20)
            try:
                with writing():
                    deed()
                outcomes[number] = "done"
            except RuleBroken as refusal:
                outcomes[number] = str(refusal)
            except BaseException as error:
                outcomes[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    for outcome in outcomes:
        if isinstance(outcome, BaseException):
            raise outcome
    return outcomes
