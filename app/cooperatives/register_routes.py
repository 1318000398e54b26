"""The office's register: the list, one card per cooperative, and its corrections."""

import json
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.audit.downloads import whole_table
from app.cooperatives import services
from app.cooperatives.blueprint import bp, found_or_404, me, refused
from app.cooperatives.codes import is_open
from app.cooperatives.corrections import Correction, correct_cooperative, typed_values
from app.cooperatives.duplicates import twins, twins_of
from app.cooperatives.exports import CLAIMED, STAFF, columns_of, staff_rows
from app.cooperatives.fields import FIELDS
from app.cooperatives.forms import CODES, DissolutionForm, RegisterForm, line, read_base, told
from app.cooperatives.happenings import timeline_of
from app.cooperatives.lists import read_wanted, rows_of, search
from app.cooperatives.merge_queries import merge_of, merges_into
from app.cooperatives.models import Cooperative, Listing, MembershipState
from app.cooperatives.queries import (
    claimed_ids,
    codes_of,
    inactive_after,
    people_of,
    region,
    status_counts,
    status_of,
)
from app.cooperatives.reading import shown
from app.cooperatives.screens import (
    choices_of,
    facts_of,
    listing,
    place_choices,
    place_name,
    timeline_lines,
)
from app.cooperatives.standing import standing_of
from app.core.access import Role, keeps_form, only, step_up
from app.core.database import today
from app.core.downloads import table_response
from app.core.errors import RuleBroken
from app.core.text import N_, Text
from app.core.writing import writing

CARD = "/dinas/koperasi/<slug>"
WHOLE_TIMELINE = 500
EXPORTED = [*columns_of(STAFF), CLAIMED]


@bp.get("/dinas/koperasi")
@only(Role.OPERATOR)
def register() -> ResponseReturnValue:
    """Every listed cooperative: search, filters, orders, pages; the filtered list as CSV or XLSX, what is private masked."""
    wanted = read_wanted(request.args)
    found = search(wanted)
    if (chosen := request.args.get("format")) in ("csv", "xlsx"):
        rows = staff_rows(rows_of(found, wanted))
        return table_response(EXPORTED, rows, filename=f"koperasi-{today().isoformat()}", suffix=chosen)
    page = listing(".register", found, wanted, public=False)
    return render_template(
        "cooperatives/register.html",
        list=page,
        claimed=claimed_ids(page.rows),
        counts=status_counts(),
        years=inactive_after(),
        status_of=status_of,
        place_name=place_name,
    )


@bp.post("/dinas/koperasi/lengkap")
@only(Role.OPERATOR)
@step_up
def register_whole() -> ResponseReturnValue:
    """The filtered list with telephone numbers and all that is private, on record."""
    wanted = read_wanted(request.args)
    rows = list(staff_rows(rows_of(search(wanted), wanted)))
    name = f"koperasi-lengkap-{today().isoformat()}"
    return whole_table(EXPORTED, rows, filename=name, suffix=request.form.get("format", "csv"))


@bp.get("/dinas/koperasi/baru")
@only(Role.OPERATOR)
def add() -> ResponseReturnValue:
    """The form for one cooperative."""
    return render_template("cooperatives/add.html", errors={}, **_form_page(RegisterForm.empty()))


@bp.post("/dinas/koperasi/baru")
@only(Role.OPERATOR)
@keeps_form(N_("Koperasi baru"))
def save_new() -> ResponseReturnValue:
    """Add it; when it may be there already, first show what is."""
    form = RegisterForm.read(request.form)
    if form.problems:
        return refused("cooperatives/add.html", form.problems, **_form_page(form))
    alike = twins(form.values, proposals=True)
    if alike and not request.form.get("tetap"):
        return refused("cooperatives/add.html", {}, status=200, **_form_page(form), twins=alike)
    try:
        with writing():
            slug = services.add_cooperative(form.values).slug
    except RuleBroken as no:
        return refused("cooperatives/add.html", told({}, no), **_form_page(form))
    flash(_("Koperasi masuk register."), "done")
    return redirect(url_for(".card", slug=slug))


def _form_page(form: RegisterForm) -> dict[str, Any]:
    return {
        "form": form,
        "fields": FIELDS,
        "optional": [code for code in CODES if code != "nama_koperasi"],
        "places": place_choices(),
        "choices_of": choices_of,
        "place_name": place_name,
    }


@bp.get(CARD)
@only(Role.OPERATOR)
def card(slug: str) -> ResponseReturnValue:
    """All that the office knows of one cooperative."""
    cooperative = found_or_404(slug)
    people = people_of(cooperative)
    limit = WHOLE_TIMELINE if request.args.get("riwayat") == "semua" else 12
    happenings = timeline_of(cooperative, limit + 1)
    return render_template(
        "cooperatives/card.html",
        cooperative=cooperative,
        standing=standing_of(cooperative),
        facts=facts_of(cooperative, public=False),
        place_name=place_name,
        members=[person for person in people if person.state is MembershipState.ACTIVE],
        waiting=[person for person in people if person.state is MembershipState.PENDING],
        former=[
            person for person in people if person.state in (MembershipState.ENDED, MembershipState.REFUSED)
        ],
        codes=codes_of(cooperative),
        is_open=is_open,
        twins=twins_of(cooperative),
        timeline=timeline_lines(happenings[:limit]),
        has_more=len(happenings) > limit,
        listed=Listing.LISTED,
        proposed=Listing.PROPOSED,
        merged=Listing.MERGED,
        merge=merge_of(cooperative),
        merges=merges_into(cooperative),
    )


@bp.get(f"{CARD}/ubah")
@only(Role.OPERATOR)
def edit(slug: str) -> ResponseReturnValue:
    """The same fields, filled in."""
    cooperative = found_or_404(slug)
    return render_template(
        "cooperatives/edit.html", errors={}, **_edit_page(cooperative, RegisterForm.of(cooperative))
    )


@bp.post(f"{CARD}/ubah")
@only(Role.OPERATOR)
@keeps_form(N_("Koreksi data koperasi"))
def save(slug: str) -> ResponseReturnValue:
    """Write the corrections; what somebody else changed meanwhile is never overwritten unseen."""
    cooperative = found_or_404(slug)
    form = RegisterForm.read(_chosen(cooperative), of=cooperative)
    undecided = _undecided()
    problems = form.problems | {f"pilih_{code}": Text(N_("Pilih salah satu isian.")) for code in undecided}
    if problems:
        return refused(
            "cooperatives/edit.html", problems, **_edit_page(cooperative, form, undecided, again=True)
        )
    version, base = read_base(request.form)
    try:
        with writing():
            correction = correct_cooperative(found_or_404(slug), form.values, version=version, base=base)
    except RuleBroken as no:
        return refused("cooperatives/edit.html", told({}, no), **_edit_page(cooperative, form, again=True))
    if correction.conflicts:
        page = _edit_page(found_or_404(slug), form, list(correction.conflicts))
        return refused("cooperatives/edit.html", {}, status=409, **page)
    _tell(correction)
    return redirect(url_for(".card", slug=slug))


def _tell(correction: Correction) -> None:
    if correction.merged:
        flash(_("Perubahan Anda tersimpan. Isian lain yang baru diubah orang lain tetap ada."), "done")
    elif correction.changed:
        flash(_("Perubahan tersimpan."), "done")
    else:
        flash(_("Tidak ada yang berubah."), "info")


def _asked() -> list[str]:
    """The fields of which two values stood on the page that was sent."""
    return [code for code in request.form.getlist("bentrok") if code in CODES]


def _undecided() -> list[str]:
    return [code for code in _asked() if request.form.get(f"pilih_{code}") not in ("mine", "theirs")]


def _chosen(cooperative: Cooperative) -> Any:
    """The form as sent; where the register's value was chosen over the typed one, that value."""
    sent, theirs = request.form.copy(), typed_values(cooperative, CODES)
    for code in _asked():
        if request.form.get(f"pilih_{code}") == "theirs":
            sent[code] = theirs[code]
    return sent


def _edit_page(
    cooperative: Cooperative, form: RegisterForm, conflicts: list[str] | None = None, *, again: bool = False
) -> dict[str, Any]:
    """``again``: the form goes on from where it began; else it begins from the register as it now is."""
    places, theirs = region(), typed_values(cooperative, CODES)
    version, base = read_base(request.form) if again else (cooperative.version, theirs)
    both = [
        {
            "code": code,
            "label": next(field.label for field in FIELDS if field.code == code),
            "mine": shown(code, form.values.get(code), places) or form.typed[code],
            "theirs": shown(code, getattr(cooperative, code), places),
            "choice": request.form.get(f"pilih_{code}", ""),
        }
        for code in conflicts or ()
    ]
    return _form_page(form) | {
        "cooperative": cooperative,
        "conflicts": both,
        "version": version,
        "base": json.dumps(base, ensure_ascii=False) if base is not None else "",
    }


@bp.get(f"{CARD}/bubar")
@only(Role.OPERATOR)
def dissolution(slug: str) -> ResponseReturnValue:
    """The form for the decree; for a dissolved cooperative, the form that undoes it."""
    return render_template(
        "cooperatives/dissolve.html",
        errors={},
        cooperative=found_or_404(slug),
        form=DissolutionForm(),
        reason="",
    )


@bp.post(f"{CARD}/bubar")
@only(Role.OPERATOR)
def dissolve(slug: str) -> ResponseReturnValue:
    """*Bubar*, by decree."""
    form = DissolutionForm.read(request.form)
    # Where a colleague was quicker, the page asks for none of these fields any more: the service says what is so.
    problems = form.problems if found_or_404(slug).dissolved_on is None else {}
    try:
        if not problems:
            with writing():
                services.dissolve(found_or_404(slug), on=form.day or today(), decree=form.decree, by=me())
            flash(_("Koperasi tercatat bubar."), "done")
            return redirect(url_for(".card", slug=slug))
    except RuleBroken as no:
        problems = told(problems, no)
    page: dict[str, Any] = {"cooperative": found_or_404(slug), "form": form, "reason": ""}
    return refused("cooperatives/dissolve.html", problems, **page)


@bp.post(f"{CARD}/bubar/batal")
@only(Role.OPERATOR)
def undo_dissolution(slug: str) -> ResponseReturnValue:
    """The decree was lifted, or noted on the wrong card."""
    reason = line(request.form, "alasan")
    if found_or_404(slug).dissolved_on is None:
        abort(404)
    try:
        with writing():
            services.undo_dissolution(found_or_404(slug), reason=reason, by=me())
    except RuleBroken as no:
        again: dict[str, Any] = {
            "cooperative": found_or_404(slug),
            "form": DissolutionForm(),
            "reason": reason,
        }
        return refused("cooperatives/dissolve.html", told({}, no), **again)
    flash(_("Pembubaran dibatalkan."), "done")
    return redirect(url_for(".card", slug=slug))
