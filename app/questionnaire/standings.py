"""What the finished reports of a person wait for, in words for the page of their reports."""

from collections.abc import Collection
from dataclasses import dataclass

from flask import url_for
from sqlalchemy import func, select

from app.core.extensions import db
from app.core.formatting import moment
from app.core.i18n import _, say
from app.questionnaire.models import Help, Report, Signature
from app.questionnaire.rules import EDITABLE
from app.questionnaire.waiting import CHANNEL_NAMES, HelpState, SignatureState


@dataclass(frozen=True)
class Standing:
    """One sentence on what a report waits for. ``url`` leads to where it is decided, where there is something to decide."""

    kind: str
    title: str
    text: str
    url: str = ""


def standings_of(reports: Collection[Report]) -> dict[int, Standing]:
    """By report id, for those that wait or whose second signature was refused; two queries, however many there are."""
    open_now = {report.id: report for report in reports if report.status in EDITABLE}
    if not open_now:
        return {}
    found: dict[int, Standing] = {}
    for help_ in db.session.scalars(
        select(Help).where(Help.report_id.in_(open_now), Help.state == HelpState.WAITING)
    ):
        report = open_now[help_.report_id]
        if report.waits and help_.version == report.version:
            found[report.id] = _typed(help_, _url(report))
    latest = (
        select(func.max(Signature.id)).where(Signature.report_id.in_(open_now)).group_by(Signature.report_id)
    )
    for signature in db.session.scalars(select(Signature).where(Signature.id.in_(latest))):
        report = open_now[signature.report_id]
        if report.submitted_at is None or signature.signed_at > report.submitted_at:
            told = _signed(signature, report)
            if told is not None:
                found[report.id] = told
    return found


def _typed(help_: Help, url: str) -> Standing:
    return Standing(
        "info",
        _("Diketik petugas, menunggu persetujuan Anda"),
        _(
            "%(helper)s mengetik laporan ini %(how)s bersama %(spoke)s. Periksa, lalu kirim.",
            helper=help_.helper_name,
            how=say(CHANNEL_NAMES[help_.channel]),
            spoke=help_.spoke_name,
        ),
        url,
    )


def _signed(signature: Signature, report: Report) -> Standing | None:
    if signature.state is SignatureState.DECLINED:
        title = _("%(name)s belum menandatangani", name=signature.settled_name)
        return Standing("warning", title, signature.reason)
    if signature.state is not SignatureState.WAITING:
        return None
    if not report.waits:
        return Standing(
            "warning",
            _("Tanda tangan pertama gugur"),
            _("Jawaban berubah sejak ditandatangani. Periksa, lalu kirim sekali lagi."),
        )
    signed = _(
        "Ditandatangani %(name)s, %(when)s. Laporan terkirim setelah pengurus lain menyetujuinya.",
        name=signature.declared_name,
        when=moment(signature.signed_at),
    )
    return Standing("info", _("Menunggu tanda tangan kedua"), signed, _url(report))


def _url(report: Report) -> str:
    return url_for("signing.standing", slug=report.cooperative.slug, year=report.year)
