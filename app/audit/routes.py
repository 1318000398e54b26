"""Addresses of the trail."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.audit import kinds, queries
from app.audit.forms import BIGGEST_ID, TrailForm
from app.audit.models import TrailEntry
from app.core.access import Role, only
from app.core.formatting import number
from app.core.i18n import say
from app.core.paging import count_text, count_up_to, paginate

bp = Blueprint("audit", __name__)


@bp.app_template_filter("action_name")
def action_name(action: str) -> str:
    """What an action of the trail is called, in the reader's language."""
    return say(kinds.action_name(action))


@bp.get("/dinas/jejak")
@only(Role.OPERATOR, Role.ADMIN)
def trail() -> ResponseReturnValue:
    """Who changed what, the newest first."""
    form = TrailForm.read(request.args)
    query = queries.trail(form.wanted)
    page = paginate(query, by=(TrailEntry.id,), key=lambda entry: (entry.id,), descending=True)
    return render_template(
        "audit/trail.html",
        page=page,
        form=form,
        errors={name: say(problem) for name, problem in form.problems.items()},
        chips=_chips(form),
        count=count_text(count_up_to(query)),
        kinds=kinds,
    )


@bp.get(f"/dinas/jejak/<int(max={BIGGEST_ID}):entry_id>")
@only(Role.OPERATOR, Role.ADMIN)
def entry(entry_id: int) -> ResponseReturnValue:
    """One change: its fields, and the values where the reader may see them."""
    shown = queries.entry(entry_id)
    if shown is None:
        abort(404)
    older, newer = queries.neighbours(shown)
    may_see = kinds.may_see_values(shown.subject_kind, current_user.roles)
    return render_template(
        "audit/entry.html",
        entry=shown,
        may_see=may_see,
        lines=lines_of(shown) if may_see and not shown.is_erased else [],
        older=older,
        newer=newer,
        kinds=kinds,
    )


def lines_of(shown: TrailEntry) -> list[tuple[str, str, str]]:
    """Field, before, after, as people read them."""
    before, after = shown.before or {}, shown.after or {}
    names = dict.fromkeys([*shown.fields, *before, *after])
    return [(name, written(before, name), written(after, name)) for name in names]


def written(values: Mapping[str, Any], name: str) -> str:
    """A value as people read it; a dash where there was none."""
    value = values.get(name)
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return str(_("ya") if value else _("tidak"))
    if isinstance(value, int):
        return str(value) if "tahun" in name or "year" in name else number(value)
    if isinstance(value, list):
        return ", ".join(_word(name, item) for item in value) or "–"
    if isinstance(value, Mapping):
        return "; ".join(f"{key}: {written(value, key)}" for key in value) or "–"
    return _word(name, value)


def _word(field: str, value: object) -> str:
    """Codes by their words; what people wrote stays as it is."""
    coded = kinds.value_name(field, value)
    return say(coded) if coded != str(value) else str(value)


def _chips(form: TrailForm) -> list[tuple[str, str]]:
    """What narrows the list, each with the address without it."""
    address = form.address()
    words = {
        "q": address.get("q", ""),
        "orang": _("Oleh %(name)s", name=address.get("orang", "")),
        "jenis": say(kinds.kind_name(address.get("jenis", ""))),
        "tindakan": say(kinds.action_name(address.get("tindakan", ""))),
        "dari": _("Sejak %(day)s", day=address.get("dari", "")),
        "sampai": _("Sampai %(day)s", day=address.get("sampai", "")),
        "nomor": _("Nomor %(number)s", number=address.get("nomor", "")),
    }
    found = []
    for name in address:
        others: dict[str, Any] = {other: value for other, value in address.items() if other != name}
        found.append((words[name], url_for(".trail", **others)))
    return found
