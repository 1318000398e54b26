"""The claims that wait: what a person says beside what the register says, and the decision."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.answers import BIGGEST_ID
from app.cooperatives import services
from app.cooperatives.blueprint import bp, me, refused
from app.cooperatives.claims import claim_page, next_waiting
from app.cooperatives.duplicates import twins_of
from app.cooperatives.forms import Problems, line, told
from app.cooperatives.hints import Hint, claim_hints
from app.cooperatives.models import Listing, Membership, MembershipState
from app.cooperatives.queries import listed_cooperative, members_of, membership_by_id, waiting_claims
from app.cooperatives.screens import facts_of, place_name
from app.cooperatives.standing import standing_of
from app.core.access import Role, only
from app.core.errors import RuleBroken
from app.core.paging import count_text
from app.core.writing import writing

CLAIM = f"/dinas/klaim/<int(max={BIGGEST_ID}):membership_id>"


@bp.get("/dinas/klaim")
@only(Role.OPERATOR)
def claims() -> ResponseReturnValue:
    """Claims that wait, longest first; or those that were decided, latest first."""
    decided = request.args.get("tampil") == "diputuskan"
    page = claim_page(decided=decided)
    return render_template(
        "cooperatives/claims.html",
        page=page,
        decided=decided,
        waiting=count_text(waiting_claims()),
        hints={claim.id: hints_of(claim)[0] for claim in page.rows},
        proposed=Listing.PROPOSED,
        state=MembershipState,
        place_name=place_name,
    )


@bp.get(CLAIM)
@only(Role.OPERATOR)
def claim(membership_id: int) -> ResponseReturnValue:
    """One claim beside the register."""
    return render_template("cooperatives/claim.html", errors={}, **_page(_found(membership_id)))


@bp.post(CLAIM)
@only(Role.OPERATOR)
def decide(membership_id: int) -> ResponseReturnValue:
    """Accept or refuse; then on to the next that waits."""
    verdict, reason = request.form.get("putusan"), line(request.form, "alasan")
    if verdict not in ("terima", "tolak"):
        abort(400)
    try:
        with writing():
            membership = services.decide_claim(
                _found(membership_id),
                accept=verdict == "terima",
                by=me(),
                reason=reason,
                seen=line(request.form, "koperasi"),
            )
            name, cooperative = membership.user.name, membership.cooperative.nama_koperasi
    except RuleBroken as no:
        return _refused(membership_id, no, reason)
    if verdict == "terima":
        flash(_("%(name)s sekarang pengelola %(cooperative)s.", name=name, cooperative=cooperative), "done")
    else:
        flash(_("Pengajuan %(name)s ditolak. Alasannya sudah dikirim.", name=name), "done")
    following = next_waiting()
    return redirect(url_for(".claim", membership_id=following) if following else url_for(".claims"))


@bp.post(f"{CLAIM}/gabung")
@only(Role.OPERATOR)
def merge(membership_id: int) -> ResponseReturnValue:
    """Point the claim of a proposed cooperative to the one in the register that it is."""
    try:
        with writing():
            into = listed_cooperative(line(request.form, "koperasi"))
            if into is None:
                abort(404)
            services.merge_claim(_found(membership_id), into=into, by=me())
    except RuleBroken as no:
        return _refused(membership_id, no, "")
    flash(_("Usulan digabung. Periksa pengajuannya untuk koperasi ini."), "done")
    return redirect(url_for(".claim", membership_id=membership_id))


def _refused(membership_id: int, no: RuleBroken, reason: str) -> ResponseReturnValue:
    problems: Problems = told({}, no)
    status = 422 if no.field else 409  # under no field: somebody else was faster
    return refused("cooperatives/claim.html", problems, status=status, **_page(_found(membership_id), reason))


def _found(membership_id: int) -> Membership:
    membership = membership_by_id(membership_id)
    if membership is None:
        abort(404)
    return membership


def hints_of(claim: Membership) -> list[Hint]:
    """What speaks for the claim, and what against it. A proposal holds the claimant's own words, which prove nothing."""
    person = {"name": claim.user.name, "email": claim.user.email, "phone": claim.user.phone}
    codes = ("nama_ketua", "nama_pengelola", "telepon_ketua", "telepon_kantor", "email")
    listed = claim.cooperative.listing is not Listing.PROPOSED
    known = {code: getattr(claim.cooperative, code) for code in codes} if listed else {}
    return claim_hints(person, known, claim.position)


def _page(claim: Membership, reason: str = "") -> dict[str, Any]:
    proposal = claim.cooperative.listing is Listing.PROPOSED
    return {
        "claim": claim,
        "hints": hints_of(claim),
        "standing": standing_of(claim.cooperative),
        "facts": facts_of(claim.cooperative, public=False),
        "members": members_of(claim.cooperative),
        "twins": twins_of(claim.cooperative) if proposal else [],
        "is_proposal": proposal,
        "listed": Listing.LISTED,
        "reason": reason,
        "state": MembershipState,
        "place_name": place_name,
    }
