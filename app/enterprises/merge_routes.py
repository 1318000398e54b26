"""Two rows that are one business: merging them, and taking it back."""

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.accounts.answers import BIGGEST_ID
from app.core.access import Role, only
from app.core.errors import RuleBroken
from app.core.i18n import say
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.blueprint import bp, found_or_404, me, refused, seen
from app.enterprises.card import compared
from app.enterprises.queries import merge_by_id
from app.enterprises.screens import LOOKS, state_name

PAIR = "/dinas/ukm/<slug>/gabung/<other>"


@bp.get(PAIR)
@only(Role.OPERATOR)
def merging(slug: str, other: str) -> ResponseReturnValue:
    """Both rows beside each other, before one goes into the other."""
    return render_template("enterprises/merge.html", errors={}, reason="", **_page(slug, other))


def _page(slug: str, other: str) -> dict[str, Any]:
    kept, gone = found_or_404(slug), found_or_404(other)
    return {
        "kept": kept,
        "other": gone,
        "rows": compared(kept, gone),
        "looks": LOOKS,
        "state_name": state_name,
    }


@bp.post(PAIR)
@only(Role.OPERATOR)
def merge(slug: str, other: str) -> ResponseReturnValue:
    """``other`` goes into the row at ``slug``."""
    reason = request.form.get("alasan", "")
    try:
        with writing():
            kept, gone = found_or_404(slug), found_or_404(other)
            versions = seen("versi_sini"), seen("versi_sana")
            services.merge(kept, gone, reason=reason, by=me(), seen=versions)
    except RuleBroken as no:
        return refused(
            "enterprises/merge.html", {no.field or "": no.text}, reason=reason, **_page(slug, other)
        )
    flash(_("Digabung. Penggabungan dapat dibatalkan dari kartu ini."), "done")
    return redirect(url_for(".card", slug=slug), 303)


@bp.post(f"/dinas/ukm/<slug>/gabung/<int(max={BIGGEST_ID}):merge_id>/batal")
@only(Role.OPERATOR)
def undo_merge(slug: str, merge_id: int) -> ResponseReturnValue:
    """Both rows stand by themselves again."""
    found_or_404(slug)
    try:
        with writing():
            made = merge_by_id(merge_id)
            if made is None or made.survivor.slug != slug:
                abort(404)
            services.undo_merge(made, by=me())
    except RuleBroken as no:
        flash(say(no.text), "warning")
    else:
        flash(_("Penggabungan dibatalkan."), "done")
    return redirect(url_for(".card", slug=slug), 303)
