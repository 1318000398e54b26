"""Rows of an import as the screen shows them, in the reader's language."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import current_app

from app.core.formatting import number, rupiah
from app.core.i18n import _, say
from app.core.text import N_, Text
from app.enterprises import rules
from app.enterprises.sectors import ACTIVITY_NAMES
from app.intake.catalogue import Kind
from app.intake.enterprises.fields import VALUES
from app.intake.fields import FIELDS, REGISTER_COLUMNS
from app.intake.lists import COOPERATIVE, ListOf
from app.intake.models import ImportJob, ImportRow
from app.intake.queries import about
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

    @property
    def decided(self) -> str:
        """A person's word on it, empty where there is none."""
        word = self.row.decision
        return dict(self.choices).get(word, _("Sama dengan yang sudah ada")) if word else ""


def shown(row: ImportRow, slugs: Mapping[int, str], kind: ListOf = COOPERATIVE) -> ShownRow:
    """``row`` in words. ``slugs`` are the addresses of the cooperatives or enterprises that rows are about, by id."""
    plan = row.plan
    change = _change if kind is COOPERATIVE else _change_of_enterprise
    changes = [change(*one) for one in plan["changes"]]
    report = plan["report"]
    if report and report["changes"] and row.outcome in {"new", "changed"}:
        told = _("%(count)s jawaban", count=len(report["changes"]))
        changes.append((_("Laporan tahun buku %(year)s (hasil impor)", year=report["year"]), "", told))
    return ShownRow(
        row=row,
        title=row.name or _("Baris tanpa nama"),
        reasons=[say(Text.from_json(note)) for note in row.notes],
        changes=changes,
        choices=_choices(plan["candidates"], kind) if row.outcome == "doubtful" else [],
        slug=slugs.get(about(row) or 0, ""),
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


def _change_of_enterprise(column: str, before: Any, after: Any) -> tuple[str, str, str]:
    """As on the card; figures and codes of lists in their own words."""
    return (
        say(VALUES.get(column, column)),
        _enterprise_value(column, before),
        _enterprise_value(column, after),
    )


def _enterprise_value(column: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("ya") if value else _("tidak")
    if isinstance(value, dict):
        return ", ".join(_enterprise_value(column, one) for one in value.values())
    if isinstance(value, list):
        return ", ".join(_enterprise_value(column, one) for one in value)
    if column.startswith("kode_"):
        return _value(Kind.PLACE, value)
    if isinstance(value, str) and value in CODED.get(column, {}):
        return say(CODED[column][value])
    return "" if value is None else str(value)


CODED: Mapping[str, Mapping[str, str]] = {
    "activity": ACTIVITY_NAMES,
    "legal_form": rules.LEGAL_FORMS,
    "owner_sex": rules.SEXES,
    "owner_education": rules.EDUCATION,
    "owner_age_band": rules.AGE_BANDS,
    "digital": rules.DIGITAL,
    "funding": rules.FUNDING,
    "needs": rules.NEEDS,
    "sales_band": {band.code: band.name for band in rules.SALES_BANDS},
    "capital_band": {band.code: band.name for band in rules.CAPITAL_BANDS},
}


def _choices(candidates: Iterable[dict[str, Any]], kind: ListOf) -> list[tuple[str, str]]:
    known = [(str(c["id"]), _("Sama dengan %(name)s", name=c["name"])) for c in candidates if c["id"]]
    unique = list(dict(known).items())
    return [*unique, ("new", say(kind.says["new"])), ("skip", _("Lewati baris ini"))]


SPELLED = {"sector": N_("Bidang"), "kelurahan": N_("Kelurahan"), "kecamatan": N_("Kecamatan")}


def spellings(job: ImportJob) -> list[tuple[str, str, str, str, str]]:
    """What words of the file were taken for: which column, as written, read as, how sure, in how many rows."""
    return [
        (say(SPELLED[what]), raw, say(name), f"{share}%", number(rows))
        for what, raw, name, share, rows in job.spellings
    ]


def summary(done: Mapping[str, int], kind: ListOf) -> str:
    """What was written, in one sentence."""
    counts = {what: number(done.get(what, 0)) for what in ("new", "changed", "reports", "unnamed")}
    if kind is COOPERATIVE:
        return _(
            "%(new)s koperasi baru, %(changed)s diperbarui, %(reports)s laporan masuk sebagai hasil impor.",
            **counts,
        )
    return _("%(new)s UKM baru, %(unnamed)s draf tanpa nama, %(changed)s diperbarui.", **counts)
