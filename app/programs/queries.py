"""Finding programmes: one, those that everybody may read, those that wait to be announced."""

import re
from collections.abc import Iterable
from datetime import datetime

from flask import url_for
from sqlalchemy import ColumnElement, and_, case, false, func, or_, select

from app.audit.models import TrailEntry
from app.core.database import now, today
from app.core.extensions import db
from app.core.hits import Hit, PublicPage
from app.core.i18n import _, say
from app.core.markdown import plain
from app.core.search import find
from app.programs.models import Program
from app.programs.rules import KINDS, Standing, State
from app.programs.times import local, said

SLUG = re.compile(r"[a-z0-9-]{1,120}")
FEED_LENGTH = 30


def public_condition(moment: datetime) -> ColumnElement[bool]:
    """What :func:`app.programs.rules.is_public` says, as SQL."""
    return or_(
        Program.state == State.PUBLISHED,
        and_(Program.state == State.SCHEDULED, Program.publish_at <= moment),
    )


def open_condition(moment: datetime) -> ColumnElement[bool]:
    """Public, and somebody can still join."""
    return and_(public_condition(moment), Program.closes_at > moment)


def over_condition(moment: datetime) -> ColumnElement[bool]:
    """What :func:`app.programs.rules.over_at` says, as SQL: there is nothing left to come."""
    starts, deadline = Program.starts_at, Program.deadline
    later = case((or_(deadline.is_(None), starts > deadline), starts), else_=deadline)
    return func.coalesce(func.coalesce(Program.ends_at, later) <= moment, false())


def program_by_slug(slug: str) -> Program | None:
    """The programme at this address, whether everybody may read it or not."""
    if not SLUG.fullmatch(slug):
        return None
    return db.session.scalars(select(Program).where(Program.slug == slug)).one_or_none()


def program_by_id(id_: int) -> Program | None:
    """One programme."""
    return db.session.get(Program, id_)


def newest(limit: int) -> list[Program]:
    """The programmes that can be joined, the latest published first: for the home page."""
    query = select(Program).where(open_condition(now()))
    return list(db.session.scalars(query.order_by(Program.publish_at.desc(), Program.id.desc()).limit(limit)))


def closing_next(limit: int) -> list[Program]:
    """The programmes that can be joined, what closes first first."""
    query = select(Program).where(open_condition(now()))
    return list(db.session.scalars(query.order_by(Program.closes_at, Program.id).limit(limit)))


def for_feed() -> list[Program]:
    """What the feed names: every public programme, the latest published first."""
    query = select(Program).where(public_condition(now()))
    ordered = query.order_by(Program.publish_at.desc(), Program.id.desc())
    return list(db.session.scalars(ordered.limit(FEED_LENGTH)))


def to_announce(limit: int = 50) -> list[Program]:
    """Public programmes, scheduled ones among them, whose people were not told yet; the earliest published first."""
    query = select(Program).where(public_condition(now()), Program.announced_at.is_(None))
    return list(db.session.scalars(query.order_by(Program.publish_at, Program.id).limit(limit)))


def draft_count() -> int:
    """How many drafts wait for their editor."""
    query = select(func.count()).select_from(Program).where(Program.state == State.DRAFT)
    return db.session.scalar(query) or 0


def hits(q: str, limit: int) -> list[Hit]:
    """Public programmes that ``q`` may mean, best first; what can still be joined before what is over."""
    moment = now()
    ids = find("program", q, where=[public_condition(moment)], limit=limit)
    rows = {row.id: row for row in db.session.scalars(select(Program).where(Program.id.in_(ids)))}
    found = [rows[id_] for id_ in ids if id_ in rows]
    found.sort(key=lambda row: row.closes_at <= moment)
    return [hit_of(row) for row in found]


def hit_of(program: Program) -> Hit:
    """One programme as a search shows it."""
    return Hit(
        kind="program",
        title=program.title,
        url=url_for("programs.show", slug=program.slug),
        text=f"{program.summary} {plain(program.body)}"[:2000],
        note=_note_of(program),
        keywords=say(KINDS.get(program.kind, "")),
    )


def _note_of(program: Program) -> str:
    match program.standing:
        case Standing.OVER:
            return _("Sudah selesai")
        case Standing.RUNNING:
            return _("Pendaftaran sudah ditutup")
        case _ if program.deadline:
            return _("Batas %(day)s", day=said(program.deadline))
        case _:
            return say(KINDS.get(program.kind, ""))


def public_pages() -> Iterable[PublicPage]:
    """The addresses that search engines may know."""
    query = select(Program.slug, Program.changed_at).where(public_condition(now()))
    yield PublicPage(url_for("programs.index"))
    for slug, changed in db.session.execute(query.order_by(Program.id)):
        yield PublicPage(url_for("programs.show", slug=slug), local(changed).date())


def revision() -> str:
    """Changes with every change of a programme (all are on the trail), with the day, and when the clock opens or closes one."""
    moment = now()
    latest = select(TrailEntry.digest).order_by(TrailEntry.id.desc()).limit(1).scalar_subquery()
    opened = select(func.count()).where(public_condition(moment)).scalar_subquery()
    closed = (
        select(func.count()).where(public_condition(moment), Program.closes_at <= moment).scalar_subquery()
    )
    over = select(func.count()).where(public_condition(moment), Program.ends_at <= moment).scalar_subquery()
    return " ".join(map(str, (*db.session.execute(select(latest, opened, closed, over)).one(), today())))
