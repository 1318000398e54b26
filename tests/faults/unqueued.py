"""The site without its queue of writers, to be measured against: ``tests.faults.unqueued:app`` waits as SQLite alone does."""

from contextlib import nullcontext

from app.core import writing

writing.turn = nullcontext

from wsgi import app  # noqa: E402 - it must not be served before that

__all__ = ["app"]
