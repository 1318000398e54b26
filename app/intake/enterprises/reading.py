"""One row of a list of UKM, once it is read, and what reading it needs to know."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from app.core.text import Text
from app.intake.enterprises.points import Locator
from app.intake.places import Gazetteer
from app.intake.rules import RowReading
from app.regions.rules import Region


@dataclass(frozen=True)
class Spelled:
    """What a word of the file was taken for: ``kind`` is sector, kelurahan or kecamatan; ``share`` how sure, in per cent."""

    kind: str
    raw: str
    name: str
    share: int


@dataclass(frozen=True)
class EnterpriseReading(RowReading):
    """One row of a list of UKM. ``values`` are columns of the register; ``outside`` is the one of ``notes`` that says why it lies elsewhere; ``muddled``: so many cells make no sense that they may stand under the wrong headings."""

    spelled: tuple[Spelled, ...] = ()
    outside: Text | None = None
    muddled: Text | None = None

    @property
    def name(self) -> str:
        """The business's name, empty for a row without one."""
        return str(self.values.get("name", ""))

    @property
    def is_placed(self) -> bool:
        """Whether a kecamatan of the region is known."""
        return "kode_kecamatan" in self.values


@dataclass(frozen=True)
class Context:
    """What reading a row needs to know beside the row."""

    region: Region
    today: date

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The places of the region, remembered by spelling."""
        return Gazetteer(self.region)

    @cached_property
    def locator(self) -> Locator:
        """What judges points."""
        return Locator(self.region)
