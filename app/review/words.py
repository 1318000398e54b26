"""Sentences of the review's pages, made of reports, events and comments, in the reader's language."""

from collections.abc import Iterable, Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from app.core.database import now
from app.core.formatting import moment
from app.questionnaire.models import Comment, Report, ReportEvent
from app.questionnaire.rules import EventKind


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
    return told.get(EventKind(event.kind), event.kind) if event.kind in set(EventKind) else event.kind


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


def thread(comments: Iterable[Comment]) -> list[dict[str, str]]:
    """``comments`` for one line of the review, oldest first."""
    return [
        {"who": comment.author_name, "when": moment(comment.at), "body": comment.body} for comment in comments
    ]
