"""What a place is. Codes are those of Kemendagri, with dots: ``35`` · ``35.73`` · ``35.73.01`` · ``35.73.01.1001``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property


class Level(StrEnum):
    """How wide a place is. A city's smallest places are kelurahan, a regency's are mostly desa: both are ``KELURAHAN``."""

    PROVINCE = "province"
    REGENCY = "regency"
    KECAMATAN = "kecamatan"
    KELURAHAN = "kelurahan"


LEVELS = {2: Level.PROVINCE, 5: Level.REGENCY, 8: Level.KECAMATAN, 13: Level.KELURAHAN}
WIDTHS = (2, 5, 8, 13)


@dataclass(frozen=True)
class Place:
    """One place. ``parent`` is the code of the place around it, empty for a province."""

    code: str
    name: str
    level: Level
    parent: str


def level_of(code: str) -> Level | None:
    """The level that the length of ``code`` says, or None when no code is so long."""
    return LEVELS.get(len(code))


def parent_of(code: str) -> str:
    """The code of the place around ``code``: ``35.73`` for ``35.73.01``; empty for a province."""
    return code.rpartition(".")[0]


@dataclass(frozen=True)
class Region:
    """Where an office works: a city or regency, or a whole province. The dicts go from code to name, in code order."""

    code: str
    name: str
    province_code: str
    province_name: str
    regencies: Mapping[str, str]
    kecamatan: Mapping[str, str]
    kelurahan: Mapping[str, str]
    postal_codes: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def _by_kecamatan(self) -> dict[str, dict[str, str]]:
        grouped: dict[str, dict[str, str]] = {code: {} for code in self.kecamatan}
        for code, name in self.kelurahan.items():
            grouped[parent_of(code)][code] = name
        return grouped

    def kelurahan_of(self, kode_kecamatan: str) -> Mapping[str, str]:
        """Code to name of the kelurahan inside one kecamatan; empty for a kecamatan elsewhere."""
        return self._by_kecamatan.get(kode_kecamatan, {})

    def name_of(self, code: str | None) -> str | None:
        """The name of any place of this region, or None for a place elsewhere."""
        if not code:
            return None
        known = (self.kelurahan, self.kecamatan, self.regencies, {self.province_code: self.province_name})
        return next((names[code] for names in known if code in names), None)

    def place(self, code: str) -> Place | None:
        """The place that ``code`` stands for, or None for one elsewhere."""
        name, level = self.name_of(code), level_of(code)
        return Place(code, name, level, parent_of(code)) if name and level else None

    def regency_name(self, code: str | None) -> str | None:
        """The name of the city or regency around ``code``; of the office's own where no code is given."""
        if not code:
            return self.regencies.get(self.code)
        return self.regencies.get(code[:5])
