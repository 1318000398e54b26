"""Where a cooperative confirms, with the code alone, what the office typed for it. Nothing here tells anything without a code."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, abort, make_response, render_template, request
from flask.typing import ResponseReturnValue

from app.accounts import pace
from app.accounts.answers import private
from app.cooperatives.codes import admit_code
from app.cooperatives.rules import format_activation_code, normalise_activation_code
from app.core.access import public
from app.core.downloads import file_response
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.i18n import _, say
from app.core.parsing import fold_space
from app.core.qr import qr_svg
from app.core.writing import writing
from app.questionnaire import helping, receipts
from app.questionnaire.assisted import find_assisted
from app.questionnaire.declaring import position_choices, read_position
from app.questionnaire.helping import Confirmed
from app.questionnaire.models import Help
from app.questionnaire.reading_page import parts_of
from app.questionnaire.rules import short_digest
from app.questionnaire.waiting import CHANNEL_NAMES, HelpState

bp = Blueprint("confirming", __name__)
POSTS = "60 per minute; 300 per hour"  # per address, and an office or a village shares one


def with_code(view: Callable[[str, Help], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """Decorate a view that needs the code that was typed and what it opens; a code that opens nothing is asked for again."""

    @wraps(view)
    def answer() -> ResponseReturnValue:
        typed = _typed()
        try:
            code, help_ = _opened(typed)
        except RuleBroken as refusal:
            return _enter(typed, refusal)
        return view(code, help_)

    return answer


@bp.get("/konfirmasi")
@public
def enter() -> ResponseReturnValue:
    """The form for the code; a QR only puts it into the field."""
    typed = fold_space(request.args.get("kode", ""))[:60]
    code = normalise_activation_code(typed)
    return _enter(format_activation_code(code) if code else typed)


@bp.post("/konfirmasi")
@public
@limiter.limit(POSTS)
@with_code
def show(code: str, help_: Help) -> ResponseReturnValue:
    """What was typed, for the holder of the code, to declare or to dispute."""
    if help_.state is HelpState.CONFIRMED:
        return _done(code, helping.outcome_of(help_))
    return _answers(code, help_)


@bp.post("/konfirmasi/setuju")
@public
@limiter.limit(POSTS)
@with_code
def confirm(code: str, _help: Help) -> ResponseReturnValue:
    """Declare the answers to be true: the report is sent. Pressing twice leads to the same receipt."""
    try:
        if request.form.get("pernyataan") != "1":
            raise RuleBroken(helping.DECLARE, field="pernyataan")
        with writing():
            outcome = helping.confirm_help(
                code,
                name=request.form.get("nama", "")[:200],
                position=read_position(request.form.get("jabatan", "")),
            )
    except RuleBroken as refusal:
        return _again(code, refusal)
    return _done(code, outcome)


@bp.post("/konfirmasi/keliru")
@public
@limiter.limit(POSTS)
@with_code
def dispute(code: str, _help: Help) -> ResponseReturnValue:
    """Say that something is wrong: it goes back to the operator."""
    try:
        with writing():
            helping.dispute_help(code, remark=request.form.get("keliru", ""))
    except RuleBroken as refusal:
        return _again(code, refusal)
    return private(render_template("questionnaire/disputed.html"))


@bp.post("/konfirmasi/bukti.pdf")
@public
@limiter.limit(POSTS)
def receipt() -> ResponseReturnValue:
    """The receipt, for the holder of the code that led to it."""
    try:
        outcome = helping.outcome_of(_opened(_typed())[1])
    except RuleBroken:
        abort(404)
    if outcome.receipt is None:
        abort(404)
    report = outcome.help.report
    name = f"bukti-{report.cooperative.slug}-{report.year}.pdf"
    return private(file_response(receipts.pdf(outcome.receipt), name, "application/pdf"))


def _typed() -> str:
    return fold_space(request.form.get("kode", ""))[:60]


def _opened(typed: str) -> tuple[str, Help]:
    """The code and what it opens. A try is counted before it is looked up: each network has a pace, nobody locks out others.

    Raises RuleBroken (field ``kode``).
    """
    code = helping.read_code(typed)
    with writing():
        door = admit_code(f"confirmation {code}", address=request.remote_addr)
    help_ = helping.help_by_code(code)
    with writing():
        pace.forget(door.account)
    return code, help_


def _enter(typed: str, refusal: RuleBroken | None = None) -> ResponseReturnValue:
    page = render_template("questionnaire/confirm_code.html", code=typed, refusal=refusal)
    return private(make_response(page, 422 if refusal else 200))


def _again(code: str, refusal: RuleBroken) -> ResponseReturnValue:
    """The same page with what is wrong; the first page when the code opens nothing any more."""
    try:
        help_ = helping.help_by_code(code)
    except RuleBroken as gone:
        return _enter(format_activation_code(code), gone)
    if help_.state is HelpState.CONFIRMED:
        return _done(code, helping.outcome_of(help_))
    return _answers(code, help_, refusal)


def _answers(code: str, help_: Help, refusal: RuleBroken | None = None) -> ResponseReturnValue:
    report = help_.report
    filling = find_assisted(report.cooperative, report.year) or abort(404)
    page = render_template(
        "questionnaire/confirm.html",
        code=format_activation_code(code),
        help=help_,
        report=report,
        channel=say(CHANNEL_NAMES[help_.channel]),
        parts=parts_of(filling, links=False),
        positions=position_choices(),
        typed={
            "nama": request.form.get("nama", help_.spoke_name),
            "jabatan": request.form.get("jabatan", help_.spoke_position),
            "keliru": request.form.get("keliru", ""),
            "pernyataan": request.form.get("pernyataan") == "1",
        },
        refusal=refusal,
    )
    return private(make_response(page, 422 if refusal else 200))


def _done(code: str, outcome: Confirmed) -> ResponseReturnValue:
    receipt = outcome.receipt
    page = render_template(
        "questionnaire/confirmed.html",
        code=format_activation_code(code),
        report=outcome.help.report,
        help=outcome.help,
        receipt=receipt,
        signature=outcome.signature,
        digest=short_digest(receipt.answers_digest) if receipt else "",
        qr=qr_svg(receipts.verification_url(receipt), _("Kode QR ke halaman periksa bukti"))
        if receipt
        else "",
    )
    return private(page)
