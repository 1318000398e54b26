"""A report that is being filled in, with everything that the pages of its form need, read once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import MAXYEAR, date
from functools import cached_property
from typing import Any

from flask import url_for
from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import contains_eager, load_only

from app.cooperatives.models import Cooperative, Membership, MembershipState
from app.core.database import today
from app.core.extensions import db
from app.core.i18n import say
from app.questionnaire import answers as reading
from app.questionnaire.extensions import last_day
from app.questionnaire.findings import Finding
from app.questionnaire.models import Edition, Report
from app.questionnaire.office_places import places
from app.questionnaire.queries import LastYear, history_condition, questionnaire_of
from app.questionnaire.questions import Questionnaire, standard
from app.questionnaire.rules import Status, editable_codes
from app.questionnaire.suggestions import suggestions


@dataclass(frozen=True)
class Filling:
    """One cooperative, one book year, and the member at the keyboard."""

    slug: str
    year: int
    membership: Membership
    edition: Edition
    report: Report | None
    last: LastYear | None
    today: date

    @property
    def keeps(self) -> bool:
        """Whether what is typed is kept here; not so in practice."""
        return True

    @property
    def cooperative(self) -> Cooperative:
        return self.membership.cooperative

    @cached_property
    def questionnaire(self) -> Questionnaire:
        return questionnaire_of(self.edition)

    @property
    def status(self) -> Status | None:
        return self.report.status if self.report else None

    @property
    def answers(self) -> Mapping[str, Any]:
        return self.report.answers if self.report else {}

    @cached_property
    def last_day(self) -> date:
        """Until when this cooperative may fill in."""
        return last_day(self.edition, self.membership.cooperative_id, self.today)

    @cached_property
    def open_codes(self) -> frozenset[str]:
        """The questions that may be answered now; none outside the edition's dates, of a dissolved cooperative …"""
        if self.report is not None and self.report.status is Status.RETURNED:
            return editable_codes(self.questionnaire, self.report.status, self.report.open_codes)
        if not self.edition.opens <= self.today <= self.last_day:
            return frozenset()
        if self.report is None and self.cooperative.dissolved_on is not None:
            return frozenset()
        return editable_codes(self.questionnaire, self.report.status if self.report else Status.DRAFT, ())

    @property
    def findings(self) -> list[Finding]:
        return [Finding.from_json(stored) for stored in self.report.findings] if self.report else []

    @cached_property
    def progress(self) -> list[reading.SectionProgress]:
        """How far each section is."""
        return reading.progress(self.questionnaire, self.answers)

    @cached_property
    def sections(self) -> tuple[int, ...]:
        """The sections in which something can be answered now."""
        open_now = self.open_codes
        numbers = {question.section for question in self.questionnaire.questions if question.code in open_now}
        return tuple(sorted(numbers))

    @cached_property
    def first_section(self) -> int | None:
        """Where to go on: the first section never saved or still lacking an answer; None when all is answered."""
        saved = self.report.sections if self.report else {}
        returned = self.status is Status.RETURNED
        for part in self.progress:
            number = part.section.number
            missing = any(question.code in self.open_codes for question in part.unanswered)
            if number in self.sections and (missing or (not returned and str(number) not in saved)):
                return number
        return self.sections[0] if returned and self.sections else None

    def address(self, section: int | None = None, anchor: str = "", **more: Any) -> str:
        """The address of the form, or of one of its sections."""
        return url_for(
            "questionnaire.fill",
            slug=self.slug,
            year=self.year,
            bagian=section,
            _anchor=anchor or None,
            **more,
        )

    def saving(self, section: int, **more: Any) -> str:
        """Where a page of the form that shows ``section`` sends by itself what is typed into it."""
        return url_for("questionnaire.autosave", slug=self.slug, year=self.year, bagian=section, **more)


OWN = (
    select(Membership, Edition, Report)
    .join(Membership.cooperative)
    .join(Edition, Edition.year == bindparam("year"))
    .outerjoin(
        Report,
        and_(
            Report.cooperative_id == Membership.cooperative_id,
            or_(Report.year == Edition.year, and_(Report.year < Edition.year, history_condition())),
        ),
    )
    .options(
        load_only(Membership.position, Membership.cooperative_id),
        contains_eager(Membership.cooperative).load_only(
            Cooperative.slug,
            Cooperative.nama_koperasi,
            Cooperative.dissolved_on,
            *(getattr(Cooperative, code) for code in standard().register_codes),  # what a fresh form offers
        ),
    )
    .where(
        Cooperative.slug == bindparam("slug"),
        Membership.user_id == bindparam("user_id"),
        Membership.state == MembershipState.ACTIVE,
    )
    .order_by(Report.year.desc())
    .limit(2)
)


def own_report(
    user_id: int, slug: str, year: int
) -> tuple[Membership, Edition, Report | None, LastYear | None] | None:
    """What a member's form needs, in one query that is prepared once: every page of the form begins with it.

    The membership with its cooperative, the edition of ``year``, the report of it, and the latest earlier report that serves
    as history. None when the person may not act for the cooperative at ``slug``, or when the year has no edition.
    """
    rows = db.session.execute(OWN, {"user_id": user_id, "slug": slug, "year": year}).all()
    if not rows:
        return None
    found: list[Report] = [row[2] for row in rows if row[2] is not None]
    report = found.pop(0) if found and found[0].year == year else None
    last = LastYear(found[0].year, found[0].answers) if found else None
    return rows[0][0], rows[0][1], report, last


def find_filling(user_id: int, slug: str, year: int) -> Filling | None:
    """The report at this address as it stands now; None unless the person may act for the cooperative in that year."""
    found = own_report(user_id, slug, year) if year <= MAXYEAR else None
    return Filling(slug, year, *found, today()) if found else None


def offered(filling: Filling) -> dict[str, Any]:
    """The answers as the form shows them: those given, and suggestions in sections that nobody has saved."""
    given = dict(filling.answers)
    saved = filling.report.sections if filling.report else {}
    if filling.status not in {None, Status.DRAFT} or len(saved) == len(filling.questionnaire.sections):
        return given
    last = filling.last.answers if filling.last else None
    found = suggestions(filling.questionnaire, filling.cooperative, last, places())
    fresh = {
        code: value
        for code, value in found.items()
        if code not in given and str(filling.questionnaire.by_code[code].section) not in saved
    }
    return reading.apply(filling.questionnaire, given, fresh) if fresh else given


def told(questionnaire: Questionnaire, finding: Finding) -> str:
    """The sentence of a finding where its question does not stand beside it: named first, unless the sentence names it."""
    text, question = say(finding.text), questionnaire.question_of(finding.field)
    label = say(question.label) if question else ""
    return text if label.casefold() in text.casefold() else f"{label}: {text}"
