"""A list of fictional UKM as a regency would send it: as many in each kecamatan as Kabupaten Kutai Timur publishes.

The counts are the regency's own (its public page of UMKM by cluster of sub-districts, 12,097 in all); every business, owner and
number is invented. Imported with ``SIMPUL_REGION=64.08``, the register must show these counts again.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from app.core.ranking import fold
from app.core.spreadsheets import Column
from app.demo.chance import choose, deal, dice
from app.demo.enterprise_rows import of_trade
from app.demo.names import BIRDS, FIRST_WORDS, FLOWERS, GIVEN_MEN, GIVEN_WOMEN, MARK, SECOND_WORDS
from app.demo.rows import Row
from app.demo.trades import trades
from app.enterprises.duplicates import names_agree
from app.enterprises.sectors import ACTIVITY_NAMES
from app.regions.queries import office_region

CODE = "64.08"
PUBLISHED = {
    "Batu Ampar": 277,
    "Bengalon": 366,
    "Busang": 206,
    "Kaliorang": 376,
    "Karangan": 259,
    "Kaubun": 648,
    "Kombeng": 126,
    "Long Mesangat": 304,
    "Muara Ancalong": 635,
    "Muara Bengkal": 547,
    "Muara Wahau": 66,
    "Rantau Pulung": 361,
    "Sandaran": 66,
    "Sangatta Selatan": 2816,
    "Sangatta Utara": 4074,
    "Sangkulirang": 303,
    "Telen": 245,
    "Teluk Pandan": 422,
}
"""Kecamatan → published number of UMKM."""
AMOUNTS = {
    "sampai-10jt": (1, 10),
    "sampai-50jt": (6, 50),
    "sampai-100jt": (11, 100),
    "sampai-300jt": (51, 300),
    "sampai-1m": (101, 1000),
    "sampai-2m": (301, 2000),
    "sampai-5m": (1001, 5000),
    "sampai-10m": (5001, 10000),
    "sampai-15m": (2001, 15000),
    "sampai-50m": (15001, 50000),
}
"""Band → the figures in it, in million rupiah."""
DIGITAL = {
    "none": "belum",
    "chat_sales": "WhatsApp",
    "social_media": "media sosial",
    "marketplace": "marketplace",
    "own_site": "website",
    "digital_payment": "QRIS",
    "digital_bookkeeping": "pembukuan digital",
}
LATEST = 2025  # the year in which the youngest of them began
COLUMNS = (
    Column("No", "integer"),
    Column("ID Usaha"),
    Column("Nama Usaha"),
    Column("Nama Pemilik"),
    Column("Jenis Kelamin"),
    Column("No HP"),
    Column("Jenis Usaha"),
    Column("Produk"),
    Column("Alamat"),
    Column("Desa/Kelurahan"),
    Column("Kecamatan"),
    Column("NIB"),
    Column("Omzet per Tahun", "integer"),
    Column("Modal Usaha", "integer"),
    Column("Tenaga Kerja Laki-laki", "integer"),
    Column("Tenaga Kerja Perempuan", "integer"),
    Column("Pemasaran"),
    Column("Tahun Berdiri", "integer"),
)


def rows(total: int = sum(PUBLISHED.values())) -> Iterator[list[Any]]:
    """The list under :data:`COLUMNS`, in random order; the same each time. With a smaller ``total``, in the same proportions."""
    chance, here = dice("kutai-timur", total), office_region(CODE)
    codes = {name: code for code, name in here.kecamatan.items()}
    districts = deal(chance, {codes[name]: count for name, count in PUBLISHED.items()}, total)
    shares = {number: trade.share for number, trade in enumerate(trades())}
    dealt = deal(chance, shares, total)
    drawn = [
        values
        for number, trade in enumerate(trades())
        for values in of_trade(chance, here, trade, dict.fromkeys(here.kelurahan, 1), dealt.count(number), LATEST)
    ]  # fmt: skip
    chance.shuffle(drawn)
    names = Names(chance)
    for number, (district, values) in enumerate(zip(districts, drawn, strict=True), 1):
        villages = here.kelurahan_of(district)
        village, (owner, sex) = choose(chance, list(villages)), _who(chance, values)
        yield [
            number,
            f"KT-{number:05}",
            names.another(values["called"].name, village, owner),
            owner,
            sex,
            f"0836{number:08}",
            ACTIVITY_NAMES[values["activity"]],
            values["called"].products,
            f"Jalan {MARK} {choose(chance, FLOWERS)} {number}",
            villages[village],
            here.kecamatan[district],
            "ya" if values["has_nib"] else "tidak",
            _amount(chance, values["sales_band"]),
            _amount(chance, values["capital_band"]),
            values["workers_men"],
            values["workers_women"],
            ", ".join(DIGITAL[one] for one in values["digital"]),
            values["start_year"],
        ]


class Names:
    """Names of businesses, of which no two in one village or of one owner could be taken for the same: an import asks a person about
    such."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        self._alike: defaultdict[tuple[str, str], list[str]] = defaultdict(list)

    def another(self, called: str, village: str, owner: str) -> str:
        """One more that begins with ``called``. Compared with those of the village and of the owner that share a word with it."""
        while True:
            words = (called, choose(self._chance, FIRST_WORDS), choose(self._chance, SECOND_WORDS))
            name = f"{' '.join(words)} {MARK}"
            folded = fold(name)
            shared = [(where, word) for where in (village, owner) for word in words]
            if not any(names_agree(folded, one) for key in shared for one in self._alike[key]):
                for key in shared:
                    self._alike[key].append(folded)
                return name


def _who(chance: random.Random, values: Row) -> tuple[str, str]:
    """Name of the owner, and L or P."""
    woman = values["owner_sex"] == "perempuan"
    given = choose(chance, GIVEN_WOMEN if woman else GIVEN_MEN)
    return f"{given} {choose(chance, FLOWERS)} {choose(chance, BIRDS)} {MARK}", "P" if woman else "L"


def _amount(chance: random.Random, band: str | None) -> int | None:
    """A figure in rupiah inside ``band``."""
    if band is None:
        return None
    least, most = AMOUNTS[band]
    return chance.randint(least, most) * 1_000_000
