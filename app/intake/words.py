"""Rows of an import as the screen shows them, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from app.core.formatting import number, rupiah
from app.core.i18n import _, say
from app.core.text import Text
from app.intake.fields import FIELDS, REGISTER_COLUMNS, Kind
from app.intake.models import ImportRow
from app.regions.queries import office_region


@dataclass(frozen=True)
class ShownRow:
    """One row of the dry run: its fate, the reasons, what would change, and whom a doubtful one may mean."""

    row: ImportRow
    title: str
    reasons: list[str]
    changes: list[tuple[str, str, str]]
    choices: list[tuple[str, str]]
    slug: str = ""


def shown(row: ImportRow, slugs: Mapping[int, str]) -> ShownRow:
    """``row`` in words. ``slugs`` are the addresses of the cooperatives that rows are about, by id."""
    plan = row.plan
    changes = [_change(*change) for change in plan["changes"]]
    report = plan["report"]
    if report and report["changes"] and row.outcome in {"new", "changed"}:
        told = _("%(count)s jawaban", count=len(report["changes"]))
        changes.append((_("Laporan tahun buku %(year)s (hasil impor)", year=report["year"]), "", told))
    return ShownRow(
        row=row,
        title=row.name or _("Baris tanpa nama"),
        reasons=[say(Text.from_json(note)) for note in row.notes],
        changes=changes,
        choices=_choices(plan["candidates"]) if row.outcome == "doubtful" else [],
        slug=slugs.get(row.cooperative_id or 0, ""),
    )


def _change(column: str, before: Any, after: Any) -> tuple[str, str, str]:
    field = FIELDS.get(REGISTER_COLUMNS.get(column, column))
    label = say(field.label) if field else column
    kind = field.kind if field else Kind.TEXT
    return label, _value(kind, before), _value(kind, after)


def _value(kind: Kind, value: Any) -> str:
    if value is None:
        return ""
    if kind is Kind.PLACE:
        return office_region(current_app.config["REGION"]).name_of(str(value)) or str(value)
    if isinstance(value, int):
        return rupiah(value) if kind is Kind.RUPIAH else number(value)
    return str(value)


def _choices(candidates: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    known = [(str(c["id"]), _("Sama dengan %(name)s", name=c["name"])) for c in candidates if c["id"]]
    unique = list(dict(known).items())
    return [*unique, ("new", _("Koperasi baru")), ("skip", _("Lewati baris ini"))]
