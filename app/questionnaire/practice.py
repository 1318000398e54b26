"""The form to practise on: an invented cooperative, the same questions and checks, and nothing kept on the server.

What was typed travels in the browser's signed cookie until the practice ends.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import session, url_for

from app.cooperatives.models import Cooperative, Membership
from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.text import N_
from app.questionnaire import answers as reading
from app.questionnaire.drafts import MISSING, changed_fields, findings_now
from app.questionnaire.filling import Filling
from app.questionnaire.merging import section_of
from app.questionnaire.models import Edition, Report
from app.questionnaire.office_places import places
from app.questionnaire.queries import LastYear, current_edition
from app.questionnaire.rules import Origin, Status

KEPT = "latihan"
ROOM = 2600
"""Characters of answers that fit into the cookie beside the rest of the session (browsers keep 4,096)."""
INVENTED: Mapping[str, Any] = {
    "nama_koperasi": "Koperasi Contoh Sejahtera",
    "nik_koperasi": "0000000000001",
    "nomor_badan_hukum": "000/00/BH/CONTOH/2010",
    "tanggal_badan_hukum": "2010-08-17",
    "alamat": "Jalan Contoh 12, RT 03 RW 05",
    "nama_pengelola": "Contoh Manajer",
    "telepon_kantor": "+62341555000",
    "nama_ketua": "Contoh Ketua",
    "telepon_ketua": "+6281200000000",
    "bentuk_koperasi": "Primer Kabupaten/Kota",
    "jenis_koperasi": "Konsumen",
    "kelompok_koperasi": "Kopkar",
    "anggota_pria": 58,
    "anggota_wanita": 120,
    "jumlah_karyawan": 4,
    "jumlah_manajer": 1,
    "status_rat": "Sudah RAT",
    "modal_sendiri": 412_500_000,
    "modal_luar": 285_700_000,
    "aset": 698_200_000,
    "volume_usaha": 1_098_400_000,
    "shu": 21_340_000,
}


@dataclass(frozen=True)
class Practice(Filling):
    """The invented cooperative's form; it is open on every day of the year."""

    @property
    def keeps(self) -> bool:
        return False

    @cached_property
    def last_day(self) -> date:
        return max(self.today, self.edition.closes)

    @cached_property
    def open_codes(self) -> frozenset[str]:
        return frozenset(self.questionnaire.codes)

    def address(self, section: int | None = None, anchor: str = "", **more: Any) -> str:
        """The address of the practice form, or of one of its sections."""
        return url_for("practice.fill", bagian=section, _anchor=anchor or None, **more)


def find_practice() -> Practice | None:
    """The practice as this browser carries it; None before the office has any questions."""
    edition = current_edition()
    if edition is None:
        return None
    cooperative = Cooperative(slug=KEPT, nama_koperasi=INVENTED["nama_koperasi"])
    kept = _kept(edition)
    report = Report(
        edition=edition,
        cooperative=cooperative,
        year=edition.year,
        status=Status.DRAFT,
        origin=Origin.FILED,
        answers=kept["a"],
        sections=kept["s"],
        open_codes=[],
        findings=[],
        version=1,
        updated_at=now(),
    )
    filling = Practice(
        slug=KEPT,
        year=edition.year,
        membership=Membership(cooperative=cooperative, position=""),
        edition=edition,
        report=report,
        last=None,
        today=today(),
    )
    object.__setattr__(filling, "last", _last_year(filling))
    if kept["s"]:
        report.findings = [one.to_json() for one in findings_now(report, filling.last, filling.today)]
    return filling


def _kept(edition: Edition) -> dict[str, Any]:
    """What the cookie holds; a fresh start when it is of another year."""
    found = session.get(KEPT)
    if not isinstance(found, dict) or found.get("y") != edition.year:
        return {"a": {}, "s": {}}
    return {"a": dict(found.get("a") or {}), "s": dict(found.get("s") or {})}


def _last_year(filling: Filling) -> LastYear:
    """What the invented cooperative answered the year before; its place is the office's first kelurahan."""
    values = {
        **INVENTED,
        "tanggal_rat": f"{filling.year}-02-22",
        "kode_kelurahan": min(places(), default=None),
    }
    known = {name: value for name, value in values.items() if name in filling.questionnaire.by_field}
    return LastYear(filling.year - 1, reading.apply(filling.questionnaire, {}, known))


def keep(filling: Practice, values: Mapping[str, Any]) -> frozenset[str]:
    """Lay ``values`` over the practice, in the cookie; returns the questions about which the checks now say something new.

    Raises RuleBroken when more is typed than the cookie holds.
    """
    report, questionnaire = filling.report, filling.questionnaire
    if report is None:
        raise ValueError("a practice always has its report")
    after = reading.apply(questionnaire, report.answers, values)
    if len(json.dumps(after)) > ROOM:
        raise RuleBroken(
            N_("Latihan hanya mengingat jawaban pendek. Pendekkan jawaban yang panjang, lalu simpan lagi.")
        )
    said = {(one["code"], one["field"]) for one in report.findings}
    seen = {section_of(questionnaire, name) for name in values} - {""}
    if changed_fields(report.answers, after) or seen - report.sections.keys():
        report.answers, report.sections = after, {**report.sections, **dict.fromkeys(sorted(seen), 1)}
    found = findings_now(report, filling.last, filling.today)
    session[KEPT] = {"y": filling.year, "a": report.answers, "s": report.sections}
    return frozenset(
        one.questions[0] for one in found if one.code != MISSING and (one.code, one.field) not in said
    )


def end() -> None:
    """Nothing is left of the practice, not even in the browser."""
    session.pop(KEPT, None)
