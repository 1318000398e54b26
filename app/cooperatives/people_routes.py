"""The office's doings with those who act for a cooperative: activation codes, claims, and the end of a right."""

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.answers import BIGGEST_ID, private
from app.cooperatives import letters, services
from app.cooperatives.blueprint import bp, found_or_404, me, refused
from app.cooperatives.codes import paper_of
from app.cooperatives.forms import line, told
from app.cooperatives.models import ActivationCode, Cooperative, Membership
from app.cooperatives.queries import membership_by_id
from app.cooperatives.register_routes import CARD
from app.cooperatives.rules import format_activation_code
from app.core.access import Role, only
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import say
from app.core.qr import qr_svg
from app.core.writing import writing

PAPER = f"{CARD}/kode/<int(max={BIGGEST_ID}):code_id>"
MEMBER = f"{CARD}/pengelola/<int(max={BIGGEST_ID}):membership_id>"


@bp.post(f"{CARD}/kode")
@only(Role.OPERATOR)
def issue_code(slug: str) -> ResponseReturnValue:
    """Make a code and show its letter, once: the answer is the only place where the code ever stands."""
    try:
        with writing():
            cooperative = found_or_404(slug)
            code = services.issue_code(cooperative, by=me())
            paper = paper_of(cooperative, code)
    except RuleBroken as no:
        flash(say(no.text), "danger")
        return redirect(url_for(".card", slug=slug))
    if paper is None:
        raise AssertionError("a paper that was written just now")
    return private(render_template("cooperatives/code_letter.html", **_letter(cooperative, paper, code)))


def _letter(cooperative: Cooperative, paper: ActivationCode, code: str) -> dict[str, Any]:
    link = letters.code_address(code)
    return {
        "cooperative": cooperative,
        "paper": paper,
        "code": format_activation_code(code),
        "addressee": letters.addressee(cooperative),
        "steps": letters.steps(),
        "warning": letters.warning(),
        "last_day": letters.last_day(paper),
        "short_address": letters.short_address(),
        "qr": qr_svg(link, _("Kode QR ke halaman aktivasi")),
    }


@bp.post(f"{CARD}/kode/surat.pdf")
@only(Role.OPERATOR)
def code_letter(slug: str) -> ResponseReturnValue:
    """The same letter as PDF. The code comes from the page that showed it; nothing is changed."""
    cooperative = found_or_404(slug)
    code = line(request.form, "kode")
    paper = paper_of(cooperative, code)
    if paper is None:
        abort(404)
    answer = Response(
        letters.letter_pdf(cooperative, paper, services.read_code(code)), content_type="application/pdf"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="kode-{cooperative.slug}.pdf"'
    return private(answer)


@bp.post(f"{PAPER}/cabut")
@only(Role.OPERATOR)
def revoke_code(slug: str, code_id: int) -> ResponseReturnValue:
    """The paper was lost."""
    try:
        with writing():
            paper = db.session.get(ActivationCode, code_id)
            if paper is None or paper.cooperative_id != found_or_404(slug).id:
                abort(404)
            services.revoke_code(paper, by=me())
        flash(_("Kode dicabut."), "done")
    except RuleBroken as no:
        flash(say(no.text), "danger")
    return redirect(url_for(".card", slug=slug, _anchor="kode"))


@bp.get(f"{MEMBER}/akhiri")
@only(Role.OPERATOR)
def end_form(slug: str, membership_id: int) -> ResponseReturnValue:
    """Why the right ends."""
    member = _member(slug, membership_id)
    return render_template("cooperatives/end_membership.html", errors={}, member=member, reason="")


@bp.post(f"{MEMBER}/akhiri")
@only(Role.OPERATOR)
def end_membership(slug: str, membership_id: int) -> ResponseReturnValue:
    """End it; the person is told why."""
    reason = line(request.form, "alasan")
    try:
        with writing():
            member = _member(slug, membership_id)
            services.end_membership(member, by=me(), reason=reason)
            name = member.user.name
    except RuleBroken as no:
        page: dict[str, Any] = {"member": _member(slug, membership_id), "reason": reason}
        return refused("cooperatives/end_membership.html", told({}, no), **page)
    flash(_("%(name)s bukan pengelola lagi.", name=name), "done")
    return redirect(url_for(".card", slug=slug, _anchor="pengelola"))


def _member(slug: str, membership_id: int) -> Membership:
    member = membership_by_id(membership_id)
    if member is None or member.cooperative.slug != slug:
        abort(404)
    return member
