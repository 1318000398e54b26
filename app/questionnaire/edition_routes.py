"""Addresses of the questionnaire's editions: which there are, their dates, preview, comparison, and publishing."""

from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from app.core.access import Role, only
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.formatting import long_date, number
from app.core.i18n import _, say
from app.core.text import Text
from app.core.writing import writing
from app.questionnaire import edition_services as services
from app.questionnaire.edition_comparison import Comparison, compare
from app.questionnaire.edition_forms import DatesForm
from app.questionnaire.edition_preview import preview as preview_of
from app.questionnaire.edition_queries import Editions, Standing, editions, reporting_cooperatives
from app.questionnaire.edition_rules import STATE_NAMES, misdirected
from app.questionnaire.edition_settings import REQUIRED_NAMES, TYPE_NAMES

bp = Blueprint("editions", __name__, url_prefix="/dinas/kuesioner")
EDITION = "/<int(max=9999):year>"
BADGES = {"draft": "draft", "published": "approved", "frozen": "locked"}


def found_or_404(year: int) -> tuple[Standing, Editions]:
    """The edition at this address, among all others."""
    every = editions(today())
    return every.of(year) or abort(404), every


def page(template: str, here: Standing, *, status: int = 200, **context: Any) -> Response:
    """A page about one edition."""
    words = {"state_names": STATE_NAMES, "badges": BADGES, "types": TYPE_NAMES, "needs": REQUIRED_NAMES}
    drawn = render_template(f"questionnaire/editions/{template}.html", here=here, **words, **context)
    return make_response(drawn, status)


def told(problems: dict[str, Text]) -> dict[str, str]:
    """Problems in the reader's language, by the field that they are about."""
    return {name: say(problem) for name, problem in problems.items()}


def to_edition(year: int, anchor: str = "") -> ResponseReturnValue:
    """The way back to the list of questions."""
    return redirect(url_for("editions.show", year=year, _anchor=anchor or None), 303)


@bp.get("")
@only(Role.OPERATOR)
def overview() -> ResponseReturnValue:
    """All editions by book year, how far each is, and the next one to begin."""
    every = editions(today())
    return render_template(
        "questionnaire/editions/overview.html",
        editions=every,
        state_names=STATE_NAMES,
        badges=BADGES,
        next_year=every.next_year or (None if every.all else today().year),
    )


@bp.post("/mulai")
@only(Role.OPERATOR)
def begin() -> ResponseReturnValue:
    """Begin the next year's edition as a copy of the latest."""
    with writing():
        year = services.begin_next(today()).year
    flash(_("Kuesioner tahun buku %(year)s dibuat sebagai salinan tahun sebelumnya.", year=year), "done")
    return to_edition(year)


@bp.get(EDITION)
@only(Role.OPERATOR)
def show(year: int) -> ResponseReturnValue:
    """Every question of one edition; of one that is not frozen with the ways to change it."""
    here, every = found_or_404(year)
    retired = [question for question in here.questionnaire.everything if question.retired]
    return page("show", here, retired=retired, next=every.in_preparation, every=every)


@bp.get(f"{EDITION}/tanggal")
@only(Role.OPERATOR)
def dates(year: int) -> ResponseReturnValue:
    """When it opens, its deadline, when it closes."""
    here, _every = found_or_404(year)
    return page("dates", here, form=DatesForm.of(here.edition), errors={})


@bp.post(f"{EDITION}/tanggal")
@only(Role.OPERATOR)
def save_dates(year: int) -> ResponseReturnValue:
    """Move them, as far as they may."""
    here, _every = found_or_404(year)
    form = DatesForm.read(request.form, here.edition)
    if form.wanted is None or form.seen is None:
        return page("dates", here, form=form, errors=told(form.problems), status=422)
    try:
        with writing():
            services.change_dates(year, form.wanted, seen=form.seen, reason=form.reason, today=today())
    except RuleBroken as no:
        status = 409 if isinstance(no, services.Outdated) else 422
        here, _every = found_or_404(year)
        return page("dates", here, form=form, errors=told({no.field or "": no.text}), status=status)
    flash(_("Tanggal tersimpan."), "done")
    return to_edition(year)


@bp.get(f"{EDITION}/banding")
@only(Role.OPERATOR)
def comparison(year: int) -> ResponseReturnValue:
    """What changes against another year, the one before unless asked otherwise."""
    here, every = found_or_404(year)
    asked = request.args.get("dengan", "")
    other = next((one for one in every.all if str(one.year) == asked and one.year != year), None)
    other = other or every.before(year)
    found = compare(other.questionnaire, here.questionnaire) if other else None
    return page("comparison", here, other=other, every=every, found=found)


@bp.get(f"{EDITION}/pratinjau")
@only(Role.OPERATOR)
def preview(year: int) -> ResponseReturnValue:
    """The form as a cooperative sees it."""
    here, _every = found_or_404(year)
    return _preview(here)


@bp.post(f"{EDITION}/pratinjau")
@only(Role.OPERATOR)
def try_preview(year: int) -> ResponseReturnValue:
    """The same with what was typed and what the checks say of it. Nothing is kept."""
    here, _every = found_or_404(year)
    return _preview(here, tried=True)


def _preview(here: Standing, *, tried: bool = False) -> Response:
    asked = request.args.get("bagian", "")
    numbers = [section.number for section in here.questionnaire.sections]
    chosen = next((one for one in numbers if str(one) == asked), numbers[0])
    wide = request.args.get("layar") == "lebar"
    view: dict[str, Any] = {"layar": "lebar"} if wide else {}
    form = preview_of(here.edition, chosen, request.form if tried else None)
    steps = [
        {**step, "go": "", "url": url_for(".preview", year=here.year, bagian=one, **view)}
        for step, one in zip(form.steps, numbers, strict=True)
    ]
    return page("preview", here, form=form, steps=steps, wide=wide, view=view, tried=tried)


@bp.get(f"{EDITION}/terbitkan")
@only(Role.OPERATOR)
def confirm_publishing(year: int) -> ResponseReturnValue:
    """What publishing will do."""
    here, every = found_or_404(year)
    return _publishing(here, every)


@bp.post(f"{EDITION}/terbitkan")
@only(Role.OPERATOR)
def publish(year: int) -> ResponseReturnValue:
    """Publish what the page before has shown."""
    try:
        with writing():
            services.publish_edition(year, seen=request.form.get("asal", ""), today=today())
    except services.Outdated as no:
        here, every = found_or_404(year)
        return _publishing(here, every, problem=say(no.text))
    here, _every = found_or_404(year)
    flash(_("Kuesioner tahun buku %(year)s terbit. %(when)s", year=year, when=_opening(here)), "done")
    return to_edition(year)


def _publishing(here: Standing, every: Editions, problem: str = "") -> Response:
    other = every.before(here.year)
    found = compare(other.questionnaire, here.questionnaire) if other else None
    return page(
        "publish",
        here,
        other=other,
        found=found,
        problem=problem,
        opening=_opening(here),
        cooperatives=number(reporting_cooperatives()),
        misdirected=misdirected(here.questionnaire) if _renumbered(found) else [],
        status=409 if problem else 200,
    )


def _renumbered(found: Comparison | None) -> bool:
    """Whether a question bears another number than the year before, so that words may point to the wrong one."""
    if found is None:
        return False
    shifted = any(one.before.number != one.after.number for one in found.changed)
    return bool(found.added or found.retired or found.moved or shifted)


def _opening(here: Standing) -> str:
    day = long_date(here.edition.opens)
    if here.running:
        return _("Pengelola koperasi sudah dapat mengisinya sejak %(day)s.", day=day)
    return _("Pengelola koperasi dapat mengisinya mulai %(day)s.", day=day)
