"""Names of cooperatives and people: how they are shown, how they are compared."""

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

from app.core.parsing import fold_space

# What stands in front of nearly every name and so tells two cooperatives apart badly, by the kind that it names (empty:
# no kind worth the name). Only leading words fall away: "Koperasi Karya Jasa" keeps its "jasa".
FORMS = {
    "": "koperasi|kop|primer|koperasi primer|primer koperasi|primkop|konsumen|produsen|pemasaran|jasa|produksi",
    "ksp": "simpan pinjam|ksp|usaha simpan pinjam|usp",
    "kspps": "simpan pinjam dan pembiayaan syariah|simpan pinjam pembiayaan syariah|kspps|uspps|jasa keuangan syariah|kjks"
    "|baitul maal wat tamwil|bmt|kbmt",
    "ksu": "serba usaha|ksu",
    "kpri": "pegawai republik indonesia|kpri|pegawai negeri|kpn|pegawai",
    "kopkar": "karyawan|kopkar",
    "kopwan": "wanita|kopwan",
    "kud": "unit desa|kud",
    "koppontren": "pondok pesantren|kopontren|koppontren|pesantren",
    "koppas": "pedagang pasar|koppas",
    "kopma": "mahasiswa|kopma",
    "kpek": "kpek",
    "kopti": "kopti|primkopti",
    "kdmp": "desa merah putih|kelurahan merah putih|desa kelurahan merah putih|kdmp|kkmp|kopdes merah putih|kopdes",
}
KIND_OF = {tuple(words.split()): kind for kind, forms in FORMS.items() for words in forms.split("|")}
LONGEST_FORM = max(map(len, KIND_OF))
WORD_OF_LIST = re.compile(r"\S+")
NOT_WORD = re.compile(r"[^a-z0-9]+")
ROMAN = re.compile(r"(?:x{0,3})(?:ix|iv|v?i{1,3}|v)|x{1,3}")  # I to XXXIX, as a whole word
LONGEST_SLUG = 80

# Written in capitals whatever stands around them. Words without a vowel (PKBM, TBK) and Roman numerals need no list.
ABBREVIATIONS = frozenset(
    WORD_OF_LIST.findall("""
        KPRI PKPRI KPN KSP KSPPS KJKS KSU KUD KUB KPEK KBMT BMT USP KUBE PT CV UD PD PN RS RSU RSUD RSI RSIA
        SD SDN SDIT SMP SMPN SMA SMAN SMK SMKN SMEA STM MTS MTSN MAN MAK TK PAUD SLB IPB ITB ITN UI UIN IAIN UB
        UGM UMM STIE STIEI STAI STAIN STKIP TNI POLRI ABRI PLN PDAM BNI BRI BTN BCA BPR BPRS BUMN BUMD DPRD DPR
        PMI PGRI PKK LIPI PNS ASN UMKM UKM KUMKM IKM MUI LPPOM NU RT RW RI DKI DIY BPN BPS BKN BKKBN KUA KPU
        KAI TVRI RRI PWRI PWI HKTI KNPI KONI HIPMI SPSI SPBU LPD LKM LSM ICMI IDI IBI PPNI KTNA TKI LVRI
        PEPABRI AKA TBK
    """)
)
DEGREES = frozenset(
    WORD_OF_LIST.findall("""
        SE SH MM MH MSI SSI SPD MPD SAG MAG SP MP SKM SSOS SIP MSC MBA PHD ST MT SKOM MKOM SPT STP AMD SHI MHI
        MAP SAP MKES AK CA
    """)
)
SMALL = frozenset(
    ("dan", "di", "ke", "dari", "untuk", "yang", "pada", "dengan", "bagi", "serta", "oleh", "wa")
)
WORD = re.compile(r"[^\W_]+(?:['’`.][^\W_]+)*")
VOWELS = set("AEIOUY")


def fold_letters(raw: str) -> str:
    """Lower case without accents; one blank between words of letters and digits."""
    plain = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode().lower()
    return NOT_WORD.sub(" ", plain).strip()


@lru_cache(maxsize=65_536)
def _taken_apart(raw: str) -> tuple[str, frozenset[str]]:
    """The folded name without its leading forms, and the kinds that those forms name."""
    folded = fold_letters(raw)
    words, kinds = folded.split(), set()
    while form := next((f for n in range(LONGEST_FORM, 0, -1) if (f := tuple(words[:n])) in KIND_OF), ()):
        kinds.add(KIND_OF[form])
        del words[: len(form)]
    return " ".join(words) or folded, frozenset(kinds - {""})


def fold_name(raw: str) -> str:
    """What tells a name from others: without *koperasi*, leading legal forms, punctuation, case and accents.

    ``KSP "Maju Jaya"`` and ``Koperasi Simpan Pinjam MAJU JAYA`` fold to one. A name made of nothing but forms keeps them.
    """
    return _taken_apart(raw)[0]


def kinds_agree(a: str, b: str) -> bool:
    """Whether two names may be of one kind: a KSU is no KSP, but either may be written as plain *Koperasi*."""
    one, other = _taken_apart(a)[1], _taken_apart(b)[1]
    return not one or not other or bool(one & other)


def _numbers(words: list[str]) -> frozenset[str]:
    """Figures and Roman numerals: what tells *SMPN 1* from *SMPN 2*, where every letter agrees."""
    return frozenset(word.lstrip("0") for word in words if word.isdigit() or ROMAN.fullmatch(word))


def similar(a: str, b: str) -> float:
    """How alike two names are, 0 to 1, whatever their legal forms: 1 when they fold to the same.

    Spaces and the order of words weigh little. Two names that bear different numbers are never near-same.
    """
    return similar_folded(fold_name(a), fold_name(b))


def similar_folded(a: str, b: str) -> float:
    """:func:`similar` for names that :func:`fold_name` has folded already."""
    if a == b:
        return 1.0 if a else 0.0
    score = max(
        fuzz.ratio(a, b), fuzz.token_sort_ratio(a, b), fuzz.ratio(a.replace(" ", ""), b.replace(" ", ""))
    )
    if _numbers(a.split()) != _numbers(b.split()):
        score = min(score, 60.0)
    return min(score, 99.9) / 100


def contains_name(a: str, b: str) -> bool:
    """Whether one folded name is the other with words added: *sawargi* and *sawargi smpn 2 bogor*."""
    few, many = sorted((set(a.split()), set(b.split())), key=len)
    return bool(few) and few <= many and sum(map(len, few)) >= 5


def display_name(raw: str) -> str:
    """A cooperative's name as shown: one written all in capitals gets capitals where names have them.

    Abbreviations, Roman numerals and words in brackets or quotes stay in capitals. A name with small letters is somebody's
    own spelling and stays as it is, but for white space.
    """
    text = fold_space(raw)
    if not text.isupper():
        return text
    return WORD.sub(lambda word: _proper(word, text), text)


def _proper(match: re.Match[str], text: str) -> str:
    word, start, end = match[0], match.start(), match.end()
    before, after = text[start - 1 : start], text[end : end + 1]
    if (before, after) in (("(", ")"), ('"', '"'), ("“", "”"), ("[", "]")):
        return word
    bare = word.replace(".", "")
    if bare in ABBREVIATIONS or ROMAN.fullmatch(bare.lower()) or not bare.isalpha() or not VOWELS & set(bare):
        return word
    if word.lower() in SMALL and start:
        return word.lower()
    return ".".join(part[:1] + part[1:].lower() for part in word.split("."))


def display_person(raw: str) -> str:
    """A person's name as shown. One all in capitals gets a capital per word; degrees become ``S.E.``, ``M.M.`` as written."""
    text = fold_space(raw)
    if not text.isupper():
        return text
    return WORD.sub(_proper_of_person, text)


def _proper_of_person(match: re.Match[str]) -> str:
    word = match[0]
    if "." in word:
        return ".".join(part[:1] + part[1:].lower() for part in word.split("."))
    if word in DEGREES or (ROMAN.fullmatch(word.lower()) and len(word) > 1):
        return word
    return word[:1] + word[1:].lower()


def slugify(name: str) -> str:
    """``koperasi-melati-jaya``: the part of an address that names a cooperative; cut between words, never empty."""
    slug = fold_letters(name).replace(" ", "-")
    if len(slug) > LONGEST_SLUG:
        slug = slug[: LONGEST_SLUG + 1].rpartition("-")[0] or slug[:LONGEST_SLUG]
    return slug or "koperasi"
