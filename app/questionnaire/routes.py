"""Addresses of the yearly report: which one, filling it in, checking, sending, and its receipt."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.accounts.signals import panels_of
from app.cooperatives.queries import waiting_claims_of
from app.cooperatives.rules import Position
from app.core.access import keeps_form, signed_in
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import _
from app.core.parsing import fold_space
from app.core.qr import qr_svg
from app.core.text import N_
from app.core.writing import writing
from app.questionnaire import (
    autosave_routes,
    feed,
    merged_reports,
    offline_routes,
    public_figures,
    queries,
    receipt_routes,
    services,
    spreadsheet_routes,
)
from app.questionnaire.access import own_begun_report, own_report
from app.questionnaire.answers import read_answers
from app.questionnaire.declaring import OFFICE_HOLDERS, position_choices, read_position
from app.questionnaire.filling import Filling, find_filling
from app.questionnaire.form_page import form_page
from app.questionnaire.forms import Posted, forward, read_post, read_version
from app.questionnaire.models import Receipt
from app.questionnaire.office_places import places
from app.questionnaire.overview import cards_of
from app.questionnaire.reading_page import advice_on, check_page, history_of, parts_of, unsaved
from app.questionnaire.receipts import verification_url
from app.questionnaire.rules import Status, short_digest
from app.questionnaire.standings import standings_of

bp = Blueprint("questionnaire", __name__)
bp.add_url_rule("/laporan/<slug>/<int:year>/bukti.pdf", view_func=receipt_routes.receipt)
bp.add_url_rule("/laporan/<slug>/<int:year>/luring", view_func=offline_routes.offline)
bp.add_url_rule("/laporan/<slug>/<int:year>/luring.json", view_func=offline_routes.offline_data)
bp.add_url_rule("/laporan/<slug>/<int:year>/simpan", view_func=autosave_routes.autosave_token)
bp.add_url_rule("/laporan/<slug>/<int:year>/simpan", view_func=autosave_routes.autosave, methods=["POST"])
for _rule, _view, _method in spreadsheet_routes.RULES:
    bp.add_url_rule(_rule, view_func=_view, methods=[_method])
bp.add_url_rule("/verifikasi", view_func=receipt_routes.verify_form)
bp.add_url_rule("/verifikasi/<kode>", view_func=receipt_routes.verify)
bp.add_url_rule("/kuesioner/<int(max=9999):year>-<digest>.json", "feed", view_func=feed.show)

SIGNALS = (merged_reports, public_figures)
"""Imported so that they answer the signals of the register."""


@bp.get("/laporan")
@signed_in
def overview() -> ResponseReturnValue:
    """Which cooperative, which year, and what to do next."""
    cards = cards_of(_me(), today())
    waiting = waiting_claims_of(_me())
    standings = standings_of([card.report for card in cards if card.report is not None])
    owners = list(dict.fromkeys(card.cooperative.id for card in cards))
    panels = panels_of(_me(), "cooperative", owners) if cards else []
    return render_template(
        "questionnaire/overview.html", cards=cards, waiting=waiting, standings=standings, panels=panels
    )


@bp.get("/laporan/<slug>/<int:year>")
@own_report
def fill(filling: Filling) -> ResponseReturnValue:
    """One section of the form; the whole report to read where nothing can be changed."""
    if not filling.open_codes:
        return _locked(filling)
    number = _section(filling)
    if number is None:
        return redirect(_address(filling, "check"))
    return _form(filling, number)


@bp.post("/laporan/<slug>/<int:year>")
@own_report
@keeps_form(N_("Laporan tahunan"))
def save(filling: Filling) -> ResponseReturnValue:
    """Keep what was typed, whatever it is, and go where the button leads."""
    number = _section(filling) or 1
    posted = read_post(request.form, filling.questionnaire, filling.last, stood=filling.answers)
    reading = read_answers(filling.questionnaire, posted.typed, places())
    places_to_go, by = filling.sections, _writer()
    try:
        with writing():
            report = filling.report or services.start_report(filling.cooperative, year=filling.year, by=_me())
            base = posted.version if posted.names_version else report.version
            done = services.save_answers(report, values=reading.values, base_version=base, by=by)
    except RuleBroken as refusal:
        return _refused(_anew(filling), posted, refusal)
    if done.conflicts or posted.undecided:
        return _conflict(_anew(filling), number, posted, done)
    return redirect(_next(filling, places_to_go, number, posted, done), 303)


@bp.get("/laporan/<slug>/<int:year>/periksa")
@own_report
def check(filling: Filling) -> ResponseReturnValue:
    """All answers, what the checks say of them, and the declaration."""
    if not filling.open_codes or filling.report is None:
        return redirect(filling.address())
    return _check(filling)


@bp.post("/laporan/<slug>/<int:year>/kirim")
@own_begun_report
def submit(slug: str, year: int, report_id: int) -> ResponseReturnValue:
    """File the report. Pressing twice leads to the same receipt."""
    by = _writer()
    try:
        if request.form.get("pernyataan") != "1":
            raise RuleBroken(N_("Centang pernyataan bahwa jawaban ini benar."), field="pernyataan")
        with writing():
            outcome = services.sign(
                report_id,
                by=by,
                declared_name=request.form.get("nama", "")[:200],
                declared_position=read_position(request.form.get("jabatan", "")),
                base_version=_seen_version(),
            )
    except RuleBroken as refusal:
        filling = find_filling(_me().id, slug, year) or abort(404)
        if not filling.open_codes:
            return _refused(filling, Posted({}, None), refusal)
        return _check(filling, refusal)
    arrived = ".sent" if isinstance(outcome, Receipt) else "signing.standing"
    return redirect(url_for(arrived, slug=slug, year=year), 303)


@bp.get("/laporan/<slug>/<int:year>/terkirim")
@own_report
def sent(filling: Filling) -> ResponseReturnValue:
    """It has arrived: the receipt's number, and what happens next."""
    report, cooperative = filling.report or abort(404), filling.cooperative
    receipt = queries.current_receipt(report)
    if receipt is None or report.status not in {Status.SUBMITTED, Status.APPROVED}:
        return redirect(filling.address())
    address = verification_url(receipt)
    return render_template(
        "questionnaire/sent.html",
        cooperative=cooperative,
        report=report,
        receipt=receipt,
        digest=short_digest(receipt.answers_digest),
        address=address,
        qr=qr_svg(address, _("Kode QR ke halaman periksa bukti")),
    )


def _me() -> User:
    """The person signed in."""
    me: User = current_user._get_current_object()
    return me


def _writer() -> User:
    """The person signed in, taken out of the session before a write unit, which then need not read them again."""
    me = _me()
    db.session.expunge(me)
    return me


def _anew(filling: Filling) -> Filling:
    """The report as it stands after a write unit."""
    return find_filling(_me().id, filling.slug, filling.year) or abort(404)


def _address(filling: Filling, view: str) -> str:
    return url_for(f".{view}", slug=filling.slug, year=filling.year)


def _section(filling: Filling) -> int | None:
    """The section that the address asks for, else the one to go on with; None when all is answered."""
    asked = request.args.get("bagian", "")
    numbers = [section.number for section in filling.questionnaire.sections]
    return next((number for number in numbers if str(number) == asked), filling.first_section)


def _form(
    filling: Filling,
    number: int,
    *,
    posted: Posted | None = None,
    done: services.SaveResult | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    page = form_page(
        filling,
        number,
        all_missing="lengkap" in request.args,
        conflicts=done.conflicts if done else None,
        posted=posted,
    )
    return render_template("questionnaire/fill.html", page=page, filling=filling), status


def _conflict(
    filling: Filling, number: int, posted: Posted, done: services.SaveResult
) -> ResponseReturnValue:
    """Everything else is saved; where two people typed, this one chooses."""
    waiting = read_answers(filling.questionnaire, posted.mine, places()).values
    touched = queries.last_changes(filling.report, posted.undecided) if filling.report else {}
    still = {
        name: services.FieldConflict(
            waiting.get(name), filling.answers.get(name), change.at, change.actor_name
        )
        for name, change in touched.items()
    }
    return _form(
        filling,
        number,
        posted=posted,
        done=services.SaveResult(done.version, done.changed, {**still, **done.conflicts}),
        status=409,
    )


def _next(
    filling: Filling, sections: tuple[int, ...], number: int, posted: Posted, done: services.SaveResult
) -> str:
    """Where a saved page leads: on, unless the checks have just found something in it that nobody has seen."""
    wider: dict[str, Any] = {"lengkap": 1} if "lengkap" in request.args else {}
    if posted.at:
        return filling.address(number, anchor=f"q-{posted.at}", **wider)
    here = {question.code for question in filling.questionnaire.section(number)}
    target = forward(number, sections, posted.go)
    onward = target == "periksa" or (isinstance(target, int) and target > number)
    if onward and (done.doubted | _unanswered(filling, posted)) & here:
        return filling.address(number, **wider)
    return _address(filling, "check") if isinstance(target, str) else filling.address(target, **wider)


def _unanswered(filling: Filling, posted: Posted) -> frozenset[str]:
    """What autosaving brought up on this page: the questions that are still doubtful, and have no reason yet."""
    if not posted.flagged:
        return frozenset()
    filling = _anew(filling)
    doubtful = {
        one.questions[0] for one in filling.findings if not filling.answers.get(one.reason or one.confirm)
    }
    return frozenset(doubtful) & posted.flagged


def _locked(filling: Filling) -> ResponseReturnValue:
    """The report to read, and why it cannot be changed."""
    return _read(filling, [], None, 200)


def _refused(filling: Filling, posted: Posted, refusal: RuleBroken) -> ResponseReturnValue:
    """It could not be saved: say why, and show what was typed, so that nothing is lost."""
    return _read(filling, unsaved(filling, {**posted.typed, **posted.mine}), refusal, 409)


def _read(
    filling: Filling, lost: list[tuple[str, str]], refusal: RuleBroken | None, status: int
) -> ResponseReturnValue:
    report = filling.report
    page = render_template(
        "questionnaire/read.html",
        filling=filling,
        report=report,
        parts=parts_of(filling) if report else [],
        receipts=queries.receipts_of([report.id])[report.id] if report else [],
        advice=advice_on(filling) if refusal is None else "",
        history=history_of(report) if report else [],
        lost=lost,
        refusal=refusal,
    )
    return page, status


def _check(filling: Filling, refusal: RuleBroken | None = None) -> ResponseReturnValue:
    typed = {name: fold_space(text) for name, text in request.form.items()} if refusal else {}
    name, position = _declarant(filling)
    page = render_template(
        "questionnaire/check.html",
        filling=filling,
        page=check_page(filling),
        refusal=refusal,
        name=typed.get("nama", name),
        position=typed.get("jabatan", position),
        declared=typed.get("pernyataan") == "1",
        positions=position_choices(),
    )
    return page, 422 if refusal else 200


def _declarant(filling: Filling) -> tuple[str, str]:
    """Who probably declares: the person at the keyboard if an office holder, else the chair."""
    if filling.membership.position in set(OFFICE_HOLDERS):
        return _me().name, filling.membership.position
    chair = filling.answers.get("nama_ketua")
    return (chair if isinstance(chair, str) else ""), Position.CHAIR.value


def _seen_version() -> int | None:
    """The version that the check page showed; None where the form sends none."""
    if "versi" not in request.form:
        return None
    version = read_version(request.form["versi"])
    return -1 if version is None else version
