"""Whom a programme fits, as data: the criteria, their words, and what they say of one cooperative or UKM. Plain Python.

A target is ``{"cooperative": {criterion: wanted}, "enterprise": {…}}``. What is wanted is a list of codes of which one is
enough, or ``{"min": 20, "below": 100}``. All criteria together must hold. An answer has three values: yes, no, and unknown
where the data lack what the criterion asks; the same is asked in SQL by ``targeting.py``, and a test holds the two equal.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import reduce
from typing import Any

from app.cooperatives.fields import BENTUK, JENIS, KELOMPOK
from app.cooperatives.rules import Status
from app.core.formatting import number, rupiah
from app.core.text import N_, Text
from app.enterprises.rules import DIGITAL, NEEDS, SizeClass
from app.enterprises.sectors import ACTIVITY_NAMES

Wanted = list[str] | dict[str, int]
Rules = dict[str, Wanted]
Target = dict[str, Rules]
Facts = Mapping[str, Any]
"""Criterion → what the data say: a code, several, a number; None or nothing where they say nothing."""

LARGEST = 10**15  # rupiah; beyond it a figure is a slip


class Subject(StrEnum):
    """Which register is asked."""

    COOPERATIVE = "cooperative"
    ENTERPRISE = "enterprise"


class Kind(StrEnum):
    """How a criterion is chosen: some of a list, one of a list, or from–below."""

    MANY = "many"
    ONE = "one"
    RANGE = "range"


class Slot(StrEnum):
    """Where in the sentence its words stand."""

    KIND = "kind"
    PLACE = "place"
    WITH = "with"
    THAT = "that"


@dataclass(frozen=True)
class Criterion:
    """``phrase`` is its part of the sentence, with %(names)s or %(range)s; ``reason`` why it holds for a reader, with %(mine)s.

    ``choices`` are codes and their words; kecamatan are filled in by the office's region, groups of UKM by the latest grouping.
    """

    code: str
    label: str
    kind: Kind
    slot: Slot
    phrase: str
    reason: str
    choices: Mapping[str, str] = field(default_factory=dict)
    rupiah: bool = False
    hint: str = ""

    def shown(self, amount: int) -> str:
        """A figure in the reader's style."""
        return rupiah(amount) if self.rupiah else number(amount)


PLACE, CLUSTER = "kecamatan", "klaster"
CLUSTER_KEY = re.compile(r"[0-9]{1,10}-[0-9]{1,2}")
MOST_CLUSTERS = 12
SAY_IT = "%(names)s"  # the words of the choice are the phrase
JENIS_WORDS = {
    "Simpan Pinjam": N_("simpan pinjam"),
    "Konsumen": N_("konsumen"),
    "Produsen": N_("produsen"),
    "Jasa": N_("jasa"),
    "Pemasaran": N_("pemasaran"),
}
DIGITAL_WORDS = {
    "none": N_("belum memakai cara digital"),
    "chat_sales": N_("berjualan lewat chat"),
    "social_media": N_("memakai media sosial"),
    "marketplace": N_("berjualan di lokapasar"),
    "own_site": N_("punya situs sendiri"),
    "digital_payment": N_("menerima pembayaran digital"),
    "digital_bookkeeping": N_("memakai pembukuan digital"),
}
NEEDS_WORDS = {
    "pelatihan": N_("pelatihan"),
    "modal": N_("modal"),
    "pasar": N_("pasar dan pembeli"),
    "izin": N_("izin dan sertifikat"),
    "alat": N_("alat dan mesin"),
    "kemasan": N_("kemasan dan merek"),
    "digital": N_("bantuan jualan digital"),
    "pembukuan": N_("bantuan pembukuan"),
}
for mine, theirs in ((JENIS_WORDS, JENIS), (DIGITAL_WORDS, DIGITAL), (NEEDS_WORDS, NEEDS)):
    assert set(mine) == set(theirs)  # noqa: S101 - two tables of the same codes  # nosec B101

COOPERATIVE = (
    Criterion("jenis", N_("Jenis"), Kind.MANY, Slot.KIND, SAY_IT, N_("Jenis koperasi Anda %(mine)s"), JENIS_WORDS),
    Criterion("bentuk", N_("Bentuk"), Kind.MANY, Slot.KIND, N_("berbentuk %(names)s"), N_("Bentuk koperasi Anda %(mine)s"),
              {one: one for one in BENTUK}),
    Criterion("kelompok", N_("Kelompok"), Kind.MANY, Slot.KIND, N_("kelompok %(names)s"),
              N_("Kelompok koperasi Anda %(mine)s"), {one: one for one in KELOMPOK}),
    Criterion(PLACE, N_("Kecamatan"), Kind.MANY, Slot.PLACE, N_("di %(names)s"), N_("Koperasi Anda di %(mine)s")),
    Criterion("anggota", N_("Jumlah anggota"), Kind.RANGE, Slot.WITH, N_("%(range)s anggota"), N_("Anggota Anda %(mine)s orang"),
              hint=N_("Dari laporan terakhir.")),
    Criterion("aset", N_("Aset"), Kind.RANGE, Slot.WITH, N_("aset %(range)s"), N_("Aset koperasi Anda %(mine)s"), rupiah=True,
              hint=N_("Dari laporan terakhir.")),
    Criterion("volume_usaha", N_("Volume usaha setahun"), Kind.RANGE, Slot.WITH, N_("volume usaha %(range)s"),
              N_("Volume usaha Anda %(mine)s setahun"), rupiah=True, hint=N_("Dari laporan terakhir.")),
    Criterion("status", N_("Status"), Kind.MANY, Slot.THAT, N_("berstatus %(names)s"), N_("Status koperasi Anda %(mine)s"),
              {Status.ACTIVE: N_("aktif"), Status.INACTIVE: N_("tidak aktif"), Status.UNKNOWN: N_("belum diketahui")}),
    Criterion("rat", N_("RAT di laporan terakhir"), Kind.ONE, Slot.THAT, SAY_IT, N_("Koperasi Anda %(mine)s"),
              {"Sudah RAT": N_("sudah RAT"), "Belum RAT": N_("belum RAT")}),
    Criterion("laporan", N_("Laporan tahunan"), Kind.ONE, Slot.THAT, SAY_IT, N_("Koperasi Anda %(mine)s"), {
        "tahun_lalu": N_("melapor tahun lalu"),
        "tidak_tahun_lalu": N_("tidak melapor tahun lalu"),
        "disetujui_tahun_lalu": N_("laporannya tahun lalu disetujui"),
        "tahun_ini": N_("sudah melapor tahun ini"),
        "belum_tahun_ini": N_("belum melapor tahun ini"),
        "disetujui_tahun_ini": N_("laporannya tahun ini disetujui"),
    }),
    Criterion("pengelola", N_("Pengelola di situs ini"), Kind.ONE, Slot.THAT, SAY_IT, N_("Koperasi Anda %(mine)s"), {
        "ada": N_("sudah punya pengelola di situs ini"), "belum": N_("belum punya pengelola di situs ini"),
    }),
)  # fmt: skip

ENTERPRISE = (
    Criterion("bidang", N_("Bidang usaha"), Kind.MANY, Slot.KIND, N_("bidang %(names)s"), N_("Bidang usaha Anda %(mine)s"),
              ACTIVITY_NAMES),
    Criterion("kelas", N_("Kelas usaha"), Kind.MANY, Slot.KIND, N_("kelas %(names)s"), N_("Kelas usaha Anda %(mine)s"),
              {SizeClass.MIKRO: N_("mikro"), SizeClass.KECIL: N_("kecil"), SizeClass.MENENGAH: N_("menengah")}),
    Criterion(PLACE, N_("Kecamatan"), Kind.MANY, Slot.PLACE, N_("di %(names)s"), N_("Usaha Anda di %(mine)s")),
    Criterion(CLUSTER, N_("Kelompok UKM"), Kind.MANY, Slot.PLACE, N_("dari kelompok %(names)s"),
              N_("Usaha Anda termasuk kelompok %(mine)s")),
    Criterion("tenaga", N_("Tenaga kerja"), Kind.RANGE, Slot.WITH, N_("%(range)s tenaga kerja"),
              N_("Tenaga kerja Anda %(mine)s orang")),
    Criterion("digital", N_("Cara digital yang dipakai"), Kind.MANY, Slot.THAT, SAY_IT, N_("Anda %(mine)s"), DIGITAL_WORDS),
    Criterion("kebutuhan", N_("Kebutuhan"), Kind.MANY, Slot.THAT, N_("membutuhkan %(names)s"), N_("Anda membutuhkan %(mine)s"),
              NEEDS_WORDS),
    Criterion("nib", N_("NIB"), Kind.ONE, Slot.THAT, SAY_IT, N_("Usaha Anda %(mine)s"),
              {"ada": N_("sudah ber-NIB"), "belum": N_("belum ber-NIB")}),
    Criterion("anggota_koperasi", N_("Anggota koperasi"), Kind.ONE, Slot.THAT, SAY_IT, N_("Anda %(mine)s"),
              {"ya": N_("menjadi anggota koperasi"), "tidak": N_("tidak tercatat sebagai anggota koperasi")}),
)  # fmt: skip

CRITERIA: Mapping[Subject, tuple[Criterion, ...]] = {
    Subject.COOPERATIVE: COOPERATIVE,
    Subject.ENTERPRISE: ENTERPRISE,
}
NOUNS = {Subject.COOPERATIVE: N_("koperasi"), Subject.ENTERPRISE: N_("pelaku UKM")}
LAST_YEAR = frozenset({"tahun_lalu", "tidak_tahun_lalu", "disetujui_tahun_lalu"})
THIS_YEAR = frozenset({"tahun_ini", "belum_tahun_ini", "disetujui_tahun_ini"})


@dataclass(frozen=True)
class Words:
    """What the words of a target depend on: names of places, the book year that is being filed now, names of groups of UKM
    (asked for only where a target speaks of one)."""

    places: Mapping[str, str]
    year: int | None
    clusters: Callable[[], Mapping[str, Text]] = dict

    def of(self, criterion: Criterion, code: str) -> Text:
        """The words of one choice."""
        if criterion.code == PLACE:
            return Text("%(name)s", {"name": self.places.get(code, code)})
        if criterion.code == CLUSTER:
            name = self.clusters().get(code)
            return Text("“%(name)s”", {"name": name}) if name else Text(N_("yang sudah tidak ada"))
        words = Text(criterion.choices.get(code, code))
        if criterion.code == "laporan" and self.year is not None:
            year = self.year - 1 if code in LAST_YEAR else self.year
            return Text(N_("%(what)s (tahun buku %(year)s)"), {"what": words, "year": year})
        return words


def cleaned(stored: Any, places: Collection[str]) -> Target:
    """A target as it may be trusted: of what was stored or sent, only criteria, choices and figures that there are."""
    target: Target = {}
    for subject, criteria in CRITERIA.items():
        given = stored.get(subject.value) if isinstance(stored, Mapping) else None
        found: Rules = {}
        for criterion in criteria:
            value = given.get(criterion.code) if isinstance(given, Mapping) else None
            wanted = _range(value) if criterion.kind is Kind.RANGE else _codes(criterion, value, places)
            if wanted:
                found[criterion.code] = wanted
        if found:
            target[subject.value] = found
    return target


def _codes(criterion: Criterion, value: Any, places: Collection[str]) -> list[str]:
    if criterion.code == CLUSTER:
        return _clusters(value)
    known = list(places) if criterion.code == PLACE else list(criterion.choices)
    given = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    found = [str(code) for code in known if code in given]
    return found[:1] if criterion.kind is Kind.ONE else found


def _clusters(value: Any) -> list[str]:
    """Keys of groups, also of one that is no more: it fits nobody, where a criterion left out would fit everybody."""
    given = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    keys = {code for code in given if isinstance(code, str) and CLUSTER_KEY.fullmatch(code)}
    return sorted(keys)[:MOST_CLUSTERS]


def _range(value: Any) -> dict[str, int]:
    if not isinstance(value, Mapping):
        return {}
    return {
        end: int(value[end])
        for end in ("min", "below")
        if isinstance(value.get(end), int) and 0 <= value[end] <= LARGEST and (end == "below" or value[end])
    }


def fits(wanted: Wanted, mine: Any) -> bool | None:
    """Whether one criterion holds for somebody of whom the data say ``mine``; None where they say nothing."""
    if mine is None or mine == [] or (mine == Status.UNKNOWN and mine not in wanted):
        return None
    if isinstance(wanted, dict):
        return bool(wanted.get("min", 0) <= mine < wanted.get("below", LARGEST + 1))
    return not {mine}.isdisjoint(wanted) if isinstance(mine, str) else not set(mine).isdisjoint(wanted)


def match(rules: Rules, facts: Facts) -> bool | None:
    """Whether all of ``rules`` hold; None where none is broken, but the data lack what some of them ask."""
    answers = [fits(wanted, facts.get(code)) for code, wanted in rules.items()]
    if False in answers:
        return False
    return None if None in answers else True


def reasons(subject: Subject, rules: Rules, facts: Facts, words: Words) -> list[Text]:
    """Why a programme with ``rules`` fits a reader with ``facts``: one sentence for each criterion."""
    found = []
    for criterion in CRITERIA[subject]:
        wanted, mine = rules.get(criterion.code), facts.get(criterion.code)
        if wanted is None or mine is None or not fits(wanted, mine):
            continue
        if isinstance(wanted, dict):
            shown: Text | str = criterion.shown(mine)
        else:
            held = [mine] if isinstance(mine, str) else mine
            shown = listed([words.of(criterion, code) for code in wanted if code in held], AND)
        found.append(Text(criterion.reason, {"mine": shown}))
    return found


OR, AND = N_("%(left)s atau %(right)s"), N_("%(left)s dan %(right)s")
COMMA = N_("%(left)s, %(right)s")


def listed(names: list[Text], last: str) -> Text:
    """``a, b atau c``, of at least one name."""
    if len(names) == 1:
        return names[0]
    body = reduce(lambda left, right: Text(COMMA, {"left": left, "right": right}), names[:-1])
    return Text(last, {"left": body, "right": names[-1]})


def sentence(subject: Subject, rules: Rules, words: Words) -> Text:
    """``koperasi konsumen di Sukun dengan kurang dari 100 anggota yang melapor tahun lalu (tahun buku 2024)``."""
    noun = Text(NOUNS[subject])
    if not rules:
        return Text(N_("semua %(noun)s"), {"noun": noun})
    parts: dict[Slot, list[Text]] = {slot: [] for slot in Slot}
    for criterion in CRITERIA[subject]:
        if criterion.code in rules:
            parts[criterion.slot].append(_phrase(criterion, rules[criterion.code], words))
    said = [noun, *parts[Slot.KIND], *parts[Slot.PLACE]]
    if parts[Slot.WITH]:
        said.append(Text(N_("dengan %(what)s"), {"what": listed(parts[Slot.WITH], AND)}))
    if parts[Slot.THAT]:
        said.append(Text(N_("yang %(what)s"), {"what": listed(parts[Slot.THAT], AND)}))
    return reduce(lambda left, right: Text("%(left)s %(right)s", {"left": left, "right": right}), said)


def _phrase(criterion: Criterion, wanted: Wanted, words: Words) -> Text:
    if isinstance(wanted, dict):
        return Text(criterion.phrase, {"range": _between(criterion, wanted)})
    return Text(criterion.phrase, {"names": listed([words.of(criterion, code) for code in wanted], OR)})


def _between(criterion: Criterion, wanted: dict[str, int]) -> Text:
    shown = {end: criterion.shown(amount) for end, amount in wanted.items()}
    if "below" not in wanted:
        return Text(N_("paling sedikit %(min)s"), shown)
    if "min" not in wanted:
        return Text(N_("kurang dari %(below)s"), shown)
    return Text(N_("%(min)s sampai kurang dari %(below)s"), shown)
