"""What a question means, how well a thing answers it, and which of its words to mark. Plain Python."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from app.core.hits import Hit
from app.core.parsing import fold_space
from app.core.ranking import LONGEST, closeness, fold, words_of

SNIPPET = 170  # characters
SURE = 80.0  # of 100: how close a title must come to a question with typos
ALIKE = 80  # of 100: a word that is marked although it was typed otherwise
WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")

FILLERS = frozenset(
    """
    a ada adalah agar aja akan apa apakah apa-apa bagaimana bagi bila bisa boleh buat cara caranya dalam dan dapat dari
    dengan di gimana harus ini itu jika kah kalau ke kapan kita ku mau mana mengenai mohon nya oleh pada perlu saja saya
    seperti siapa soal supaya tentang tersebut tolong tuk untuk yang yg
    about an and are can do does for from get how i in is it me my need of on or the to want what when where which who with
    """.split()
)
"""Words that people write around what they look for."""

ALSO = {
    "bikin": "mendirikan",
    "buka": "mendirikan",
    "pendirian": "mendirikan",
    "membuat": "mendirikan",
    "membentuk": "mendirikan",
    "pembubaran": "membubarkan",
    "bubar": "membubarkan",
    "tutup": "membubarkan",
    "pinjaman": "kredit",
    "modal": "kredit",
    "utang": "kredit",
    "kursus": "pelatihan",
    "latihan": "pelatihan",
    "diklat": "pelatihan",
    "bazar": "pameran",
    "bazaar": "pameran",
    "bantuan": "hibah",
    "umkm": "ukm",
    "lapor": "laporan",
    "keluhan": "aduan",
    "dokumen": "syarat",
    "berkas": "syarat",
    "alamat": "tentang",
    "training": "pelatihan",
    "loan": "kredit",
    "capital": "kredit",
    "fair": "pameran",
    "found": "mendirikan",
    "dissolve": "membubarkan",
    "report": "laporan",
}
"""What people say, and the word that the office's pages use for it."""


@dataclass(frozen=True)
class Asked:
    """A question as it was typed (white space folded, cut), and what is looked for in its stead, the closest first."""

    typed: str
    questions: tuple[str, ...]

    @property
    def words(self) -> list[str]:
        """The folded words that tell something."""
        return words_of(self.questions[0]) if self.questions else []


def asked(raw: str) -> Asked:
    """What ``raw`` asks: without the words around it, and the same in the words of the office."""
    typed = fold_space(raw[:LONGEST])
    words = words_of(typed)
    telling = [word for word in words if word not in FILLERS] or words
    official = [ALSO.get(word, word) for word in telling]
    return Asked(typed, tuple(dict.fromkeys(filter(None, (" ".join(telling), " ".join(official))))))


def score(words: Sequence[str], hit: Hit) -> float:
    """How well ``hit`` answers: as the features' own search ranks, all that it says about itself taken together."""
    return closeness(words, "\n".join((fold(hit.title), fold(f"{hit.text} {hit.note} {hit.keywords}"))))


def named(words: Sequence[str], hit: Hit) -> bool:
    """Whether ``words``, typos forgiven, are what ``hit`` is called; in a long text some word is always alike."""
    return closeness(words, "\n".join((fold(hit.title), fold(hit.keywords)))) >= SURE


def _answers(token: str, words: Sequence[str]) -> bool:
    folded = fold(token).replace(" ", "")
    return any(
        folded.startswith(word) if len(word) < 3 else word in folded or (
            len(word) > 3 and folded[:1] == word[:1] and fuzz.ratio(word, folded) >= ALIKE
        )
        for word in words
    )  # fmt: skip


def marked(text: str, words: Sequence[str]) -> list[tuple[str, bool]]:
    """``text`` in pieces, and for each whether it is a word that answers."""
    pieces: list[tuple[str, bool]] = []
    at = 0
    for match in WORD.finditer(text):
        if _answers(match[0], words):
            pieces += [(text[at : match.start()], False), (match[0], True)]
            at = match.end()
    return [piece for piece in [*pieces, (text[at:], False)] if piece[0]]


def snippet(text: str, words: Sequence[str]) -> str:
    """The part of ``text`` that answers, begun and ended between words; its beginning where none does."""
    plain = " ".join(text.split())
    first = next((match.start() for match in WORD.finditer(plain) if _answers(match[0], words)), 0)
    if len(plain) <= SNIPPET:
        return plain
    begin = max(0, min(first - SNIPPET // 4, len(plain) - SNIPPET))
    if begin:
        begin = plain.find(" ", begin) + 1 or begin
    end = begin + SNIPPET
    if end < len(plain):
        end = max(plain.rfind(" ", begin, end), begin + SNIPPET // 2)
    before, after = "… " if begin else "", " …" if end < len(plain) else ""
    return f"{before}{plain[begin:end].rstrip(' ,;')}{after}"
