"""The form as an operator fills it in for a cooperative: the same pages at a staff address."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.cooperatives.models import Cooperative, Membership
from app.core.database import today
from app.questionnaire.confirming import open_help
from app.questionnaire.filling import Filling
from app.questionnaire.models import Help
from app.questionnaire.queries import edition_of, last_answers, report_of


@dataclass(frozen=True)
class Assisted(Filling):
    """A report that an operator types, and the help that lets them."""

    help: Help | None = None

    def address(self, section: int | None = None, anchor: str = "", **more: Any) -> str:
        """The address of the staff's form, or of one of its sections."""
        return url_for(
            "helping.fill", slug=self.slug, year=self.year, bagian=section, _anchor=anchor or None, **more
        )

    def saving(self, section: int, **more: Any) -> str:
        """Where it sends by itself what is typed into it."""
        return url_for("helping.autosave", slug=self.slug, year=self.year, bagian=section, **more)


def find_assisted(cooperative: Cooperative, year: int) -> Assisted | None:
    """The report of ``cooperative`` for ``year`` as it stands; None for a year without questions."""
    edition = edition_of(year)
    if edition is None:
        return None
    report = report_of(cooperative, year)
    return Assisted(
        slug=cooperative.slug,
        year=year,
        membership=Membership(cooperative=cooperative, cooperative_id=cooperative.id, position=""),
        edition=edition,
        report=report,
        last=last_answers(cooperative, year),
        today=today(),
        help=open_help(report) if report else None,
    )
