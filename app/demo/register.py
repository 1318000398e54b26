"""The register rows of the fictional cooperatives, with what each approval changed in them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from app.audit.services import OFFICE
from app.cooperatives.derived import derived
from app.cooperatives.models import Listing
from app.cooperatives.registering import ADOPTED, clean, slugs_for
from app.core.text import N_
from app.demo.records import DemoCooperative, DemoEvent, DemoReport
from app.demo.rows import Row, note
from app.questionnaire import answers as reading
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import EventKind, Origin
from app.regions.rules import Region

ENTERED = N_("Masuk register")
DISSOLVED = N_("Bubar menurut keputusan %(decree)s tanggal %(day)s")


def approvals(cooperative: DemoCooperative) -> Iterator[tuple[DemoReport, DemoEvent]]:
    """Every approval, oldest first."""
    for report in cooperative.reports:
        yield from ((report, event) for event in report.events if event.kind is EventKind.APPROVED)


class Entry:
    """One cooperative in the register: ``row`` for its table, and ``notes`` for its timeline.

    The register begins with what its first approved report says, and takes over what each later one says.
    """

    def __init__(
        self,
        cooperative: DemoCooperative,
        *,
        entered: datetime,
        now: datetime,
        asked: Questionnaire,
        region: Region,
    ) -> None:
        self.cooperative, self.asked = cooperative, asked
        self.notes: list[Row] = [note(entered, "added", ENTERED, {}, OFFICE)]
        self.known: dict[str, Any] = dict(cooperative.identity)
        self.last_rat: str | None = None
        approved = [
            (report, min(event.at, now), self._adopted(report, event))
            for report, event in approvals(cooperative)
        ]
        if approved:
            self.known |= approved[0][2]
        for report, at, values in approved:
            self._adopt(report, at, values)
        if not approved and not _tells(cooperative):
            self.last_rat = cooperative.last_rat.isoformat() if cooperative.last_rat else None
        self.row = self._row(entered, region)

    def _adopted(self, report: DemoReport, event: DemoEvent) -> dict[str, Any]:
        answers = reading.apply(self.asked, {}, event.answers)
        values = reading.register_values(self.asked, answers)
        if report.origin is Origin.IMPORTED:
            values = {code: value for code, value in values.items() if value is not None}
        rat = answers.get("tanggal_rat")
        return values | ({"last_rat": rat} if rat else {})

    def _adopt(self, report: DemoReport, at: datetime, values: dict[str, Any]) -> None:
        rat = values.pop("last_rat", None)
        changed = [code for code, value in values.items() if value != self.known.get(code)]
        self.known |= values
        if rat and (self.last_rat is None or rat > self.last_rat):
            self.last_rat = rat
            changed.append("last_rat")
        if changed:
            params = {"year": report.year, "codes": changed}
            self.notes.append(note(at, "changed", ADOPTED, params, OFFICE))

    def _row(self, entered: datetime, region: Region) -> Row:
        gone = self.cooperative.dissolution
        values = clean({code: self.known.get(code) for code in self.asked.register_codes})
        if gone:
            at = max(entered, datetime.combine(gone.on + timedelta(days=7), time(3), UTC))
            told = {"decree": gone.number, "day": gone.on.isoformat()}
            self.notes.append(note(at, "dissolved", DISSOLVED, told, OFFICE))
        return {
            **values,
            **derived(values, region),
            "listing": Listing.LISTED,
            "is_demo": True,
            "region": region.code,
            "created_at": entered,
            "last_rat": date.fromisoformat(self.last_rat) if self.last_rat else None,
            "last_report_year": last_report_year(self.cooperative),
            "dissolved_on": gone.on if gone else None,
            "dissolved_decree": gone.number if gone else None,
        }


def _tells(cooperative: DemoCooperative) -> bool:
    """Whether the RAT that the office knows of stands in a report that it has not approved: not for the register yet."""
    known = cooperative.last_rat.isoformat() if cooperative.last_rat else None
    return any(report.answers.get("tanggal_rat") == known for report in cooperative.reports)


def last_report_year(cooperative: DemoCooperative) -> int | None:
    """The latest book year with a report that was filed, or approved."""
    counted = [
        report.year
        for report in cooperative.reports
        for event in report.events
        if event.kind is EventKind.APPROVED
        or (event.kind is EventKind.SUBMITTED and report.origin is not Origin.IMPORTED)
    ]
    return max(counted, default=None)


def give_addresses(rows: list[Row], taken: set[str]) -> None:
    """Each row's slug: the first for its name that nobody has."""
    for row in rows:
        row["slug"] = next(slug for slug in slugs_for(row["nama_koperasi"]) if slug not in taken)
        taken.add(row["slug"])
