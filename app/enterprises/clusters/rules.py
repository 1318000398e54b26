"""By what UKM are grouped, how much each trait weighs, and when a grouping says too little to be shown. Plain Python."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from app.core.text import N_


class Feature(StrEnum):
    """A trait that can be compared. The last three are optional: an operator chooses them."""

    LOCATION = "location"
    SECTOR = "sector"
    SCALE = "scale"
    DIGITAL = "digital"
    INFRASTRUCTURE = "infrastructure"
    FUNDING = "funding"
    OWNER = "owner"


class RunState(StrEnum):
    """Where a run stands. ``refused``: it ended well, but the grouping says too little."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class Origin(StrEnum):
    """What began a run."""

    BUTTON = "button"
    CLOCK = "clock"
    COMMAND = "command"


class Refusal(StrEnum):
    """Why nothing is drawn."""

    FEW = "few"
    SAME = "same"
    FLAT = "flat"
    UNSTABLE = "unstable"
    CHANCE = "chance"


FEATURE_NAMES = {
    Feature.LOCATION: N_("Lokasi"),
    Feature.SECTOR: N_("Bidang usaha"),
    Feature.SCALE: N_("Skala usaha"),
    Feature.DIGITAL: N_("Cara digital"),
    Feature.INFRASTRUCTURE: N_("Listrik, internet, jalan, dan air"),
    Feature.FUNDING: N_("Sumber modal"),
    Feature.OWNER: N_("Profil pemilik"),
}
FEATURE_HINTS = {
    Feature.LOCATION: N_("Titik usaha atau tengah kelurahannya, dan kecamatannya."),
    Feature.SECTOR: N_("Bidangnya, dan keluarga bidang itu: keripik lebih dekat ke katering daripada ke bengkel."),
    Feature.SCALE: N_("Kelas, golongan penjualan dan modal, jumlah pekerja."),
    Feature.DIGITAL: N_("Tingkatnya, dan cara yang dipakai."),
    Feature.INFRASTRUCTURE: N_("Seberapa cukup masing-masing."),
    Feature.FUNDING: N_("Modal sendiri, keluarga, koperasi, KUR, dan lain-lain."),
    Feature.OWNER: N_("Umur, jenis kelamin, dan pendidikan; hanya milik yang setuju datanya dihitung."),
}  # fmt: skip
USUAL = {Feature.LOCATION: 1.0, Feature.SECTOR: 1.0, Feature.SCALE: 1.0, Feature.DIGITAL: 1.0}
WEIGHTS = {0.0: N_("Tidak dipakai"), 0.5: N_("Setengah"), 1.0: N_("Biasa"), 2.0: N_("Dua kali")}
"""What an operator can choose: the share of a trait in the squared distance of two UKM, beside the others."""

LEAST_ROWS = 50
LEAST_SILHOUETTE = 0.10
LEAST_STABILITY = 0.50
LEAST_OVER_CHANCE = 3.0
"""Standard deviations by which the silhouette must exceed the mean of the same records, several times shuffled trait by trait:
below that the traits may have nothing to do with each other."""
LEAST_SPREAD = 0.01
"""The least such deviation: a few shuffles may agree by luck."""
FEWEST, MOST = 3, 12
"""How many groups are tried when the operator leaves it open. Two say little, more than twelve nobody remembers."""
LARGEST_SEED = 2**31 - 1

REFUSALS = {
    Refusal.FEW: N_("Baru %(rows)s UKM di register. Pengelompokan butuh paling sedikit %(least)s."),
    Refusal.SAME: N_("Semua UKM hampir sama menurut ciri yang dipilih, atau ciri itu belum terisi. Lengkapi data, atau pilih ciri lain."),
    Refusal.FLAT: N_("Batas antarkelompok kabur: siluet %(silhouette)s, paling sedikit harus %(least)s. Tidak ada kelompok yang ditampilkan."),
    Refusal.UNSTABLE: N_("Kelompoknya berubah bila sebagian UKM ditinggalkan: kestabilan %(stability)s, paling sedikit harus %(least)s. Tidak ada kelompok yang ditampilkan."),
    Refusal.CHANCE: N_("Ciri yang dipilih tidak saling berkaitan: datanya yang diacak pun memberi siluet %(chance)s, dan yang asli %(silhouette)s. Tidak ada kelompok yang ditampilkan."),
}  # fmt: skip


@dataclass(frozen=True)
class Options:
    """What a run is asked to do. ``count`` None: the number of groups is found; ``weights``: only traits that count."""

    weights: Mapping[Feature, float] = field(default_factory=lambda: dict(USUAL))
    count: int | None = None
    seed: int = 1

    def to_json(self) -> dict[str, Any]:
        """As kept with the run."""
        weights = {feature.value: self.weights[feature] for feature in Feature if self.weights.get(feature)}
        return {"weights": weights, "count": self.count, "seed": self.seed}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Options":
        """What :meth:`to_json` wrote; of anything else only what makes sense."""
        given = stored.get("weights")
        given = given if isinstance(given, Mapping) else {}
        weights = {one: float(given[one]) for one in Feature if given.get(one) in WEIGHTS and given[one]}
        count, seed = stored.get("count"), stored.get("seed")
        return cls(
            weights or dict(USUAL),
            count if isinstance(count, int) and 2 <= count <= MOST else None,
            seed if isinstance(seed, int) and 0 <= seed <= LARGEST_SEED else 1,
        )

    def seeded(self, seed: int) -> "Options":
        """The same with other dice."""
        return replace(self, seed=seed)


FAMILIES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "kuliner": (N_("Kuliner"), ("makanan-kemasan", "minuman-kemasan", "warung-makan")),
    "busana": (N_("Busana"), ("busana", "tas-sepatu")),
    "kriya": (N_("Kriya dan olahan"), ("kerajinan", "mebel-logam", "percetakan", "kosmetik-rumah")),
    "dagang": (N_("Toko"), ("toko",)),
    "tani": (N_("Tani, ternak, dan ikan"), ("pertanian",)),
    "kreatif": (N_("Kreatif dan digital"), ("kreatif-digital", "konten", "desain-foto", "seni-olahraga")),
    "jasa": (
        N_("Jasa"),
        ("bengkel", "angkutan", "penginapan", "sewa-penunjang", "kursus", "kesehatan", "jasa-pribadi", "keuangan", "properti"),
    ),
    "bangunan": (N_("Bangunan, tambang, dan energi"), ("bangunan", "sampah-daur-ulang", "tambang", "energi")),
}  # fmt: skip
"""Families of activities: their name, and what belongs to them."""
FAMILY_OF = {code: family for family, (_name, codes) in FAMILIES.items() for code in codes}
SECTION_FAMILIES = {"C": "kriya", "I": "kuliner", "G": "dagang", "A": "tani", "B": "bangunan", "D": "bangunan", "E": "bangunan", "F": "bangunan"}  # fmt: skip
"""The family of a business of which only the KBLI section is known; the others are services."""

GRADES = {
    1: N_("belum memakai cara digital"),
    2: N_("jualan lewat chat atau media sosial"),
    3: N_("berjualan di lokapasar atau situs"),
    4: N_("jual, bayar, dan catat serba digital"),
}
"""Digital adoption in four steps."""


def digital_grade(codes: Collection[str]) -> int | None:
    """The step of :data:`GRADES`; None where the owner has not said."""
    if not codes:
        return None
    shop = bool({"marketplace", "own_site"} & set(codes))
    if "digital_bookkeeping" in codes and "digital_payment" in codes:
        return 4
    if shop:
        return 4 if "digital_bookkeeping" in codes else 3
    return 1 if set(codes) <= {"none"} else 2


def family_of(activity: str | None, section: str | None) -> str | None:
    """The family of a business; None where neither its activity nor its section is known."""
    if activity in FAMILY_OF:
        return FAMILY_OF[activity]
    return SECTION_FAMILIES.get(section, "jasa") if section else None
