"""The words of a PDF made by ``app.core.pdf``, page by page, so that tests read what a person reads."""

import re
import zlib
from collections.abc import Iterator

STREAM = re.compile(rb"stream\r?\n(.*?)\r?\nendstream", re.DOTALL)
MAPPING = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
SHOWN = re.compile(rb"/F(\d) [\d.]+ Tf|BT ([\d.]+) [\d.]+ Td|\(((?:\\.|[^\\)])*)\) Tj", re.DOTALL)
ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def pages(pdf: bytes) -> list[str]:
    """One text per page, a line per run of words, in the order of drawing."""
    return ["\n".join(words for _, words in page) for page in _drawn(pdf)]


def text(pdf: bytes) -> str:
    """The words of all pages, white space folded."""
    return " ".join(" ".join(pages(pdf)).split())


def starts(pdf: bytes) -> dict[str, float]:
    """Each run of words with where it begins, in points from the left of its page."""
    return {words: left for page in _drawn(pdf) for left, words in page}


def _inflated(stream: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(
            stream
        )  # a last byte that looks like the end of a line is not missed
    except zlib.error:
        return stream


def _letters(cmap: bytes) -> dict[int, str]:
    return {
        int(code, 16): bytes.fromhex(char.decode()).decode("utf-16-be")
        for code, char in MAPPING.findall(cmap)
    }


def _drawn(pdf: bytes) -> list[list[tuple[float, str]]]:
    streams = [_inflated(found) for found in STREAM.findall(pdf)]
    fonts = [_letters(stream) for stream in streams if b"begincmap" in stream]
    return [list(_runs(stream, fonts)) for stream in streams if b") Tj" in stream]


def _runs(stream: bytes, fonts: list[dict[int, str]]) -> Iterator[tuple[float, str]]:
    letters, left = fonts[0], 0.0
    for font, start, shown in SHOWN.findall(stream):
        if font:
            letters = fonts[int(font) - 1]
        elif start:
            left = float(start)
        else:
            codes = ESCAPE.sub(lambda match: LETTERS.get(match[1], match[1]), shown)
            pairs = (codes[at : at + 2] for at in range(0, len(codes), 2))
            yield left, "".join(letters[int.from_bytes(pair, "big")] for pair in pairs)
