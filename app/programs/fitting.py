"""*Cocok untuk Anda*: which programmes fit those for whom a person acts, why, and how they can take part."""

from dataclasses import dataclass, field
from typing import Any

from flask import g, url_for
from flask_login import current_user
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.signals import Panel, own_page_shown
from app.core.database import now
from app.core.extensions import db
from app.core.i18n import say
from app.programs.applicants import Applicant, applicants_of
from app.programs.application_models import ProgramApplication
from app.programs.application_queries import Counts, counts_of, mine
from app.programs.application_rules import BADGES, OPEN, PROGRESS_NAMES
from app.programs.models import Program
from app.programs.queries import open_condition
from app.programs.screens import closing_text
from app.programs.targeting import FACTS, Fit, target_of, words
from app.programs.targeting_rules import Subject, Words, match, reasons

ORDER = 50
LOOKED_AT = 60  # open programmes, what closes first first
SHOWN = 4


@dataclass(frozen=True)
class Reason:
    """For whom a programme fits, and why; no reasons: it is for all of their kind."""

    name: str
    reasons: list[str]


@dataclass(frozen=True)
class Offer:
    """A programme that fits."""

    program: Program
    url: str
    closes: str
    fits: list[Reason]


@dataclass(frozen=True)
class Joining:
    """How the reader of a programme's page can take part in it."""

    open: bool
    url: str
    counts: Counts | None
    fits: list[Reason] = field(default_factory=list)
    applied: list[ProgramApplication] = field(default_factory=list)


def offers(subject: Subject, facts: dict[int, Fit], *, token: str = "") -> list[Offer]:
    """The open programmes that fit at least one of ``facts``, what closes first first; one query.

    For the holder of a secret link, ``token``, what takes applications leads to the form that the link opens.
    """
    query = (
        select(Program).where(open_condition(now())).order_by(Program.closes_at, Program.id).limit(LOOKED_AT)
    )
    found, moment, told = [], now(), words()
    for program in db.session.scalars(query):
        if subject.value not in program.audience:
            continue
        fits = _reasons(program, subject, facts, told)
        if fits:
            by_link = token and program.takes_applications
            url = (
                url_for("link_applications.form", token=token, slug=program.slug)
                if by_link
                else url_for("programs.show", slug=program.slug)
            )
            found.append(Offer(program, url, closing_text(program, moment), fits))
    return found


def _reasons(program: Program, subject: Subject, facts: dict[int, Fit], told: Words) -> list[Reason]:
    rules = target_of(program.target).get(subject.value, {})
    return [
        Reason(fit.name, [say(one) for one in reasons(subject, rules, fit.facts, told)])
        for fit in facts.values()
        if match(rules, fit.facts) is True
    ]


@own_page_shown.connect
def fits_you(person: User | None, *, kind: str, ids: list[int], token: str = "") -> Panel | None:
    """On a person's own page: the programmes that fit, and where their applications stand."""
    subject = Subject(kind)
    applications = (
        [one for one in mine(person) if one.state in OPEN and one.program.is_public] if person else []
    )
    taken = {one.program_id for one in applications}
    found = offers(subject, FACTS[subject](ids), token=token)
    fitting = [one for one in found if one.program.id not in taken]
    if not fitting and not applications:
        return None
    shown = {
        "by_link": bool(token),
        "offers": fitting[:SHOWN],
        "applications": applications[:SHOWN],
        "names": PROGRESS_NAMES,
        "badges": BADGES,
    }
    return Panel(ORDER, "programs/parts/own_panel.html", shown)


def joining(program: Program) -> Joining:
    """What a programme's page says about taking part; drawn twice on it, asked once."""
    known: dict[int, Joining] = g.setdefault("program_joining", {})
    if program.id not in known:
        known[program.id] = _joining(program)
    return known[program.id]


def _joining(program: Program) -> Joining:
    takes = program.takes_applications and program.can_be_joined
    url = url_for("applications.form", slug=program.slug) if takes else ""
    counts = counts_of(program) if program.takes_applications else None
    if not current_user.is_authenticated or current_user.is_staff:
        return Joining(takes, url, counts)
    applicants = [one for one in applicants_of(current_user) if one.subject.value in program.audience]
    applied = [one for one in mine(current_user) if one.program_id == program.id]
    return Joining(takes, url, counts, _fits(program, applicants), applied)


def _fits(program: Program, applicants: list[Applicant]) -> list[Reason]:
    found: list[Reason] = []
    told = words()
    for subject in Subject:
        facts: dict[int, Any] = {one.id: one.fit for one in applicants if one.subject is subject}
        found += _reasons(program, subject, facts, told)
    return found
