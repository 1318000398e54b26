"""Members, staff and money of an invented cooperative over the years: plausible by kind and size, never a real one's.

Medians and shares are our own estimates, set so that the city as a whole looks like what offices publish: most cooperatives
small, a few large, savings and loans the richest, turnover highest in trade.
"""

import random
from dataclasses import dataclass, replace

from app.demo.chance import happens, wave

MILLION = 1_000_000
SMALLEST, LARGEST = 4 * MILLION, 180_000 * MILLION


@dataclass(frozen=True)
class Profile:
    """What is usual for a jenis: median assets (rupiah), and shares of the assets."""

    assets: int
    spread: float
    own_share: float
    turnover: float
    margin: float
    assets_per_member: int


PROFILES = {
    "Simpan Pinjam": Profile(1_150 * MILLION, 1.25, 0.46, 0.85, 0.030, 5 * MILLION),
    "Konsumen": Profile(420 * MILLION, 1.30, 0.62, 1.25, 0.036, 4 * MILLION),
    "Produsen": Profile(520 * MILLION, 1.15, 0.55, 1.60, 0.028, 6 * MILLION),
    "Jasa": Profile(480 * MILLION, 1.20, 0.58, 1.10, 0.040, 6 * MILLION),
    "Pemasaran": Profile(310 * MILLION, 1.10, 0.52, 2.10, 0.026, 5 * MILLION),
}

SCALE = {
    "Kop. Wanita": 0.12,
    "Kop. Simpan Pinjam dan Pembiayaan Syariah": 1.3,
    "Kop. Pegawai Negeri (KPRI)": 3.2,
    "Kopkar": 2.2,
    "Kop. Kepolisian": 3.0,
    "Kop. Angkatan Darat": 3.0,
    "Kop. Serba Usaha": 0.7,
    "Kop. Pedagang Kaki Lima": 0.3,
    "Kop. Jamu Gendong": 0.15,
    "Kop. Pemuda": 0.3,
    "Kop. Sekunder": 9.0,
    "KUD": 2.5,
}
"""Assets against the median of the jenis; 1 for a kelompok that is not listed."""

WOMEN = {
    "Kop. Wanita": 0.97,
    "Kop. Jamu Gendong": 0.93,
    "Kop. Angkutan Darat": 0.06,
    "Kop. Angkatan Darat": 0.15,
}
"""Share of women among the members; a third to two thirds for a kelompok that is not listed."""


@dataclass(frozen=True)
class Figures:
    """One book year: people at its end, rupiah at its end (capital, assets) or over it (volume, SHU)."""

    men: int
    women: int
    staff: int
    managers: int
    own: int
    outside: int
    assets: int
    volume: int
    surplus: int

    def answers(self) -> dict[str, int]:
        """By question code."""
        return {
            "anggota_pria": self.men,
            "anggota_wanita": self.women,
            "jumlah_anggota": self.men + self.women,
            "jumlah_karyawan": self.staff,
            "jumlah_manajer": self.managers,
            "modal_sendiri": self.own,
            "modal_luar": self.outside,
            "aset": self.assets,
            "volume_usaha": self.volume,
            "shu": self.surplus,
        }


def histories(chance: random.Random, jenis: str, kelompok: str, years: int) -> list[Figures]:
    """``years`` book years in a row, oldest first: each grows out of the one before."""
    profile = PROFILES[jenis]
    assets = min(
        LARGEST, max(SMALLEST, wave(chance, profile.assets * SCALE.get(kelompok, 1), profile.spread))
    )
    own_share = min(0.95, max(0.12, chance.gauss(profile.own_share, 0.16)))
    turnover = wave(chance, profile.turnover, 0.45)
    members = _members(chance, kelompok, assets, profile.assets_per_member)
    women = WOMEN.get(kelompok, chance.uniform(0.33, 0.67))
    step = 1 if assets > 800 * MILLION or happens(chance, 0.4) else 500
    rows = []
    for _ in range(years):
        rows.append(_year(chance, profile, assets, own_share, turnover, round(members), women, step))
        assets = min(LARGEST, max(SMALLEST, assets * (1 + _growth(chance, 0.045, 0.07))))
        members = max(3 if kelompok == "Kop. Sekunder" else 20, members * (1 + _growth(chance, 0.01, 0.03)))
        own_share = min(0.95, max(0.12, own_share + chance.gauss(0.005, 0.015)))
        turnover *= 1 + _growth(chance, 0.01, 0.06)
    return _steady_staff(rows)


def _members(chance: random.Random, kelompok: str, assets: float, assets_per_member: int) -> float:
    if kelompok == "Kop. Sekunder":
        return chance.randint(6, 24)  # its members are cooperatives
    return min(4_500.0, max(20.0 + chance.randint(0, 12), assets / wave(chance, assets_per_member, 0.5)))


def _year(
    chance: random.Random,
    profile: Profile,
    assets: float,
    own_share: float,
    turnover: float,
    members: int,
    women: float,
    step: int,
) -> Figures:
    total = _rounded(assets, step)
    own = _rounded(assets * own_share, step)
    surplus = _rounded(assets * profile.margin * chance.uniform(0.35, 1.7), step)
    if happens(chance, 0.05):
        surplus = -surplus // 2
    volume = max(_rounded(assets * turnover, step), 3 * abs(surplus))
    staff = min(160, round(assets / (700 * MILLION) * chance.uniform(0.6, 1.4)))
    ladies = round(members * women)
    reported = total if happens(chance, 0.85) else _rounded(total * chance.uniform(0.985, 1.015), step)
    return Figures(
        men=members - ladies,
        women=ladies,
        staff=staff,
        managers=0 if staff < 2 else 1 if staff < 30 else 2,
        own=own,
        outside=total - own,
        assets=reported,
        volume=volume,
        surplus=surplus,
    )


def _growth(chance: random.Random, middle: float, spread: float) -> float:
    return min(0.3, max(-0.25, chance.gauss(middle, spread)))


def _rounded(value: float, step: int) -> int:
    return round(value / step) * step


def _steady_staff(rows: list[Figures]) -> list[Figures]:
    """Nobody hires and fires by the roll of a die: staff of the first year, moved by one at most."""
    first = rows[0]
    steady = [first]
    for row in rows[1:]:
        staff = max(first.staff - 1, min(first.staff + 1, row.staff))
        steady.append(replace(row, staff=staff, managers=first.managers))
    return steady
