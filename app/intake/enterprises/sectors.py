"""What a UKM does, read from the word of a list: *Kulier* is Kuliner, and *Jasa* says too little. Always with how sure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz, process

from app.core.ranking import fold
from app.core.text import N_, Text
from app.enterprises.sectors import ACTIVITY_NAMES, activities, suggest

SURE = 84.0  # of 100: below, a word is another word
CLEAR = 4.0  # by which the best must beat the second best
BY_WORD, BY_PRODUCT, BY_NAME = 0.9, 0.85, 0.75  # confidence in an activity that the words of a cell say
SHORTEST_MISSPELT = 5
FILLING = frozenset(("aneka", "macam", "produk", "olahan", "jualan", "dan", "usaha", "berbagai", "basah"))

SERVICES = (
    "bengkel", "angkutan", "penginapan", "bangunan", "kreatif-digital", "konten", "desain-foto", "sewa-penunjang", "kursus",
    "kesehatan", "seni-olahraga", "jasa-pribadi", "keuangan", "properti", "percetakan", "sampah-daur-ulang", "busana",
)  # fmt: skip
FOOD = ("warung-makan", "makanan-kemasan", "minuman-kemasan")
MADE = (
    "makanan-kemasan", "minuman-kemasan", "busana", "tas-sepatu", "kerajinan", "mebel-logam", "percetakan", "kosmetik-rumah",
)  # fmt: skip


@dataclass(frozen=True)
class Category:
    """A word by which lists sort businesses: its usual spelling, what it mostly means, and what else it may mean."""

    name: str
    usual: str | None
    others: Collection[str] = ()


CATEGORIES: Mapping[str, Category] = {
    spelling: category
    for spellings, category in (
        (("kuliner", "makanan minuman", "mamin", "food", "kuliner makanan minuman"), Category("Kuliner", "warung-makan", FOOD)),
        (("makanan", "makanan ringan", "pangan", "olahan pangan", "snack"), Category("Makanan", "makanan-kemasan", FOOD)),
        (("minuman",), Category("Minuman", "minuman-kemasan", FOOD)),
        (("perdagangan", "dagang", "pedagang", "toko", "eceran", "retail", "ritel"), Category("Perdagangan", "toko", ("toko", "bengkel"))),
        (("jasa", "jasa lainnya", "pelayanan", "service"), Category("Jasa", None, SERVICES)),
        (("kriya", "kerajinan", "kerajinan tangan", "craft", "handicraft"), Category("Kriya", "kerajinan", ("kerajinan", "tas-sepatu", "mebel-logam"))),
        (("fashion", "fesyen", "busana", "pakaian", "konveksi", "garmen"), Category("Fesyen", "busana", ("busana", "tas-sepatu"))),
        (("industri", "industri pengolahan", "produksi", "pengolahan", "manufaktur"), Category("Industri pengolahan", None, MADE)),
        (("pertanian", "agrobisnis", "agribisnis", "perkebunan", "hortikultura"), Category("Pertanian", "pertanian", ("pertanian",))),
        (("perikanan", "nelayan", "budidaya ikan"), Category("Perikanan", "pertanian", ("pertanian",))),
        (("peternakan", "ternak"), Category("Peternakan", "pertanian", ("pertanian",))),
        (("otomotif", "bengkel"), Category("Otomotif", "bengkel", ("bengkel",))),
        (("transportasi", "angkutan", "ekspedisi"), Category("Transportasi", "angkutan", ("angkutan",))),
        (("konstruksi", "bangunan"), Category("Konstruksi", "bangunan", ("bangunan",))),
        (("pendidikan",), Category("Pendidikan", "kursus", ("kursus",))),
        (("kesehatan",), Category("Kesehatan", "kesehatan", ("kesehatan",))),
        (("kecantikan", "salon"), Category("Kecantikan", "jasa-pribadi", ("jasa-pribadi", "kosmetik-rumah"))),
        (("teknologi", "teknologi informasi", "it"), Category("Teknologi informasi", "kreatif-digital", ("kreatif-digital",))),
        (("pariwisata", "wisata"), Category("Pariwisata", "sewa-penunjang", ("sewa-penunjang", "penginapan", "seni-olahraga"))),
        (("percetakan",), Category("Percetakan", "percetakan", ("percetakan",))),
        (("lainnya", "lain lain", "umum", "campuran", "lain"), Category("Lainnya", None, tuple(ACTIVITY_NAMES))),
    )
    for spelling in spellings
}  # fmt: skip


@dataclass(frozen=True)
class ActivityRead:
    """The activity that a row says, or none; ``said`` is the list's word in its usual spelling.

    ``spelling`` is how sure its word was recognised, 0 to 1; ``confidence`` how sure the activity follows from it.
    """

    code: str | None
    said: str
    spelling: float
    confidence: float
    note: Text | None = None


@cache
def _own_words() -> Mapping[str, str]:
    """The register's own words for its activities, folded → their code."""
    names = {fold(activity.name): code for code, activity in activities().items()}
    return names | {fold(code): code for code in activities()}


def read_activity(word: str, products: str, name: str) -> ActivityRead:
    """The activity that the word of a list says; products and name decide where the word is broad or missing."""
    folded = fold(word)
    if code := _own_words().get(folded):
        return ActivityRead(code, word, 1.0, 1.0)
    category, spelling = _category(folded)
    if category is None:
        return _by_words(word, products, name)
    if category.usual and len(category.others) <= 1:
        return ActivityRead(category.usual, category.name, spelling, spelling)
    code, sure = _said(products, name, category.others)
    if code and code != category.usual:
        return ActivityRead(code, category.name, spelling, min(spelling, sure))
    if category.usual:
        return ActivityRead(category.usual, category.name, spelling, spelling)
    said = Text(
        N_("“%(raw)s” terlalu luas untuk satu bidang; bidangnya dikosongkan."), {"raw": category.name}
    )
    return ActivityRead(None, category.name, spelling, 0.0, said)


def _category(folded: str) -> tuple[Category | None, float]:
    if folded in CATEGORIES:
        return CATEGORIES[folded], 1.0
    if len(folded) < SHORTEST_MISSPELT:
        return None, 0.0
    near = process.extract(folded, list(CATEGORIES), scorer=fuzz.ratio, score_cutoff=SURE, limit=6)
    if not near:
        return None, 0.0
    best = CATEGORIES[near[0][0]]
    rivals = [score for spelling, score, _at in near if CATEGORIES[spelling].name != best.name]
    if rivals and near[0][1] - rivals[0] < CLEAR:
        return None, 0.0
    return best, near[0][1] / 100


def _by_words(word: str, products: str, name: str) -> ActivityRead:
    if found := suggest(word):
        return ActivityRead(found[0].code, word, 1.0, BY_WORD)
    code, sure = _said(products, name, tuple(activities()))
    if code is None:
        code, sure = _broadly(products)
    if not word:
        return ActivityRead(code, "", 1.0, sure)
    note = Text(N_("Bidang “%(raw)s” tidak dikenali."), {"raw": word[:60]})
    return ActivityRead(code, word, 0.0, sure, None if code else note)


def _broadly(products: str) -> tuple[str | None, float]:
    """What the products mostly mean when they are no more than *Makanan* or *Aneka makanan ringan*."""
    words = [word for word in fold(products).split() if word not in FILLING]
    category, spelling = _category(" ".join(words))
    return (category.usual, min(spelling, BY_PRODUCT)) if category and category.usual else (None, 0.0)


def _said(products: str, name: str, among: Collection[str]) -> tuple[str | None, float]:
    """The activity, one of ``among``, that the products say, else the name; and how sure."""
    for text, sure in ((products, BY_PRODUCT), (name, BY_NAME)):
        found = [activity.code for activity in suggest(text) if activity.code in among]
        if found:
            return found[0], sure
    return None, 0.0
