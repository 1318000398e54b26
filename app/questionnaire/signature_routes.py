"""What a finished report waits for, as the cooperative sees it: the second signature, or its own yes to what was typed for it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.accounts.models import User
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import _, say
from app.core.office import office
from app.core.writing import writing
from app.questionnaire import signing
from app.questionnaire.access import own_report
from app.questionnaire.confirming import last_help, last_signature
from app.questionnaire.filling import Filling
from app.questionnaire.forms import read_version
from app.questionnaire.moves import Overtaken
from app.questionnaire.reading_page import parts_of
from app.questionnaire.rules import Status
from app.questionnaire.waiting import CHANNEL_NAMES, HelpState, SignatureState

bp = Blueprint("signing", __name__)
REPORT = "/laporan/<slug>/<int(max=9999):year>"


@bp.get(f"{REPORT}/tanda-tangan")
@own_report
def standing(filling: Filling) -> ResponseReturnValue:
    """Who finished the report, whose yes it waits for, and the answers; to sign or to decline for whoever can."""
    return _page(filling)


@bp.post(f"{REPORT}/tanda-tangan")
@own_report
def decide(filling: Filling) -> ResponseReturnValue:
    """Sign as the second, decline with a reason, or take the first signature back."""
    if filling.report is None:
        return redirect(filling.address())
    act, report, by = request.form.get("tindakan", ""), filling.report, _me()
    try:
        with writing():
            if act == "setuju":
                _check_seen(filling)
                signing.confirm_second(report, by=by)
            elif act == "tolak":
                signing.decline_second(report, by=by, reason=request.form.get("alasan", ""))
            elif act == "tarik":
                signing.withdraw_signature(report, by=by)
    except RuleBroken as refusal:
        return _page(filling, refusal)
    if act == "setuju":
        return redirect(url_for("questionnaire.sent", slug=filling.slug, year=filling.year), 303)
    if act == "tolak":
        flash(_("Penolakan Anda tercatat. Pengurus pertama dapat membetulkan laporan ini."), "done")
    elif act == "tarik":
        flash(_("Tanda tangan ditarik. Laporan kembali menjadi draf."), "done")
    return redirect(filling.address(), 303)


def _check_seen(filling: Filling) -> None:
    """A page of older answers signs nothing. Raises Overtaken."""
    report = filling.report
    if report is not None and report.status is not Status.SUBMITTED:
        seen = read_version(request.form.get("versi", ""))
        db.session.refresh(report)
        if seen != report.version:
            raise Overtaken(signing.VOIDED)


def _me() -> User:
    me: User = current_user._get_current_object()
    return me


def _page(filling: Filling, refusal: RuleBroken | None = None) -> ResponseReturnValue:
    report = filling.report
    if report is None or report.status not in {Status.DRAFT, Status.RETURNED}:
        return redirect(filling.address())
    signature, help_ = last_signature(report), last_help(report)
    if signature is not None and signature.state is not SignatureState.WAITING:
        signature = None
    if help_ is not None and help_.state is not HelpState.WAITING:
        help_ = None
    if signature is None and help_ is None and refusal is None:
        return redirect(filling.address())
    seconds = signing.seconds_for(signature, report) if signature else []
    page = render_template(
        "questionnaire/standing.html",
        filling=filling,
        report=report,
        signature=signature,
        help=help_,
        channel=say(CHANNEL_NAMES[help_.channel]) if help_ else "",
        void=not report.waits,
        seconds=seconds,
        mine=current_user.id in {member.user_id for member in seconds},
        signed_here=signature is not None and signature.signed_by_id == current_user.id,
        parts=parts_of(filling),
        refusal=refusal,
        reason=request.form.get("alasan", ""),
        phone=office().phone,
        claim_address=url_for("cooperatives.join_cooperative", slug=filling.slug, _external=False),
    )
    return page, 422 if refusal else 200
