"""Everything that the page of one report shows, gathered in a fixed number of queries."""

from dataclasses import dataclass

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.errors import RuleBroken
from app.quality.queries import compared
from app.questionnaire import queries as reports
from app.questionnaire.adopting import overwritten
from app.questionnaire.models import Comment, Report, ReportEvent
from app.questionnaire.office_places import places
from app.questionnaire.rules import Origin, Status
from app.regions.queries import office_region
from app.review import queries, services, words
from app.review.comparison import Comparison, compare
from app.review.forms import DecisionForm, address_of
from app.review.queue import QueueFilter, place_of, sampled_among
from app.review.weighing import flags

VIEWS = ("berubah", "temuan", "semua")


@dataclass(frozen=True)
class ReportPage:
    """One report under review, as the template draws it."""

    report: Report
    lines: list[Comparison]
    shown: list[Comparison]
    view: str
    events: list[ReportEvent]
    comments: dict[str, list[Comment]]
    returned: ReportEvent | None
    last_year: int | None
    is_sample: bool  # drawn from a clean batch for a full look

    @property
    def counts(self) -> dict[str, int]:
        """How many lines each view has."""
        return {view: len(lines_of(view, self.lines)) for view in VIEWS}

    @property
    def may_decide(self) -> bool:
        """Whether it waits for this office's word."""
        return may_decide(self.report)

    @property
    def may_reopen(self) -> bool:
        """Whether it is locked and can be unlocked."""
        return self.report.status is Status.APPROVED

    @property
    def may_return(self) -> bool:
        """Whether questions can be marked: it was submitted, or it can be reopened."""
        return self.report.status in {Status.SUBMITTED, Status.APPROVED}


def may_decide(report: Report) -> bool:
    """Whether ``report`` waits for the office's word."""
    imported = report.status is Status.DRAFT and report.origin is Origin.IMPORTED
    return report.status is Status.SUBMITTED or imported


def lines_of(view: str, lines: list[Comparison]) -> list[Comparison]:
    """The lines that ``view`` shows."""
    if view == "semua":
        return lines
    if view == "temuan":
        return [line for line in lines if line.flags]
    return [line for line in lines if line.worth_a_look]


def gather(report: Report, form: DecisionForm) -> ReportPage:
    """The page of ``report``. A line that the form marks or comments on is always shown, so nothing typed disappears."""
    questionnaire = reports.questions_of(report)
    returned = queries.last_return(report)
    is_sample = report.status is Status.SUBMITTED and bool(sampled_among([report]))
    last = reports.last_report(report.cooperative, report.year)
    lines = compare(
        questionnaire,
        now=report.answers,
        last=last.answers if last else None,
        returned=returned.answers if returned else None,
        asked=returned.codes if returned else (),
        flags=flags(report, compared([report]).get(report.id, ())),
        register=overwritten(report) if may_decide(report) else None,
        places=places(),
    )
    view = request.values.get("tampil", "")
    if view not in VIEWS:
        view = "berubah" if lines_of("berubah", lines) and not is_sample else "semua"
    touched = set(form.marked) | set(form.comments)
    kept = {line.question.code for line in lines_of(view, lines)} | touched
    comments: dict[str, list[Comment]] = {}
    for comment in reports.comments_of(report):
        comments.setdefault(comment.question, []).append(comment)
    return ReportPage(
        report=report,
        lines=lines,
        shown=[line for line in lines if line.question.code in kept],
        view=view,
        events=reports.events_of(report),
        comments=comments,
        returned=returned,
        last_year=last.year if last else None,
        is_sample=is_sample,
    )


def report_page(
    report: Report, form: DecisionForm, wanted: QueueFilter, refusal: RuleBroken | None = None
) -> ResponseReturnValue:
    """Draw the page; with a ``refusal``, what was typed stands in it again (422). ``wanted``: the queue it was opened from."""
    page = gather(report, form)
    shown = render_template(
        "review/report.html",
        page=page,
        report=report,
        form=form,
        refusal=refusal,
        wanted=wanted,
        address=address_of(wanted),
        place=place_of(report, wanted, person=current_user),
        assignment=services.assignment_of(report),
        region=office_region(current_app.config["REGION"]),
        words=words,
    )
    return shown, 422 if refusal else 200
