"""Counting visits: from the request to the sums in memory, and from there to the database."""

import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask, Response, current_app, request, session
from flask_login import current_user
from sqlalchemy import delete, update

from app.core import visiting
from app.core.caching import pages_of
from app.core.database import today
from app.core.extensions import db
from app.core.i18n import DEFAULT, locale
from app.core.upsert import insert_into
from app.core.writing import writing
from app.enterprises.models import Enterprise
from app.enterprises.signals import enterprise_erased
from app.insights.counting import Sums, Tally, Visits, agent_of
from app.insights.models import MissedSearch, PageTitle, VisitCount
from app.insights.rules import FORGET_AFTER, LONGEST_PAGE, MINUTE_KEYS, device_of, source_of, words_kept

KEY = "simpul.visits"
SAME_DAY = 30.0  # seconds after which the calendar is looked at again
TOGETHER = 500  # rows of one statement
HEAD = 4000  # bytes of a page among which its title stands
TITLE, TITLE_END = b"<title>", b" \xe2\x80\x93 Simpul</title>"


class Counter:
    """What counts the visits of one application."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.begin()

    def begin(self) -> None:
        """As if nobody had come yet; what was counted and not written is forgotten."""
        self.tally = Tally()
        self._titles: dict[str, str] = {}
        self._day = date.min
        self._until = 0.0

    def day(self) -> date:
        """The office's day; looked up now and then, not at each visit."""
        moment = time.monotonic()
        if moment >= self._until:
            zone = ZoneInfo(self.app.config["TIMEZONE"])
            self._day, self._until = datetime.now(zone).date(), moment + SAME_DAY
        return self._day

    def count(self, page: str, missed: str, environ: Mapping[str, Any], language: str = DEFAULT) -> None:
        """Count one visit of ``page`` if a person reads it."""
        device = device_of(agent_of(environ))
        if device is None:
            return
        source = source_of(environ.get("HTTP_REFERER", ""), environ.get("HTTP_HOST", ""))
        day = self.day()
        self.tally.visit(Visits(day, page[:LONGEST_PAGE], device, source, language))
        if missed and (words := words_kept(missed)):
            self.tally.missed(day, words)

    def after(self, response: Response) -> Response:
        """After each request: count it, unless the office's own people look at their site."""
        page = visiting.page_name(response)
        if page and not _is_staff():
            self.count(page, visiting.missed_search(), request.environ, locale())
            if locale() == DEFAULT and not request.query_string:
                self._note_title(page[:LONGEST_PAGE], title_of(response))
        return response

    def _note_title(self, page: str, title: str) -> None:
        if title and self._titles.get(page) != title:
            if len(self._titles) > MINUTE_KEYS:
                self._titles.clear()
            self._titles[page] = title
            self.tally.title(page, title)


def _is_staff() -> bool:
    return bool(session.get("_user_id")) and current_user.is_authenticated and bool(current_user.is_staff)


def title_of(response: Response) -> str:
    """What a page calls itself, read off its head; empty where it does not say."""
    if response.is_streamed or "Content-Encoding" in response.headers:
        return ""
    head = response.get_data()[:HEAD]
    start, end = head.find(TITLE), head.find(TITLE_END)
    return unescape(head[start + len(TITLE) : end].decode(errors="ignore"))[:200] if 0 <= start < end else ""


def watch(app: Flask) -> None:
    """Count the visits of ``app``. The factory calls it."""
    counter = app.extensions[KEY] = Counter(app)
    app.after_request(counter.after)
    pages_of(app).visited = counter.count


def counter_of(app: Flask) -> Counter:
    """What counts the visits of ``app``."""
    counter: Counter = app.extensions[KEY]
    return counter


def searched(wanted: str, found: int) -> None:
    """Somebody searched the public site for ``wanted``; what finds nothing is counted with the visit."""
    if not found:
        visiting.missed(wanted)


def flush() -> None:
    """Write what was counted to the database; what cannot be written now waits for the next time."""
    tally = counter_of(current_app).tally
    if not tally.waits:
        return
    sums = tally.take()
    try:
        with writing():
            keep(sums)
    except BaseException:
        tally.give_back(sums)
        raise


def keep(sums: Sums) -> None:
    """Add ``sums`` to those of the days, and forget searches of long ago."""
    visits = [
        {**key._asdict(), "visits": times, "is_demo": False} for key, times in sorted(sums.visits.items())
    ]
    _add(VisitCount, visits, ["day", "page", "device", "source", "language", "is_demo"], "visits")
    missed = [
        {"day": day, "words": words, "times": times, "is_demo": False}
        for (day, words), times in sorted(sums.missed.items())
    ]
    _add(MissedSearch, missed, ["day", "words", "is_demo"], "times")
    for page, title in sorted(sums.titles.items()):
        statement = insert_into(PageTitle).values(page=page, title=title)
        db.session.execute(statement.on_conflict_do_update(index_elements=["page"], set_={"title": title}))
    db.session.execute(delete(MissedSearch).where(MissedSearch.day < today() - timedelta(FORGET_AFTER)))


def _add(model: Any, rows: list[dict[str, Any]], key: list[str], sum_: str) -> None:
    """Put ``rows`` into the table, or their sums onto those that are there."""
    for start in range(0, len(rows), TOGETHER):
        statement = insert_into(model).values(rows[start : start + TOGETHER])
        sums = {sum_: getattr(model, sum_) + statement.excluded[sum_]}
        db.session.execute(statement.on_conflict_do_update(index_elements=key, set_=sums))


@enterprise_erased.connect
def forget_name(enterprise: Enterprise, *, slug: str) -> None:
    """How often the page of a UKM was read is kept; what it was called is not, once its owner has it erased."""
    old, new = f"/ukm/{slug}", f"/ukm/{enterprise.slug}"
    counter_of(current_app).tally.rename(old, new)
    db.session.execute(delete(PageTitle).where(PageTitle.page == old))
    db.session.execute(
        update(VisitCount)
        .where(VisitCount.page == old)
        .values(page=new)
        .execution_options(synchronize_session=False)
    )
