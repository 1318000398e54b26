"""The page of a person's reports: for each cooperative how this year stands and what to do next, and the years before."""

from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from app.accounts.models import User
from app.cooperatives.models import Cooperative, Membership
from app.cooperatives.queries import memberships_of
from app.core.formatting import long_date
from app.core.i18n import _
from app.questionnaire.extensions import deadline, every_extension_of
from app.questionnaire.models import Edition, Extension, Receipt, Report, ReportEvent
from app.questionnaire.queries import (
    current_edition,
    last_events,
    open_editions,
    receipts_of,
    reports_of_many,
)
from app.questionnaire.rules import EventKind, Origin, Status

URGENCY = {"returned": 0, "draft": 1, "missing": 2}  # what waits for the cooperative comes first


@dataclass(frozen=True)
class Line:
    """One year of one cooperative."""

    report: Report
    url: str
    receipt: Receipt | None

    @property
    def imported(self) -> bool:
        """Whether the year is only what a file of the office says."""
        return self.report.origin is Origin.IMPORTED and self.report.status is Status.DRAFT


@dataclass(frozen=True)
class Card:
    """One cooperative of the person."""

    membership: Membership
    edition: Edition | None
    report: Report | None  # of the edition's year
    returned: ReportEvent | None
    receipts: list[Receipt]
    earlier: list[Line]
    today: date
    extension: Extension | None = None

    @property
    def cooperative(self) -> Cooperative:
        return self.membership.cooperative

    @property
    def dissolved(self) -> bool:
        return self.cooperative.dissolved_on is not None

    @property
    def state(self) -> str:
        if self.report is None or (
            self.report.origin is Origin.IMPORTED and self.report.status is Status.DRAFT
        ):
            return "missing"
        return self.report.status.value

    @property
    def open(self) -> bool:
        """Whether the form takes drafts today."""
        return self.edition is not None and self.edition.opens <= self.today <= self.closes

    @property
    def closes(self) -> date:
        """The last day for this cooperative."""
        given = self.extension.until if self.extension else date.min
        return max(self.edition.closes, given) if self.edition else date.min

    @property
    def url(self) -> str:
        year = self.edition.year if self.edition else 0
        return url_for("questionnaire.fill", slug=self.cooperative.slug, year=year)

    @property
    def action(self) -> tuple[str, bool]:
        """The words of the one button, and whether it is what the person should do now."""
        if self.state == "returned":
            return _("Perbaiki laporan"), True
        if (
            self.state in {"submitted", "approved"}
            or not self.open
            or (self.dissolved and self.report is None)
        ):
            return _("Lihat laporan"), False
        return (_("Isi laporan") if self.state == "missing" else _("Lanjutkan mengisi")), True

    @property
    def waits(self) -> bool:
        """Whether the cooperative has something to do here now."""
        if self.state == "returned":
            return True
        return self.state in {"draft", "missing"} and self.open and not self.dissolved

    @property
    def has_page(self) -> bool:
        """Whether there is something to open: an open form, or a report."""
        return self.report is not None or (self.open and not self.dissolved)

    @property
    def advice(self) -> str:
        """What the state means, and until when."""
        if self.edition is None:
            return ""
        if self.dissolved and self.state in {"draft", "missing"}:
            return _("Koperasi ini tercatat bubar, jadi tidak perlu melapor.")
        if self.state == "submitted":
            return _("Petugas akan memeriksanya. Tidak ada yang perlu Anda lakukan sekarang.")
        if self.state == "approved":
            return _("Laporan tahun ini selesai.")
        if self.state == "returned":
            return _("Perbaiki pertanyaan yang ditandai, lalu kirim lagi.")
        return self._until()

    def _until(self) -> str:
        if self.edition is None or self.today > self.closes:
            return _("Pengisian sudah ditutup. Hubungi kantor bila masih perlu melapor.")
        due = deadline(self.edition, self.extension)
        last, closes = long_date(due), long_date(self.closes)
        left = (due - self.today).days
        if left < 0:
            return _(
                "Batas %(deadline)s sudah lewat. Laporan masih diterima sampai %(closes)s.",
                deadline=last,
                closes=closes,
            )
        if left == 0:
            return _("Batas melapor hari ini, %(deadline)s.", deadline=last)
        return _("Batas melapor %(deadline)s, %(days)s hari lagi.", deadline=last, days=left)


@dataclass(frozen=True)
class _Known:
    """What was read for all cards together."""

    edition: Edition | None
    former: list[Edition]  # still open for somebody
    receipts: dict[int, list[Receipt]]
    returns: dict[int, ReportEvent]
    extensions: dict[tuple[int, int], Extension]
    today: date


def cards_of(user: User, today: date) -> list[Card]:
    """A card for each cooperative for which ``user`` may act, and for each former year that still waits for it: what waits comes
    first, then by name. The number of queries does not grow with them."""
    memberships = memberships_of(user)
    if not memberships:
        return []
    edition = current_edition(today)
    reports = reports_of_many([membership.cooperative_id for membership in memberships])
    ids = [report.id for found in reports.values() for report in found]
    extensions = every_extension_of(list(reports))
    extended = {year for (_owner, year), given in extensions.items() if given.until >= today}
    known = _Known(
        edition=edition,
        former=open_editions(today, before=edition.year, extended=extended) if edition else [],
        receipts=receipts_of(ids),
        returns=last_events(ids, EventKind.RETURNED, EventKind.REOPENED),
        extensions=extensions,
        today=today,
    )
    cards = [card for one in memberships for card in _cards(one, reports[one.cooperative_id], known)]
    return sorted(cards, key=lambda card: URGENCY.get(card.state, len(URGENCY)))


def _cards(membership: Membership, reports: list[Report], known: _Known) -> list[Card]:
    """The former years that wait for this cooperative, then the one that all report on now, with the rest below it."""
    now = known.edition.year if known.edition else None
    back = {report.year: report.edition for report in reports if report.status is Status.RETURNED}
    years = {edition.year: edition for edition in known.former} | back
    former = [
        _card(membership, years[year], reports, known) for year in sorted(years, reverse=True) if year != now
    ]
    waiting = [card for card in former if card.waits]
    shown = {card.report.id for card in waiting if card.report}
    current = _card(membership, known.edition, reports, known)
    earlier = [
        Line(
            report,
            url_for("questionnaire.fill", slug=membership.cooperative.slug, year=report.year),
            known.receipts[report.id][0] if known.receipts[report.id] else None,
        )
        for report in reports
        if report is not current.report and report.id not in shown
    ]
    return [*waiting, replace(current, earlier=earlier)]


def _card(membership: Membership, edition: Edition | None, reports: list[Report], known: _Known) -> Card:
    """One year of one cooperative."""
    report = next((one for one in reports if edition and one.year == edition.year), None)
    owner = membership.cooperative_id
    return Card(
        membership=membership,
        edition=edition,
        report=report,
        returned=known.returns.get(report.id) if report and report.status is Status.RETURNED else None,
        receipts=known.receipts[report.id] if report else [],
        earlier=[],
        today=known.today,
        extension=known.extensions.get((owner, edition.year)) if edition else None,
    )
