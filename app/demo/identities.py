"""Who each cooperative is: kind, name, legal number, place and office holders, and how these change over the years."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from random import Random

from app.demo import names
from app.demo.chance import day_between, deal, dice, happens, pick
from app.demo.records import Answers, Life


@dataclass(frozen=True)
class Form:
    """What stands in front of the name, and the jenis and kelompok that go with it."""

    title: str
    jenis: str
    kelompok: str


FORMS = {
    Form("Koperasi Simpan Pinjam", "Simpan Pinjam", "Kop. Simpan Pinjam"): 150,
    Form("KSPPS", "Simpan Pinjam", "Kop. Simpan Pinjam dan Pembiayaan Syariah"): 36,
    Form("Koperasi Wanita", "Simpan Pinjam", "Kop. Wanita"): 62,
    Form("Koperasi Karyawan", "Konsumen", "Kopkar"): 88,
    Form("Koperasi Pegawai Republik Indonesia", "Konsumen", "Kop. Pegawai Negeri (KPRI)"): 74,
    Form("Koperasi Serba Usaha", "Konsumen", "Kop. Serba Usaha"): 106,
    Form("Koperasi Konsumen", "Konsumen", "Kop. Lainnya"): 72,
    Form("Koperasi Pondok Pesantren", "Konsumen", "Koppontren"): 22,
    Form("Koperasi Pasar", "Konsumen", "Kop. Pasar"): 12,
    Form("Koperasi Pemuda", "Konsumen", "Kop. Pemuda"): 9,
    Form("Koperasi Wredatama", "Konsumen", "Kop. Wredatama"): 8,
    Form("Koperasi Pedagang Kaki Lima", "Konsumen", "Kop. Pedagang Kaki Lima"): 6,
    Form("Koperasi Unit Desa", "Konsumen", "KUD"): 2,
    Form("Koperasi Produsen", "Produsen", "Kopinkra"): 18,
    Form("Koperasi Tani", "Produsen", "Kop. Pertanian"): 9,
    Form("Koperasi Peternak", "Produsen", "Kop. Peternakan"): 5,
    Form("Koperasi Jamu Gendong", "Produsen", "Kop. Jamu Gendong"): 4,
    Form("Koperasi Tempe Tahu", "Produsen", "Kopti"): 3,
    Form("Koperasi Jasa", "Jasa", "Kop. Lainnya"): 30,
    Form("Koperasi Angkutan", "Jasa", "Kop. Angkutan Darat"): 14,
    Form("Koperasi Profesi", "Jasa", "Kop. Profesi"): 11,
    Form("Koperasi Pemasaran", "Pemasaran", "Kop. Lainnya"): 13,
    Form("Pusat Koperasi", "Konsumen", "Kop. Sekunder"): 6,
}
"""Shares out of 760: many small ones in trade and in savings and loans, as cities publish."""

LIVES = {Life.ACTIVE: 60, Life.NEW: 4, Life.GAPS: 8, Life.DORMANT: 24, Life.DISSOLVED: 4}
TWINS = 5
"""Pairs that share a legal number: real registers hold such, so a number is never a key."""

AREAS = {"Primer Kabupaten/Kota": 94, "Primer Provinsi": 5, "Primer Nasional": 1}

IDENTITY = (
    "nik_koperasi nama_koperasi nomor_badan_hukum tanggal_badan_hukum alamat kode_kelurahan kode_kecamatan nama_pengelola "
    "telepon_kantor nama_ketua telepon_ketua bentuk_koperasi jenis_koperasi kelompok_koperasi"
).split()


@dataclass(frozen=True)
class Plan:
    """What is settled for a cooperative before its own dice fall. ``legal_serial`` is another's for a twin."""

    seed: int
    serial: int
    legal_serial: int
    form: Form
    life: Life
    kelurahan: str
    pair: str

    def dice(self, subject: str) -> Random:
        """Chance for one subject of this cooperative; another subject's draws never shift it."""
        return dice(self.seed, self.serial, subject)


def women_in_office(form: Form) -> float:
    """Share of women among those who run one."""
    return 1.0 if form.kelompok == "Kop. Wanita" else 0.35


def plans(seed: int, places: Mapping[str, str], count: int) -> list[Plan]:
    """``count`` cooperatives spread over ``places``: kinds and lives in their shares, no name twice."""
    chance = dice(seed)
    kelurahan = deal(chance, {code: chance.uniform(0.4, 2.2) for code in sorted(places)}, count)
    pairs = list(names.name_pairs(chance, [code.rpartition(".")[0] for code in kelurahan]))
    forms, lives = deal(chance, FORMS, count), deal(chance, LIVES, count)
    active = [serial for serial, life in enumerate(lives) if life is Life.ACTIVE]
    shared = chance.sample(active, 2 * TWINS) if len(active) >= 20 * TWINS else []
    twins = dict(zip(shared[::2], shared[1::2], strict=True))
    return [
        Plan(
            seed,
            serial,
            twins.get(serial, serial),
            forms[serial],
            lives[serial],
            kelurahan[serial],
            pairs[serial],
        )
        for serial in range(count)
    ]


def founded(plan: Plan, first_year: int) -> date:
    """The day of the legal number; ``first_year`` is the first of the three book years."""
    chance = dice(plan.seed, plan.legal_serial, "founded")
    if plan.life is Life.NEW:
        return day_between(chance, date(first_year, 1, 10), date(first_year + 2, 10, 1))
    asleep = plan.life in (Life.DORMANT, Life.DISSOLVED)
    oldest, newest, middle = (1985, first_year - 6, 2003) if asleep else (1968, first_year - 2, 2010)
    year = int(chance.triangular(oldest, newest, middle))
    return day_between(chance, date(year, 1, 5), date(year, 12, 20))


def identities(
    plan: Plan, born: date, years: tuple[int, int, int], *, has_manager: bool
) -> dict[int, Answers]:
    """Questions 1–14 as they were true in each book year."""
    chance = plan.dice("identity")
    current = _at_first(plan, chance, born, has_manager=has_manager)
    by_year: dict[int, Answers] = {}
    for year in years:
        if year > years[0]:
            current = {**current, **_changes(plan, chance, last=year == years[-1])}
        by_year[year] = {code: current[code] for code in IDENTITY if current[code]}
    return by_year


def _at_first(plan: Plan, chance: Random, born: date, *, has_manager: bool) -> dict[str, str]:
    kelompok, women = plan.form.kelompok, women_in_office(plan.form)
    region = plan.kelurahan[:5]
    secondary = kelompok == "Kop. Sekunder"
    return {
        "nik_koperasi": names.nik(region, plan.serial + 1) if happens(chance, 0.8) else "",
        "nama_koperasi": f"{plan.form.title} {plan.pair} {names.MARK}",
        "nomor_badan_hukum": names.legal_number(
            dice(plan.seed, plan.legal_serial, "legal"), region, born.year, plan.legal_serial + 1
        ),
        "tanggal_badan_hukum": born.isoformat(),
        "alamat": names.street(chance),
        "kode_kelurahan": plan.kelurahan,
        "kode_kecamatan": plan.kelurahan.rpartition(".")[0],
        "nama_pengelola": names.person_name(chance, women) if has_manager else "tidak ada",
        "telepon_kantor": names.phone(plan.serial * 10) if happens(chance, 0.8) else "",
        "nama_ketua": names.person_name(chance, women),
        "telepon_ketua": names.phone(plan.serial * 10 + 1) if happens(chance, 0.9) else "",
        "bentuk_koperasi": "Sekunder Kabupaten/Kota" if secondary else pick(chance, AREAS),
        "jenis_koperasi": plan.form.jenis,
        "kelompok_koperasi": kelompok,
    }


def _changes(plan: Plan, chance: Random, *, last: bool) -> dict[str, str]:
    """What a year brings: a new chair, a move in the same kelurahan, at last an NIK."""
    changes: dict[str, str] = {}
    if happens(chance, 0.07):
        women = women_in_office(plan.form)
        changes |= {
            "nama_ketua": names.person_name(chance, women),
            "telepon_ketua": names.phone(plan.serial * 10 + 2),
        }
    if happens(chance, 0.03):
        changes["alamat"] = names.street(chance)
    if last and happens(chance, 0.04):
        changes["nik_koperasi"] = names.nik(plan.kelurahan[:5], plan.serial + 1)
    return changes
