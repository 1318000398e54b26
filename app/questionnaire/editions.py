"""The questions of each book year: seeded from the year before or from questions.toml, changed until a report exists."""

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from typing import Any

from flask import current_app
from sqlalchemy import exists, select

from app.accounts.models import User
from app.audit.services import record
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.core.upsert import insert_into
from app.questionnaire.checks import standard_checks
from app.questionnaire.models import Edition, Report
from app.questionnaire.queries import edition_of, questionnaire_of
from app.questionnaire.question import Question
from app.questionnaire.questions import Questionnaire, standard

MONTH_DAY = re.compile(r"(\d{1,2})-(\d{1,2})")


def fingerprint(questions: Mapping[str, Any], checks: list[Any]) -> str:
    """SHA-256 of what an edition asks and checks: equal content, equal digest."""
    canonical = json.dumps([questions, checks], sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("ascii")).hexdigest()


def day_of(setting: str, year: int) -> date:
    """The day in ``year`` that a ``MM-DD`` setting names; 29 February falls back to the 28th. Raises RuleBroken."""
    written = str(current_app.config[setting]).strip()
    match = MONTH_DAY.fullmatch(written)
    if match:
        month, day = int(match[1]), int(match[2])
        if (month, day) == (2, 29):
            day = 28
        try:
            return date(year, month, day)
        except ValueError:
            pass
    raise RuleBroken(
        N_('SIMPUL_%(setting)s berisi "%(written)s". Isi bulan dan tanggal, misalnya 04-30.'),
        setting=setting,
        written=written,
    )


def name_of(edition: Edition, question: Question | None = None) -> str:
    """How the trail calls an edition, or one question of it: people search for either."""
    return f"Kuesioner {edition.year}" + (f": {question.label}" if question else "")


def _content(questions: Mapping[str, Any], checks: list[Any]) -> dict[str, Any]:
    return {"questions": questions, "checks": checks, "digest": fingerprint(questions, checks)}


@cache
def _standard_content() -> dict[str, Any]:
    """What questions.toml asks; to be stored, never changed."""
    return _content(standard().to_json(), standard_checks())


def edition_for(year: int) -> Edition:
    """The edition of book year ``year``; made from the latest earlier one, else from questions.toml, where there is none.

    Two units at once end with one edition.
    """
    if found := edition_of(year):
        return found
    earlier = db.session.scalars(
        select(Edition).where(Edition.year < year).order_by(Edition.year.desc()).limit(1)
    ).one_or_none()
    values = {
        "year": year,
        **(_content(earlier.questions, earlier.checks) if earlier else _standard_content()),
        "opens": day_of("REPORT_OPENS", year + 1),
        "deadline": day_of("REPORT_DEADLINE", year + 1),
        "closes": day_of("REPORT_CLOSES", year + 1),
    }
    db.session.execute(insert_into(Edition).values(**values).on_conflict_do_nothing(index_elements=["year"]))
    made = edition_of(year)
    if made is None:  # pragma: no cover - the insert or the other unit's has just put it there
        raise RuntimeError("an edition vanished")
    record("edition.created", kind="edition", subject_id=made.id, name=name_of(made), after={"year": year})
    return made


def ensure_editions(today: date) -> list[Edition]:
    """The edition that cooperatives fill in on ``today``, and the next one, for staff to prepare. Both are made if missing.

    The book year that is reported on is the one before ``today``'s year, or the one before that until its form opens.
    """
    last = today.year - 1
    current = last if day_of("REPORT_OPENS", today.year) <= today else last - 1
    editions = [edition_for(current), edition_for(current + 1)]
    if editions[0].opens <= today:  # staff may have put it off
        publish(editions[0])
    return editions


def publish(edition: Edition) -> None:
    """From now on ``edition`` is what cooperatives will see; doing it again changes nothing."""
    if edition.published_at is None:
        edition.published_at = now()
        db.session.flush()
        record("edition.published", kind="edition", subject_id=edition.id, name=name_of(edition))


def has_reports(edition: Edition) -> bool:
    """Whether somebody has begun a report of ``edition``, which freezes it."""
    return bool(db.session.scalar(select(exists().where(Report.edition_id == edition.id))))


def add_question(edition: Edition, question: Mapping[str, Any], *, by: User | None = None) -> Questionnaire:
    """Ask one more question in ``edition``, or replace the one that has its code.

    Its field, export column and kept total follow from the data. Raises RuleBroken when a report of the edition exists, or
    when the question is not sound.
    """
    held = db.session.scalars(
        select(Edition)
        .where(Edition.id == edition.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
    if has_reports(held):
        raise RuleBroken(
            N_("Kuesioner tahun buku %(year)s sudah dipakai. Ubah kuesioner tahun berikutnya."),
            year=held.year,
        )
    before = questionnaire_of(held)
    after = before.with_question(question)
    code = str(question["code"])
    held.questions = after.to_json()
    held.digest = fingerprint(held.questions, held.checks)
    db.session.flush()
    record(
        "edition.changed",
        kind="edition",
        subject_id=held.id,
        name=name_of(held),
        before={code: before.by_code[code].to_json()} if code in before.by_code else {},
        after={code: after.by_code[code].to_json() if code in after.by_code else {"retired": True}},
    )
    return after
