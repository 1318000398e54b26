"""What an operator may decide about a report, and how far a year is. Plain Python."""

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from app.core.errors import RuleBroken
from app.core.text import N_


class Act(StrEnum):
    """The buttons under a report; their values are what the form sends."""

    COMMENT = "catat"
    RETURN = "kembalikan"
    APPROVE = "setujui"
    SKIP = "lewati"
    REOPEN = "buka"


def check_return(marked: Collection[str], reason: str) -> None:
    """A return names what to mend and says why, so that nobody has to telephone to find out.

    Raises:
        RuleBroken: nothing is marked, or the reason is missing.
    """
    if not marked:
        raise RuleBroken(N_("Tandai sedikitnya satu pertanyaan yang perlu diperbaiki."), field="perbaiki")
    if not reason.strip():
        raise RuleBroken(
            N_("Tulis alasan pengembalian, supaya pengelola tahu apa yang harus diubah."), field="alasan"
        )


def draw(report_ids: Iterable[int], *, seed: str, share: int) -> frozenset[int]:
    """The sample of a clean batch: ``share`` percent of ``report_ids``, rounded up, and at least one.

    Each id is written behind the seed (``4f2a…:17``) and digested with SHA-256; those with the smallest digests are drawn.
    Anybody can repeat that with nothing but ``sha256sum``, and nobody can foresee it before the seed is known.
    """
    ids = sorted(set(report_ids))
    wanted = max(1, -(-len(ids) * share // 100))
    return frozenset(sorted(ids, key=lambda id_: hashlib.sha256(f"{seed}:{id_}".encode()).digest())[:wanted])


@dataclass(frozen=True)
class AreaProgress:
    """How many cooperatives of one kecamatan have filed. ``code`` is empty where the kecamatan is not known."""

    code: str
    name: str
    expected: int
    submitted: int
    returned: int
    approved: int

    @property
    def filed(self) -> int:
        """Filed in any state but draft."""
        return self.submitted + self.returned + self.approved

    @property
    def missing(self) -> int:
        """Expected but not filed."""
        return self.expected - self.filed


@dataclass(frozen=True)
class YearProgress:
    """How far one book year is, for the whole office and by kecamatan."""

    year: int
    deadline: date
    by_kecamatan: tuple[AreaProgress, ...]

    @property
    def expected(self) -> int:
        """Cooperatives that should file, or have: listed, and those dissolved only where they filed this year."""
        return sum(area.expected for area in self.by_kecamatan)

    @property
    def submitted(self) -> int:
        """Waiting for a review."""
        return sum(area.submitted for area in self.by_kecamatan)

    @property
    def returned(self) -> int:
        """With the cooperative for correction."""
        return sum(area.returned for area in self.by_kecamatan)

    @property
    def approved(self) -> int:
        """Locked."""
        return sum(area.approved for area in self.by_kecamatan)

    @property
    def filed(self) -> int:
        """Filed in any state but draft."""
        return self.submitted + self.returned + self.approved

    @property
    def waiting(self) -> int:
        """Filed and not yet approved."""
        return self.submitted + self.returned

    @property
    def missing(self) -> int:
        """Expected but not filed."""
        return self.expected - self.filed
