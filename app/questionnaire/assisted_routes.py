"""The office helps with a report: an operator types it for a caller or visitor, and hands out the code that confirms it."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.answers import private
from app.accounts.models import User
from app.cooperatives.queries import cooperative_by_slug
from app.core.access import Role, keeps_form, only
from app.core.downloads import file_response
from app.core.errors import RuleBroken
from app.core.i18n import _, say
from app.core.parsing import fold_space
from app.core.qr import qr_svg
from app.core.text import N_
from app.core.writing import writing
from app.questionnaire import help_lists, helping, signing, slips
from app.questionnaire.answers import read_answers
from app.questionnaire.assisted import Assisted, find_assisted
from app.questionnaire.autosave import Autosaved
from app.questionnaire.autosave_routes import take_save, token_for
from app.questionnaire.confirming import last_help, last_signature
from app.questionnaire.declaring import position_choices, read_position
from app.questionnaire.drafts import SaveResult
from app.questionnaire.form_page import form_page
from app.questionnaire.forms import Posted, forward, read_post, read_version
from app.questionnaire.models import Report
from app.questionnaire.office_places import places
from app.questionnaire.queries import current_year
from app.questionnaire.reading_page import check_page, unsaved
from app.questionnaire.rules import EDITABLE
from app.questionnaire.waiting import CHANNEL_NAMES, SignatureState

bp = Blueprint("helping", __name__)
DESK = "/dinas/koperasi/<slug>/laporan/<int(max=9999):year>"


@bp.get("/dinas/bantuan")
@only(Role.OPERATOR)
def helps() -> ResponseReturnValue:
    """Who is being helped: what came back first, then what waits for the cooperative's code, then what is being typed."""
    return render_template("questionnaire/helps.html", page=help_lists.helps_page(request.args))


@bp.get("/dinas/koperasi/<slug>/laporan")
@only(Role.OPERATOR)
def now(slug: str) -> ResponseReturnValue:
    """The year that cooperatives now report on."""
    year = current_year() or abort(404)
    return redirect(url_for(".desk", slug=slug, year=year))


@bp.get(DESK)
@only(Role.OPERATOR)
def desk(slug: str, year: int) -> ResponseReturnValue:
    """How the report stands, and the start of helping with it."""
    return _desk(_found(slug, year))


@bp.post(DESK)
@only(Role.OPERATOR)
def act(slug: str, year: int) -> ResponseReturnValue:
    """Start helping, give up, or let one signature be enough."""
    filling, deed, by = _found(slug, year), request.form.get("tindakan", ""), _me()
    try:
        with writing():
            if deed == "mulai":
                helping.start_help(
                    filling.cooperative,
                    year=year,
                    by=by,
                    channel=request.form.get("saluran", ""),
                    name=request.form.get("nama", ""),
                    position=read_position(request.form.get("jabatan", "")),
                )
            elif deed == "akhiri":
                helping.end_help(_report(filling), by=by)
            elif deed == "bebaskan":
                signing.waive_second(_report(filling), by=by, reason=request.form.get("alasan", ""))
    except RuleBroken as refusal:
        return _desk(_found(slug, year), refusal)
    if deed == "mulai":
        return redirect(url_for(".fill", slug=slug, year=year), 303)
    told = {
        "akhiri": _("Bantuan diakhiri. Jawaban yang sudah diketik tetap tersimpan sebagai draf koperasi."),
        "bebaskan": _("Laporan terkirim dengan satu tanda tangan. Alasan Anda tercatat."),
    }
    if deed in told:
        flash(told[deed], "done")
    return redirect(url_for(".desk", slug=slug, year=year), 303)


@bp.get(f"{DESK}/isi")
@only(Role.OPERATOR)
def fill(slug: str, year: int) -> ResponseReturnValue:
    """One section of the form, while the cooperative is being helped."""
    filling = _found(slug, year)
    if filling.help is None or not filling.open_codes:
        return redirect(url_for(".desk", slug=slug, year=year))
    number = _section(filling)
    if number is None:
        return redirect(url_for(".check", slug=slug, year=year))
    return _form(filling, number)


@bp.post(f"{DESK}/isi")
@only(Role.OPERATOR)
@keeps_form(N_("Laporan tahunan"))
def save(slug: str, year: int) -> ResponseReturnValue:
    """Keep what was typed, whatever it is, and go where the button leads."""
    filling = _found(slug, year)
    number = _section(filling) or 1
    posted = read_post(request.form, filling.questionnaire, filling.last, stood=filling.answers)
    reading = read_answers(filling.questionnaire, posted.typed, places())
    sections, report, by = filling.sections, _report(filling), _me()
    try:
        with writing():
            done = helping.save_helped(report, values=reading.values, base_version=posted.version, by=by)
    except RuleBroken as refusal:
        again = _found(slug, year)
        lost = unsaved(again, {**posted.typed, **posted.mine})
        return _desk(again, refusal, lost=lost, status=409)
    if done.conflicts or posted.undecided:
        return _form(_found(slug, year), number, posted=posted, done=done, status=409)
    return redirect(_next(filling, sections, number, posted, done), 303)


@bp.get(f"{DESK}/isi/simpan")
@only(Role.OPERATOR)
def autosave_token(slug: str, year: int) -> ResponseReturnValue:
    """A token for the operator who is signed in now, and the version of the report."""
    return token_for(_found(slug, year))


@bp.post(f"{DESK}/isi/simpan")
@only(Role.OPERATOR)
def autosave(slug: str, year: int) -> ResponseReturnValue:
    """Keep the fields that the operator just changed, once; say what became of them."""
    filling, by = _found(slug, year), _me()
    report = _report(filling)

    def keep(**sent: Any) -> Autosaved:
        return helping.autosave_helped(report, by=by, **sent)

    return take_save(filling, keep=keep, again=lambda: _found(slug, year))


@bp.get(f"{DESK}/periksa")
@only(Role.OPERATOR)
def check(slug: str, year: int) -> ResponseReturnValue:
    """All answers, to read out to the cooperative, and what the checks say of them."""
    filling = _found(slug, year)
    if filling.help is None or not filling.open_codes:
        return redirect(url_for(".desk", slug=slug, year=year))
    return _check(filling)


@bp.post(f"{DESK}/kode")
@only(Role.OPERATOR)
def finish(slug: str, year: int) -> ResponseReturnValue:
    """All is typed: show the slip with the code, once."""
    filling, by = _found(slug, year), _me()
    report = _report(filling)
    seen = read_version(request.form["versi"]) if "versi" in request.form else None
    try:
        with writing():
            help_, code = helping.finish_help(report, by=by, base_version=seen)
    except RuleBroken as refusal:
        filling = _found(slug, year)
        return _check(filling, refusal) if filling.help else _desk(filling, refusal)
    slip = slips.slip_of(help_, code)
    shown = render_template(
        "questionnaire/slip.html",
        slip=slip,
        slug=slug,
        year=year,
        code=code,
        qr=qr_svg(slip.link, _("Kode QR ke halaman konfirmasi")),
    )
    return private(shown)


@bp.post(f"{DESK}/slip.pdf")
@only(Role.OPERATOR)
def slip(slug: str, year: int) -> ResponseReturnValue:
    """The same slip as PDF. The code comes from the page that showed it; nothing is changed."""
    try:
        code = helping.read_code(fold_space(request.form.get("kode", "")))
        help_ = helping.help_by_code(code)
    except RuleBroken:
        abort(404)
    if help_.report.cooperative.slug != slug or help_.report.year != year:
        abort(404)
    paper = slips.slip_pdf(slips.slip_of(help_, code))
    return private(file_response(paper, f"konfirmasi-{slug}-{year}.pdf", "application/pdf"))


def _me() -> User:
    me: User = current_user._get_current_object()
    return me


def _found(slug: str, year: int) -> Assisted:
    cooperative = cooperative_by_slug(slug) or abort(404)
    return find_assisted(cooperative, year) or abort(404)


def _report(filling: Assisted) -> Report:
    return filling.report or abort(404)


def _section(filling: Assisted) -> int | None:
    asked = request.args.get("bagian", "")
    numbers = [section.number for section in filling.questionnaire.sections]
    return next((number for number in numbers if str(number) == asked), filling.first_section)


def _next(filling: Assisted, sections: tuple[int, ...], number: int, posted: Posted, done: SaveResult) -> str:
    """Where a saved page leads: on, unless the checks have just found something in it that nobody has seen."""
    if posted.at:
        return filling.address(number, anchor=f"q-{posted.at}")
    here = {question.code for question in filling.questionnaire.section(number)}
    target = forward(number, sections, posted.go)
    if (isinstance(target, str) or target > number) and done.doubted & here:
        return filling.address(number)
    if isinstance(target, str):
        return url_for(".check", slug=filling.slug, year=filling.year)
    return filling.address(target)


def _form(
    filling: Assisted,
    number: int,
    *,
    posted: Posted | None = None,
    done: SaveResult | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = form_page(
        filling,
        number,
        all_missing="lengkap" in request.args,
        conflicts=done.conflicts if done else None,
        posted=posted,
    )
    return render_template("questionnaire/fill_assisted.html", page=page, filling=filling), status


def _check(filling: Assisted, refusal: RuleBroken | None = None) -> ResponseReturnValue:
    page = render_template(
        "questionnaire/check_assisted.html", filling=filling, page=check_page(filling), refusal=refusal
    )
    return page, 422 if refusal else 200


def _desk(
    filling: Assisted,
    refusal: RuleBroken | None = None,
    *,
    lost: list[tuple[str, str]] | None = None,
    status: int = 422,
) -> ResponseReturnValue:
    report = filling.report
    signature = last_signature(report) if report and report.status in EDITABLE else None
    if signature is not None and signature.state is not SignatureState.WAITING:
        signature = None
    cooperative = filling.cooperative
    context: dict[str, Any] = {
        "filling": filling,
        "report": report,
        "help": filling.help,
        "latest": last_help(report) if report else None,
        "signature": signature,
        "seconds": signing.seconds_for(signature, report) if signature and report else [],
        "channels": [(channel.value, say(name)) for channel, name in CHANNEL_NAMES.items()],
        "channel_names": CHANNEL_NAMES,
        "positions": position_choices(),
        "typed": {name: request.form.get(name, "") for name in ("saluran", "nama", "jabatan", "alasan")},
        "chair": cooperative.nama_ketua or "",
        "refusal": refusal,
        "lost": lost or [],
    }
    return render_template("questionnaire/help_desk.html", **context), status if refusal else 200
