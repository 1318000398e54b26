"""A file that was read and found harmless, ready to be kept."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath

LONGEST_NAME = 100
UNWANTED = re.compile(r"[^\w .()+,&-]", re.UNICODE)


@dataclass(frozen=True)
class Prepared:
    """``name`` bears the ending of what the content is, whatever it was called before."""

    name: str
    mime: str
    content: bytes
    width: int | None = None
    height: int | None = None
    small: bytes | None = None

    @cached_property
    def sha256(self) -> str:
        """Digest of the content, 64 hexadecimal digits."""
        return hashlib.sha256(self.content).hexdigest()


def tidy_name(given: str | None, ending: str, fallback: str) -> str:
    """``given`` without folders, control and odd characters, at most 100 characters, with ``ending`` (such as ``.pdf``)."""
    plain = unicodedata.normalize("NFC", given or "").replace("\\", "/")
    stem = PurePosixPath(plain).name
    if "." in stem:
        stem = stem.rpartition(".")[0]
    stem = " ".join(UNWANTED.sub(" ", stem).split()).strip(". ")
    return f"{stem[:LONGEST_NAME].strip('. ') or fallback}{ending}"
