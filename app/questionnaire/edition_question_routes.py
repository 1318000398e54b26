"""Addresses of one edition's questions: add, change, order, retire, bring back."""

from collections.abc import Callable
from functools import wraps

from flask import Response, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.core.access import Role, keeps_form, only
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.i18n import _, say
from app.core.text import N_
from app.core.writing import writing
from app.questionnaire import edition_services as services
from app.questionnaire.edition_forms import BLANK, QuestionForm
from app.questionnaire.edition_queries import Editions, Standing
from app.questionnaire.edition_routes import EDITION, bp, found_or_404, page, to_edition, told
from app.questionnaire.edition_rules import Locks, mark_of
from app.questionnaire.edition_settings import FLAGS, NAMES, settings_for, spoken, typed_of
from app.questionnaire.office_places import places
from app.questionnaire.question import Question, QuestionType

QUESTION = f"{EDITION}/pertanyaan/<code>"
FREE = Locks({}, None, ())
ASKED_OF_NEW = tuple(kind for kind in QuestionType if kind is not QuestionType.DERIVED)


def changing(view: Callable[..., ResponseReturnValue]) -> Callable[..., ResponseReturnValue]:
    """For views that change an edition: gives ``here`` and ``every``; a frozen edition is shown instead of its forms."""

    @wraps(view)
    def guarded(year: int, **kwargs: str) -> ResponseReturnValue:
        here, every = found_or_404(year)
        if here.frozen and request.method == "GET":
            return redirect(url_for("editions.show", year=year))
        return view(here, every, **kwargs)

    return guarded


@bp.get(f"{EDITION}/tambah")
@only(Role.OPERATOR)
@changing
def add(here: Standing, every: Editions) -> ResponseReturnValue:
    """The form of a new question."""
    asked = request.args.get("bagian", "")
    typed = typed_of(BLANK) | {"nomor": "", "bagian": asked}
    return _new(here, QuestionForm(typed))


@bp.post(f"{EDITION}/tambah")
@only(Role.OPERATOR)
@changing
def save_new(here: Standing, every: Editions) -> ResponseReturnValue:
    """Add it, under the code that was typed or one made of its label."""
    form = QuestionForm.read(
        request.form, BLANK, questionnaire=here.questionnaire, places=places(), locked={}
    )
    if form.question is None:
        return _new(here, form, told(form.problems))
    try:
        with writing():
            code = services.add_question(
                here.year,
                form.question,
                code=form.code,
                section=form.section,
                number=form.number,
                today=today(),
            )
    except RuleBroken as no:
        return _new(here, form, told({no.field or "": no.text}))
    flash(_("Pertanyaan ditambahkan dengan kode %(code)s.", code=code), "done")
    return to_edition(here.year, f"q-{code}")


def _new(here: Standing, form: QuestionForm, errors: dict[str, str] | None = None) -> Response:
    return page(
        "question",
        here,
        question=None,
        form=form,
        names=NAMES,
        useful=tuple(NAMES),
        kinds=ASKED_OF_NEW,
        locks=FREE,
        locked_now=[],
        reasons=[],
        theirs={},
        errors=errors or {},
        status=422 if errors else 200,
    )


@bp.get(QUESTION)
@only(Role.OPERATOR)
@changing
def question(here: Standing, every: Editions, code: str) -> ResponseReturnValue:
    """The form of one question, with what is locked and why."""
    found = here.questionnaire.by_code.get(code) or abort(404)
    form = QuestionForm(typed_of(found), code=code, seen=mark_of(found))
    return _old(here, every, found, form)


@bp.post(QUESTION)
@only(Role.OPERATOR)
@keeps_form(N_("Pertanyaan"))
@changing
def save_question(here: Standing, every: Editions, code: str) -> ResponseReturnValue:
    """Change it; what somebody else changed meanwhile is shown beside what was typed, and nothing is overwritten unseen."""
    found = here.questionnaire.by_code.get(code)
    form = QuestionForm.read(
        request.form,
        found or BLANK,
        questionnaire=here.questionnaire,
        places=places(),
        locked=every.locks(here, found).settings if found else {},
    )
    if found is None:
        return page("gone", here, form=form, names=NAMES, status=409)
    if form.question is None:
        return _old(here, every, found, form, told(form.problems), status=422)
    try:
        with writing():
            changed = services.change_question(
                here.year,
                form.question,
                seen=form.seen,
                section=form.section,
                number=form.number,
                today=today(),
            )
    except services.Outdated as no:
        return _overtaken(here.year, code, form, no)
    except RuleBroken as no:
        return _old(here, every, found, form, told({no.field or "": no.text}), status=422)
    flash(
        _("Perubahan tersimpan.") if changed else _("Tidak ada yang berubah."), "done" if changed else "info"
    )
    return to_edition(here.year, f"q-{code}")


def _overtaken(year: int, code: str, form: QuestionForm, no: RuleBroken) -> ResponseReturnValue:
    """Somebody else was quicker: their words stand below each field that differs, and saving again means to replace them."""
    here, every = found_or_404(year)
    found = here.questionnaire.by_code.get(code)
    if found is None:
        return page("gone", here, form=form, names=NAMES, status=409)
    stands = typed_of(found)
    theirs = {
        name: _("Sekarang tersimpan: %(value)s", value=say(spoken(name, stands[name])) or "–")
        for name in NAMES
        if name != "nomor" and stands[name] != form.typed[name]
    }
    fresh = QuestionForm(form.typed, code=code, seen=mark_of(found), section=form.section, number=form.number)
    return _old(here, every, found, fresh, {"": say(no.text)}, theirs=theirs, status=409)


def _old(
    here: Standing,
    every: Editions,
    found: Question,
    form: QuestionForm,
    errors: dict[str, str] | None = None,
    *,
    theirs: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    locks, stands = every.locks(here, found), typed_of(found)
    kind = form.typed["jenis"]
    free = kind in list(QuestionType) and "jenis" not in locks.settings
    shown = QuestionType(kind) if free else found.type
    useful = settings_for(shown)
    shut = [name for name in settings_for(found.type) if name in locks.settings]
    kinds = [one for one in QuestionType if one is not QuestionType.DERIVED or found.derive]
    return page(
        "question",
        here,
        question=found,
        form=form,
        names=NAMES,
        useful=useful,
        kinds=kinds,
        locks=locks,
        locked_now=[
            (say(NAMES[name]), say(spoken(name, stands[name]))) for name in shut if _tells(name, stands)
        ],
        reasons=list(dict.fromkeys(say(locks.settings[name]) for name in shut if _tells(name, stands))),
        new_here=not every.elsewhere(here.year, found.code),
        theirs=theirs or {},
        errors=_beside_what_is_shown(errors or {}, frozenset(useful) - locks.settings.keys()),
        status=status,
    )


def _beside_what_is_shown(errors: dict[str, str], shown: frozenset[str]) -> dict[str, str]:
    """``errors`` by their fields; what is about a field that this page does not show stands above all of them."""
    hidden = [text for name, text in errors.items() if name in NAMES and name not in shown]
    beside = {name: text for name, text in errors.items() if name not in NAMES or name in shown}
    return beside | ({"": " ".join([*filter(None, [beside.get("")]), *hidden])} if hidden else {})


def _tells(name: str, stands: dict[str, str]) -> bool:
    """Whether a locked setting is worth a line: a blank limit or unit says nothing."""
    return bool(stands[name]) or name in FLAGS


@bp.post(f"{EDITION}/urutan")
@only(Role.OPERATOR)
@changing
def reorder(here: Standing, every: Editions) -> ResponseReturnValue:
    """One question one place up or down."""
    code, _sep, direction = request.form.get("pindah", "").partition(":")
    step = {"naik": -1, "turun": 1}.get(direction, 0)
    if not step or code not in here.questionnaire.by_code:
        abort(404)
    seen = request.form.get("asal", "")
    return _done(
        here.year, f"q-{code}", "", lambda: services.move(here.year, code, step, seen=seen, today=today())
    )


@bp.post(f"{QUESTION}/pensiun")
@only(Role.OPERATOR)
@changing
def retire(here: Standing, every: Editions, code: str) -> ResponseReturnValue:
    """Ask it no longer."""
    found = here.questionnaire.by_code.get(code) or abort(404)
    try:
        with writing():
            services.retire(here.year, code, accepted=request.form.get("setuju") == "1", today=today())
    except services.Outdated as no:
        flash(say(no.text), "warning")
    except RuleBroken as no:
        form = QuestionForm(typed_of(found), code=code, seen=mark_of(found))
        return _old(here, every, found, form, told({no.field or "": no.text}), status=422)
    else:
        flash(
            _("Tidak ditanyakan lagi mulai tahun buku %(year)s. Jawaban lama tetap ada.", year=here.year),
            "done",
        )
    return to_edition(here.year, "pensiun")


@bp.post(f"{QUESTION}/tanya-lagi")
@only(Role.OPERATOR)
@changing
def restore(here: Standing, every: Editions, code: str) -> ResponseReturnValue:
    """Ask a retired question again."""
    _known(here, code)
    message = _("Ditanyakan lagi, di urutan terakhir bagiannya.")
    return _done(here.year, f"q-{code}", message, lambda: services.restore(here.year, code, today=today()))


@bp.post(f"{QUESTION}/hapus")
@only(Role.OPERATOR)
@changing
def remove(here: Standing, every: Editions, code: str) -> ResponseReturnValue:
    """Take a question out that no year has asked yet."""
    _known(here, code)
    message = _("Pertanyaan dihapus.")
    return _done(here.year, "", message, lambda: services.remove(here.year, code, today=today()))


def _known(here: Standing, code: str) -> None:
    if code not in {one.code for one in here.questionnaire.everything}:
        abort(404)


def _done(year: int, anchor: str, message: str, act: Callable[[], None]) -> ResponseReturnValue:
    """Do it in one unit and go back to the list, with what was done or why not."""
    try:
        with writing():
            act()
    except services.Outdated as no:
        flash(say(no.text), "warning")
        return to_edition(year)
    if message:
        flash(message, "done")
    return to_edition(year, anchor)
