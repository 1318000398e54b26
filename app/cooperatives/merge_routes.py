"""Merging two rows of the register: side by side, decided field by field, and undone."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.cooperatives import merging
from app.cooperatives.blueprint import bp, found_or_404, me, refused
from app.cooperatives.codes import is_open
from app.cooperatives.fields import LABELS
from app.cooperatives.forms import LONGEST, told
from app.cooperatives.merge_queries import merge_by_id
from app.cooperatives.models import Cooperative, CooperativeMerge
from app.cooperatives.queries import codes_of, people_of, region
from app.cooperatives.reading import shown
from app.cooperatives.signals import Fate, answers, merge_asked
from app.core.access import Role, keeps_form, only
from app.core.errors import RuleBroken
from app.core.text import N_, Text
from app.core.writing import writing

MERGE = "/dinas/koperasi/<slug>/gabung/<other>"
UNDO = "/dinas/koperasi/<slug>/gabungan/<int(max=2147483647):merge_id>"
HERE, THERE = "sini", "sana"


@bp.get(MERGE)
@only(Role.OPERATOR)
def merge_rows(slug: str, other: str) -> ResponseReturnValue:
    """Both rows side by side, and what will happen."""
    kept, gone = found_or_404(slug), found_or_404(other)
    return render_template("cooperatives/merge.html", errors={}, **_page(kept, gone))


@bp.post(MERGE)
@only(Role.OPERATOR)
@keeps_form(N_("Gabungkan koperasi"))
def save_merged_rows(slug: str, other: str) -> ResponseReturnValue:
    """One row goes into the other."""
    theirs = {code for code in LABELS if request.form.get(f"nilai_{code}") == THERE}
    try:
        with writing():
            kept, gone = found_or_404(slug), found_or_404(other)
            merging.merge(kept, gone, theirs=theirs, reason=_reason(), by=me(), seen=_seen())
    except RuleBroken as no:
        problems = told({}, no)
        return refused("cooperatives/merge.html", problems, **_page(found_or_404(slug), found_or_404(other)))
    flash(_("Koperasi digabung. Penggabungan dapat dibatalkan dari kartu ini."), "done")
    return redirect(url_for(".card", slug=slug))


def _reason() -> str:
    return request.form.get("alasan", "")[:LONGEST]


def _seen() -> tuple[int, int]:
    """The versions that the page showed; what was tampered with matches nothing."""
    raw = [request.form.get(name, "") for name in ("versi_sini", "versi_sana")]
    here, there = (int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0 for text in raw)
    return here, there


def _page(kept: Cooperative, gone: Cooperative) -> dict[str, Any]:
    """What the page shows; after a refusal with the choices and the reason as they were sent."""
    places = region()
    differing = merging.differing(kept, gone)
    rows = [
        {
            "code": code,
            "label": LABELS[code],
            "here": shown(code, getattr(kept, code), places),
            "there": shown(code, getattr(gone, code), places),
            "choice": request.form.get(f"nilai_{code}", "")
            or (THERE if merging.better_there(kept, gone, code) else HERE),
        }
        for code in differing
    ]
    same = [
        (LABELS[code], shown(code, getattr(kept, code), places))
        for code in LABELS
        if code not in differing and getattr(kept, code) == getattr(gone, code) and getattr(kept, code)
    ]
    return {
        "kept": kept,
        "gone": gone,
        "rows": rows,
        "same": same,
        "fates": _fates(kept, gone),
        "obstacle": _obstacle(kept, gone),
        "reason": _reason(),
    }


def _obstacle(kept: Cooperative, gone: Cooperative) -> Text | None:
    """Why these two cannot be merged at all."""
    try:
        merging.check_mergeable(kept, gone)
    except RuleBroken as no:
        return no.text
    return None


def _fates(kept: Cooperative, gone: Cooperative) -> list[Fate]:
    """What both have, and what comes of it."""
    here, there = (", ".join(_names(row)) for row in (kept, gone))
    papers = [str(sum(map(is_open, codes_of(row)))) for row in (kept, gone)]
    own = [
        Fate(
            Text(N_("Pengelola dan pengajuan")), here, there, Text(N_("Pindah; yang sama tidak digandakan"))
        ),
        Fate(
            Text(N_("Kode aktivasi yang berlaku")),
            papers[0],
            papers[1],
            Text(N_("Kode baris yang digabung dicabut")),
        ),
    ]
    return own + [fate for given in answers(merge_asked.send(gone, into=kept)) for fate in given]


def _names(row: Cooperative) -> list[str]:
    return [person.user.name for person in people_of(row) if person.state in ("active", "pending")]


@bp.get(UNDO)
@only(Role.OPERATOR)
def unmerge(slug: str, merge_id: int) -> ResponseReturnValue:
    """What undoing does, and why it is asked."""
    return render_template("cooperatives/unmerge.html", errors={}, **_undo_page(_found(slug, merge_id)))


@bp.post(UNDO)
@only(Role.OPERATOR)
@keeps_form(N_("Batalkan penggabungan"))
def undo_merge(slug: str, merge_id: int) -> ResponseReturnValue:
    """Two rows again."""
    try:
        with writing():
            merging.undo_merge(_found(slug, merge_id), reason=_reason(), by=me())
    except RuleBroken as no:
        page = _undo_page(_found(slug, merge_id))
        return refused("cooperatives/unmerge.html", told({}, no), **page)
    flash(_("Penggabungan dibatalkan. Kedua koperasi kembali seperti semula."), "done")
    return redirect(url_for(".card", slug=slug))


def _found(slug: str, merge_id: int) -> CooperativeMerge:
    return merge_by_id(found_or_404(slug), merge_id) or abort(404)


def _undo_page(made: CooperativeMerge) -> dict[str, Any]:
    return {"made": made, "reason": _reason()}
