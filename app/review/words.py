"""Sentences of the review's pages, made of reports, events and comments, in the reader's language."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from app.cooperatives.queries import members_of
from app.core.database import now
from app.core.formatting import moment
from app.core.i18n import say
from app.core.parsing import phone_for_people
from app.notifications.delivery import is_configured
from app.questionnaire.findings import Finding
from app.questionnaire.models import Comment, Report, ReportEvent
from app.questionnaire.rules import EventKind
from app.questionnaire.waiting import STEP_NAMES
from app.review.comparison import Comparison
from app.review.flags import CLEAN, Flag, calm_of, first_sentence
from app.review.weighing import flags

HIGH, MIDDLE = 200, 600  # of 1000: below them the risk is called high, or middling


@dataclass(frozen=True)
class Rank:
    """Why a report stands where it stands in the queue: a badge's kind and word, and one sentence."""

    kind: str
    word: str
    sentence: str


def rank(report: Report, found: Sequence[Finding] | None) -> Rank:
    """``Aset tahun lalu Rp…, sekarang Rp…; 2 temuan lain``. ``found`` by comparison; None: not compared yet."""
    known = [flag for flag in flags(report, found or ()) if not flag.is_settled]
    if known:
        kind, word = _level(report.calm or calm_of(known, compared=False))
        return Rank(kind, word, _strongest(known))
    if report.calm == CLEAN:
        return Rank("approved", _("Bersih"), _("Tidak ada yang janggal."))
    return Rank("draft", _("Belum ada temuan"), _("Belum dibandingkan dengan koperasi sejenis."))


def _level(calm: int) -> tuple[str, str]:
    if calm < HIGH:
        return "error", _("Risiko tinggi")
    return ("warning", _("Risiko sedang")) if calm < MIDDLE else ("submitted", _("Risiko rendah"))


def _strongest(known: Sequence[Flag]) -> str:
    first, others = first_sentence(say(known[0].text)), len(known) - 1
    if not others:
        return f"{first}."
    more = ngettext("%(num)s temuan lain", "%(num)s temuan lain", others)
    return f"{first}; {more}."


def how_told(report: Report) -> str:
    """Whether the members know by now that the report came back; if not, who is to tell them, and by which number."""
    members = [membership.user for membership in members_of(report.cooperative)]
    if not members:
        return str(_("Koperasi ini belum punya pengelola di situs: sampaikan alasannya sendiri."))
    if not any(user.email for user in members):
        people = ", ".join(f"{user.name} ({phone_for_people(user.phone or '')})" for user in members)
        return str(_("Pengelola tidak punya surel, jadi telepon: %(people)s.", people=people))
    if not is_configured():
        return str(_("Surel belum diatur: pesannya menunggu di kotak keluar."))
    return str(_("Pengelola diberi tahu alasannya."))


def waited(report: Report) -> str:
    """``3 hari``: how long the report has waited for an operator."""
    days = (now() - (report.submitted_at or report.updated_at)).days
    return str(ngettext("%(num)s hari", "%(num)s hari", days) if days else _("hari ini"))


def sent(report: Report, events: Sequence[ReportEvent]) -> str:
    """Book year, and when and by whom the report was sent (or where it came from)."""
    how = _("hasil impor, belum pernah dikirim koperasi")
    for event in events:
        if event.kind == EventKind.SUBMITTED:
            how = _("dikirim %(when)s oleh %(who)s", when=moment(event.at), who=event.actor_name)
    return " · ".join((_("Tahun buku %(year)s", year=report.year), how))


def _happened(event: ReportEvent, *, again: bool) -> str:
    marked = ngettext("%(num)s pertanyaan dibuka", "%(num)s pertanyaan dibuka", len(event.codes))
    told = {
        EventKind.STARTED: _("Mulai diisi"),
        EventKind.IMPORTED: _("Diimpor dari berkas"),
        EventKind.SUBMITTED: _("Dikirim lagi") if again else _("Dikirim"),
        EventKind.RETURNED: _("Dikembalikan, %(marked)s", marked=marked),
        EventKind.APPROVED: _("Disetujui"),
        EventKind.REOPENED: _("Dibuka kembali, %(marked)s", marked=marked),
    }
    if event.kind in set(EventKind):
        return str(told.get(EventKind(event.kind), event.kind))
    return str(_(STEP_NAMES[event.kind])) if event.kind in STEP_NAMES else event.kind


def history(events: Iterable[ReportEvent]) -> list[dict[str, object]]:
    """``events`` (oldest first) for the timeline, newest first."""
    shown: list[dict[str, object]] = []
    submitted = False
    for event in events:
        shown.append(
            {
                "text": _happened(event, again=submitted),
                "when": moment(event.at),
                "iso": event.at.isoformat(),
                "who": event.actor_name,
                "note": event.reason,
            }
        )
        submitted = submitted or event.kind == EventKind.SUBMITTED
    if shown:
        shown[-1]["now"] = True
    return shown[::-1]


def thread(comments: Iterable[Comment], returned: ReportEvent | None = None) -> list[dict[str, str]]:
    """``comments`` for one line of the review, oldest first; those that went with the latest return are marked."""
    return [
        {
            "who": comment.author_name,
            "when": moment(comment.at),
            "body": comment.body,
            "kind": _("Catatan pengembalian") if _went_with(comment, returned) else "",
        }
        for comment in comments
    ]


def _went_with(comment: Comment, returned: ReportEvent | None) -> bool:
    """Whether ``comment`` was written in the unit that returned the report."""
    return returned is not None and comment.by_staff and abs(comment.at - returned.at) < timedelta(seconds=5)


def beside(line: Comparison) -> str:
    """``Pria 90 · Wanita 94``: what a figure is made of; or what the register says, which approving the report writes over."""
    if line.register:
        said: str = _(
            "Di daftar koperasi sekarang: %(text)s. Menyetujui laporan menggantinya.", text=line.register
        )
        return said
    return " · ".join(f"{_(label)} {text}" for label, text in line.parts)
