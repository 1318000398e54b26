"""Practice: the yearly form of an invented cooperative, for everybody; see ``practice``."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import private
from app.core.access import public
from app.core.errors import RuleBroken
from app.core.parsing import fold_space
from app.core.text import N_
from app.questionnaire import practice
from app.questionnaire.answers import read_answers
from app.questionnaire.declaring import position_choices, read_position
from app.questionnaire.drafts import findings_now
from app.questionnaire.findings import has_errors
from app.questionnaire.form_page import form_page
from app.questionnaire.forms import forward, read_post
from app.questionnaire.office_places import places
from app.questionnaire.practice import Practice
from app.questionnaire.reading_page import check_page, unsaved

bp = Blueprint("practice", __name__)


@bp.get("/latihan")
@public
def fill() -> ResponseReturnValue:
    """One section of the form."""
    filling = _found()
    number = _section(filling)
    if number is None:
        return redirect(url_for(".check"))
    return _form(filling, number)


@bp.post("/latihan")
@public
def save() -> ResponseReturnValue:
    """Keep what was typed in the browser's cookie, and go where the button leads."""
    filling = _found()
    number = _section(filling) or 1
    posted = read_post(request.form, filling.questionnaire, filling.last)
    values = read_answers(filling.questionnaire, {**posted.typed, **posted.mine}, places()).values
    try:
        doubted = practice.keep(filling, values)
    except RuleBroken as refusal:
        lost = unsaved(filling, posted.typed)
        return _form(filling, number, refusal=refusal, lost=lost)
    if posted.at:
        return redirect(filling.address(number, anchor=f"q-{posted.at}"), 303)
    here = {question.code for question in filling.questionnaire.section(number)}
    target = forward(number, filling.sections, posted.go)
    if (isinstance(target, str) or target > number) and doubted & here:
        return redirect(filling.address(number), 303)
    return redirect(url_for(".check") if isinstance(target, str) else filling.address(target), 303)


@bp.get("/latihan/periksa")
@public
def check() -> ResponseReturnValue:
    """All answers, what the checks say of them, and the declaration: as in earnest, but nothing is sent."""
    return _check(_found())


@bp.post("/latihan/selesai")
@public
def finish() -> ResponseReturnValue:
    """The declaration is read as in earnest; then the practice is over and forgotten."""
    filling = _found()
    typed = {name: fold_space(text) for name, text in request.form.items()}
    try:
        if has_errors(findings_now(filling.report, filling.last, filling.today) if filling.report else []):
            raise RuleBroken(N_("Laporan belum dapat dikirim. Perbaiki dulu yang ditandai."))
        if typed.get("pernyataan") != "1":
            raise RuleBroken(N_("Centang pernyataan bahwa jawaban ini benar."), field="pernyataan")
        if len(typed.get("nama", "")) < 3:
            raise RuleBroken(N_("Tulis nama pengurus yang menyatakan laporan ini benar."), field="nama")
        if not read_position(typed.get("jabatan", "")):
            raise RuleBroken(N_("Pilih jabatan pengurus itu."), field="jabatan")
    except RuleBroken as refusal:
        return _check(filling, refusal)
    practice.end()
    return redirect(url_for(".done"), 303)


@bp.post("/latihan/ulang")
@public
def again() -> ResponseReturnValue:
    """Forget what was typed and begin anew."""
    practice.end()
    return redirect(url_for(".fill"), 303)


@bp.get("/latihan/selesai")
@public
def done() -> ResponseReturnValue:
    """What would have happened in earnest, and where to begin."""
    return private(render_template("questionnaire/practice_done.html"))


def _found() -> Practice:
    return practice.find_practice() or abort(404)


def _section(filling: Practice) -> int | None:
    asked = request.args.get("bagian", "")
    numbers = [section.number for section in filling.questionnaire.sections]
    return next((number for number in numbers if str(number) == asked), filling.first_section)


def _form(
    filling: Practice,
    number: int,
    *,
    refusal: RuleBroken | None = None,
    lost: list[tuple[str, str]] | None = None,
) -> ResponseReturnValue:
    page = form_page(filling, number, all_missing="lengkap" in request.args)
    shown = render_template(
        "questionnaire/fill_practice.html", page=page, filling=filling, refusal=refusal, lost=lost or []
    )
    return private(make_response(shown, 422 if refusal else 200))


def _check(filling: Practice, refusal: RuleBroken | None = None) -> ResponseReturnValue:
    typed = request.form if refusal else {}
    shown = render_template(
        "questionnaire/check_practice.html",
        filling=filling,
        page=check_page(filling),
        refusal=refusal,
        name=typed.get("nama", "Contoh Ketua"),
        position=typed.get("jabatan", "Ketua"),
        declared=typed.get("pernyataan") == "1",
        positions=position_choices(),
    )
    return private(make_response(shown, 422 if refusal else 200))
