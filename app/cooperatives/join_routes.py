"""How somebody comes to act for a cooperative: find it and claim it, show the office's code, or propose it."""

from collections.abc import Callable
from typing import Any

from flask import abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.accounts import devices, sessions
from app.accounts.answers import BIGGEST_ID
from app.accounts.models import User
from app.accounts.passwords import hash_password
from app.accounts.services import create_user
from app.cooperatives import services
from app.cooperatives.blueprint import bp, me, refused
from app.cooperatives.duplicates import twins
from app.cooperatives.fields import BY_CODE, PROPOSAL_OPTIONAL
from app.cooperatives.forms import PROPOSAL_CODES, ClaimForm, PersonForm, Problems, RegisterForm, line, told
from app.cooperatives.lists import read_wanted, search
from app.cooperatives.models import Cooperative, Membership, MembershipState
from app.cooperatives.queries import (
    claims_of,
    colleagues_of,
    listed_cooperative,
    membership_by_id,
    membership_of,
)
from app.cooperatives.rules import format_activation_code, normalise_activation_code
from app.cooperatives.screens import (
    choices_of,
    facts_of,
    lines_of,
    listing,
    place_choices,
    place_name,
    position_choices,
)
from app.cooperatives.standing import standing_of
from app.core.access import Role, public, signed_in
from app.core.errors import RuleBroken
from app.core.extensions import limiter
from app.core.office import office
from app.core.writing import writing

POSTS = "300/hour"  # per address, and thousands of phones share one: only a program sends more


@bp.get("/daftar")
@public
def join() -> ResponseReturnValue:
    """Find the cooperative that one acts for. Without a question, what to have at hand."""
    wanted = read_wanted({"q": request.args.get("q", "")}, public=True)
    found = listing(".join", search(wanted), wanted, public=True) if wanted.q else None
    lines = lines_of(found.rows, ".join_cooperative") if found else []
    return render_template("cooperatives/join.html", list=found, lines=lines, wanted=wanted)


@bp.get("/daftar/koperasi/<slug>")
@public
def join_cooperative(slug: str) -> ResponseReturnValue:
    """The claim of one cooperative; whoever has no account makes one on the same page."""
    return render_template(
        "cooperatives/join_cooperative.html",
        errors={},
        **_claim_page(_listed(slug), PersonForm(), ClaimForm()),
    )


@bp.post("/daftar/koperasi/<slug>")
@public
@limiter.limit(POSTS)
def claim_cooperative(slug: str) -> ResponseReturnValue:
    """Send the claim."""
    cooperative = _listed(slug)
    claim, person, problems = _read_person_and_claim()

    def deed(user: User) -> Membership:
        return services.claim(user, _listed(slug), position=claim.position, note=claim.note)

    try:
        if not problems:
            return _welcome(
                person,
                deed,
                _("Pengajuan Anda sudah kami terima. Petugas memeriksanya, lalu memberi tahu Anda."),
            )
    except RuleBroken as no:
        problems = told(problems, no)
    return refused(
        "cooperatives/join_cooperative.html",
        problems,
        **_claim_page(_listed(cooperative.slug), person, claim),
    )


def _listed(slug: str) -> Cooperative:
    cooperative = listed_cooperative(slug)
    if cooperative is None:
        abort(404)
    return cooperative


def _claim_page(cooperative: Cooperative, person: PersonForm, claim: ClaimForm) -> dict[str, Any]:
    return {
        "cooperative": cooperative,
        "standing": standing_of(cooperative),
        "facts": facts_of(cooperative, public=True),
        "person": person,
        "claim": claim,
        "positions": position_choices(),
        "mine": membership_of(me(), cooperative) if current_user.is_authenticated else None,
    }


@bp.get("/daftar/kode")
@public
def join_by_code() -> ResponseReturnValue:
    """The form for the office's letter; the code of its QR only stands in the field, and is spent by sending the form."""
    typed = line(request.args, "kode")[:60]
    code = normalise_activation_code(typed)
    return render_template(
        "cooperatives/join_by_code.html",
        errors={},
        **_code_page(format_activation_code(code) if code else typed, PersonForm(), ClaimForm()),
    )


@bp.post("/daftar/kode")
@public
@limiter.limit(POSTS)
def redeem_code() -> ResponseReturnValue:
    """Spend the code: the person may act at once. A wrong one is counted before it is looked up."""
    typed = line(request.form, "kode")[:60]
    claim, person, problems = _read_person_and_claim()
    try:
        code = services.read_code(typed)
        if not problems:
            account = str(current_user.id) if current_user.is_authenticated else person.account
            with writing():
                door = services.admit_code(account, address=request.remote_addr)
            return _welcome(
                person,
                lambda user: services.redeem_code(user, code, position=claim.position, door=door),
                _("Kode diterima. Anda sekarang pengelola koperasi ini."),
            )
    except RuleBroken as no:
        problems = told(problems, no)
    return refused("cooperatives/join_by_code.html", problems, **_code_page(typed, person, claim))


def _code_page(typed: str, person: PersonForm, claim: ClaimForm) -> dict[str, Any]:
    return {"code": typed, "person": person, "claim": claim, "positions": position_choices()}


@bp.get("/daftar/usul")
@public
def propose() -> ResponseReturnValue:
    """A cooperative that the register lacks: first what it is."""
    form = RegisterForm.empty(PROPOSAL_CODES)
    form.typed["nama_koperasi"] = line(request.args, "nama")[:150]
    return render_template("cooperatives/propose.html", errors={}, **_proposal_page(form))


@bp.post("/daftar/usul")
@public
@limiter.limit(POSTS)
def send_proposal() -> ResponseReturnValue:
    """First the cooperative, and those in the register that it may be; then who proposes it. Nothing is kept between."""
    form = RegisterForm.proposal(request.form)
    step = request.form.get("langkah", "")
    if form.problems or step == "ubah":
        return refused(
            "cooperatives/propose.html",
            form.problems,
            status=422 if form.problems else 200,
            **_proposal_page(form),
        )
    alike = twins(form.values)
    if alike and not request.form.get("tetap"):
        return refused("cooperatives/propose.html", {}, status=200, **_proposal_page(form), twins=alike)
    if step != "kirim":
        page = _proposer_page(form, PersonForm(), ClaimForm())
        return refused("cooperatives/propose_person.html", {}, status=200, **page)
    claim, person, problems = _read_person_and_claim()

    def deed(user: User) -> Membership:
        return services.propose(user, form.values, position=claim.position, note=claim.note)

    try:
        if not problems:
            return _welcome(
                person,
                deed,
                _("Usulan Anda sudah kami terima. Petugas memeriksanya, lalu memberi tahu Anda."),
            )
    except RuleBroken as no:
        problems = told(problems, no)
    return refused("cooperatives/propose_person.html", problems, **_proposer_page(form, person, claim))


def _proposal_page(form: RegisterForm) -> dict[str, Any]:
    return {
        "form": form,
        "fields": [BY_CODE[code] for code in PROPOSAL_CODES],
        "optional": PROPOSAL_OPTIONAL,
        "places": place_choices(),
        "choices_of": choices_of,
        "place_name": place_name,
    }


def _proposer_page(form: RegisterForm, person: PersonForm, claim: ClaimForm) -> dict[str, Any]:
    return {
        "form": form,
        "person": person,
        "claim": claim,
        "positions": position_choices(),
        "insists": bool(request.form.get("tetap")),
    }


@bp.get("/daftar/saya")
@signed_in
def mine() -> ResponseReturnValue:
    """One's own claims and what became of them; beside those that stand, who else acts for the same cooperative."""
    claims = claims_of(me())
    active = [claim for claim in claims if claim.state is MembershipState.ACTIVE]
    return render_template(
        "cooperatives/mine.html", claims=claims, colleagues=colleagues_of(active), state=MembershipState
    )


@bp.post(f"/daftar/saya/<int(max={BIGGEST_ID}):membership_id>/tarik")
@signed_in
def withdraw(membership_id: int) -> ResponseReturnValue:
    """Take a waiting claim back."""
    with writing():
        membership = membership_by_id(membership_id)
        if membership is None or membership.user_id != current_user.id:
            abort(404)
        services.withdraw_claim(membership)
    flash(_("Pengajuan ditarik."), "done")
    return redirect(url_for(".mine"))


def _read_person_and_claim() -> tuple[ClaimForm, PersonForm, Problems]:
    """The forms as sent; whoever is signed in fills in no person."""
    claim, person = ClaimForm.read(request.form), PersonForm()
    if not current_user.is_authenticated:
        person = PersonForm.read(request.form, office=office().full_name)
    return claim, person, person.problems | claim.problems


def _welcome(person: PersonForm, deed: Callable[[User], Membership], sentence: str) -> ResponseReturnValue:
    """Make the account where there is none, do ``deed`` in the same write unit, sign in, and show what stands."""
    if current_user.is_authenticated:
        with writing():
            deed(me())
        flash(sentence, "done")
        return redirect(url_for(".mine"))
    password_hash = hash_password(person.password)
    with writing():
        user = create_user(
            name=person.name,
            email=person.email or None,
            phone=person.phone or None,
            password_hash=password_hash,
            roles=[Role.COOPERATIVE],
        )
        deed(user)
    sessions.begin(user, remember=False)
    flash(sentence, "done")
    answer = make_response(redirect(url_for(".mine")))
    return devices.remember(answer, [known for known in (user.email, user.phone) if known])
