"""Several people doing something at the same moment: threads, each with a session and a database connection of its own."""

import threading
from collections.abc import Callable
from typing import Any

from flask import Flask

from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing


def endings(app: Flask, *deeds: Callable[[], Any]) -> list[str]:
    """:func:`at_once`, where only the end matters: per deed ``"done"`` or the refusal's sentence."""
    return [str(outcome) if isinstance(outcome, RuleBroken) else "done" for outcome in at_once(app, *deeds)]


def at_once(app: Flask, *deeds: Callable[[], Any]) -> list[Any]:
    """Run each of ``deeds`` in a write unit of its own, all begun together; per deed what it returned, or the RuleBroken.

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
                    outcomes[number] = deed()
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
        if isinstance(outcome, BaseException) and not isinstance(outcome, RuleBroken):
            raise outcome
    return outcomes
