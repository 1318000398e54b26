"""The page of a person's reports: for each cooperative how this year stands and what to do next, and the years before."""

from dataclasses import dataclass, replace
from datetime import date

from flask import url_for

from app.accounts.models import User
from app.cooperatives.models import Cooperative, Membership
from app.cooperatives.queries import memberships_of
from app.core.formatting import long_date
from app.core.i18n import _
from app.questionnaire.extensions import deadline, extensions_of
from app.questionnaire.models import Edition, Extension, Receipt, Report, ReportEvent
from app.questionnaire.queries import current_edition, last_events, receipts_of, reports_of_many
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
    def has_page(self) -> bool:
        """Whether there is something to open: an open form, or a report."""
        return self.report is not None or (self.open and not self.dissolved)

    @property
    def advice(self) -> str:
        """What the state means, and until when."""
        if self.edition is None:
            return ""
        if self.dissolved:
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


def cards_of(user: User, today: date) -> list[Card]:
    """A card for each cooperative for which ``user`` may act: what waits for them first, then by name. The number of queries does not grow with them."""
    memberships = memberships_of(user)
    if not memberships:
        return []
    edition = current_edition(today)
    reports = reports_of_many([membership.cooperative_id for membership in memberships])
    ids = [report.id for found in reports.values() for report in found]
    receipts = receipts_of(ids)
    returns = last_events(ids, EventKind.RETURNED, EventKind.REOPENED)
    extensions = extensions_of(list(reports), edition.year) if edition else {}
    cards = [
        replace(
            _card(one, edition, reports[one.cooperative_id], receipts, returns, today),
            extension=extensions.get(one.cooperative_id),
        )
        for one in memberships
    ]
    return sorted(cards, key=lambda card: URGENCY.get(card.state, len(URGENCY)))


def _card(
    membership: Membership,
    edition: Edition | None,
    reports: list[Report],
    receipts: dict[int, list[Receipt]],
    returns: dict[int, ReportEvent],
    today: date,
) -> Card:
    now = next((report for report in reports if edition and report.year == edition.year), None)
    slug = membership.cooperative.slug
    earlier = [
        Line(
            report,
            url_for("questionnaire.fill", slug=slug, year=report.year),
            receipts[report.id][0] if receipts[report.id] else None,
        )
        for report in reports
        if report is not now
    ]
    return Card(
        membership=membership,
        edition=edition,
        report=now,
        returned=returns.get(now.id) if now and now.status is Status.RETURNED else None,
        receipts=receipts[now.id] if now else [],
        earlier=earlier,
        today=today,
    )
