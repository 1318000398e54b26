"""Whom a person may apply for, and what the office's data know of them, so that nobody types it again."""

from dataclasses import dataclass
from typing import Any

from app.accounts.models import User
from app.cooperatives.models import Cooperative
from app.cooperatives.queries import memberships_of
from app.core.formatting import number
from app.core.parsing import phone_for_people
from app.core.text import N_, Text
from app.enterprises.models import Enterprise
from app.enterprises.queries import owned_by
from app.enterprises.rules import SizeClass
from app.enterprises.sectors import ACTIVITY_NAMES
from app.programs.models import Program
from app.programs.targeting import FACTS, VERIFIED, Fit, target_of, words
from app.programs.targeting_rules import JENIS_WORDS, Subject, match

SIZE_NAMES = {SizeClass.MIKRO: N_("Mikro"), SizeClass.KECIL: N_("Kecil"), SizeClass.MENENGAH: N_("Menengah")}


@dataclass(frozen=True)
class Applicant:
    """A cooperative or UKM that somebody may act for."""

    subject: Subject
    row: Cooperative | Enterprise
    fit: Fit

    @property
    def key(self) -> str:
        """By what a form names it."""
        return f"{self.subject.value}:{self.row.slug}"

    @property
    def id(self) -> int:
        return self.row.id

    @property
    def name(self) -> str:
        return self.row.nama_koperasi if isinstance(self.row, Cooperative) else self.row.name

    def matches(self, program: Program) -> bool | None:
        """Whether ``program`` fits; None where the data do not tell."""
        return match(target_of(program.target).get(self.subject.value, {}), self.fit.facts)


def applicants_of(user: User) -> list[Applicant]:
    """Everybody whom ``user`` may act for: cooperatives that are not dissolved, and UKM that the office has verified."""
    cooperatives = [one.cooperative for one in memberships_of(user) if one.cooperative.dissolved_on is None]
    enterprises = [one for one in owned_by(user.id) if one.state in VERIFIED]
    found: list[Applicant] = []
    for subject, rows in ((Subject.COOPERATIVE, cooperatives), (Subject.ENTERPRISE, enterprises)):
        facts = FACTS[subject]([row.id for row in rows]) if rows else {}
        found += [Applicant(subject, row, facts[row.id]) for row in rows]
    return found


def applicant_of(enterprise: Enterprise) -> Applicant | None:
    """A UKM as applicant; None for one that the office has not verified."""
    if enterprise.state not in VERIFIED:
        return None
    facts = FACTS[Subject.ENTERPRISE]([enterprise.id])
    return Applicant(Subject.ENTERPRISE, enterprise, facts[enterprise.id])


def known(applicant: Applicant) -> list[tuple[str, Any]]:
    """What the data say of an applicant, for the form and for the record: message ids and values."""
    row, facts = applicant.row, applicant.fit.facts
    place = words().places.get(row.kode_kecamatan or "", "")
    if isinstance(row, Cooperative):
        told: list[tuple[str, Any]] = [
            (N_("Nama koperasi"), row.nama_koperasi),
            (N_("Nomor badan hukum"), row.nomor_badan_hukum),
            (N_("Jenis"), Text(JENIS_WORDS.get(row.jenis_koperasi or "", row.jenis_koperasi or ""))),
            (N_("Kecamatan"), place),
            (N_("Jumlah anggota"), _count(facts.get("anggota"))),
            (N_("Ketua"), row.nama_ketua),
        ]
    else:
        told = [
            (N_("Nama usaha"), row.name),
            (N_("Bidang usaha"), Text(ACTIVITY_NAMES.get(row.activity or "", ""))),
            (N_("Kelas usaha"), Text(SIZE_NAMES[row.size_class]) if row.size_class else ""),
            (N_("Kecamatan"), place),
            (N_("Tenaga kerja"), _count(facts.get("tenaga"))),
            (N_("NIB"), row.nib or ""),
        ]
    return [(label, value if value is not None else "") for label, value in told]


def _count(value: int | None) -> str:
    return number(value) if value is not None else ""


def phone_of(user: User, applicant: Applicant | None = None) -> str:
    """The number by which the office may call about an application, as people write it: the person's own, else the one that
    the register has for whom they apply."""
    row = applicant.row if applicant else None
    kept = row.telepon_kantor if isinstance(row, Cooperative) else row.owner_phone if row else None
    number_known = user.phone or kept
    return phone_for_people(number_known) if number_known else ""
