"""Pictures, read by their content and drawn anew: what was hidden in them (places, names, programs) stays behind."""

import io
import re
import threading
import warnings
import zipfile
from typing import TYPE_CHECKING

from app.core.errors import RuleBroken
from app.core.text import N_
from app.files.prepared import Prepared, tidy_name

if TYPE_CHECKING:
    from PIL.Image import Image as ImageType

LARGEST = 7 << 20  # bytes
MOST_PIXELS = 40_000_000  # of the picture as it comes
LONGEST_SIDE, SMALL_SIDE, DOCUMENT_SIDE = 1600, 480, 3000  # pixels
QUALITY = 78
FORMATS = ("JPEG", "PNG", "WEBP")
SIGNATURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
HIDDEN = re.compile(rb"<script|<\?php|<!doctype html|<html[\s>]|<svg[\s>]|%PDF-[12]\.|!<arch>", re.IGNORECASE)

_one_at_a_time = threading.Lock()  # a large picture takes 150 MB while it is drawn

NO_PICTURE = N_(
    "Berkas ini bukan gambar JPG, PNG, atau WebP. Pilih foto, atau simpan ulang gambarnya sebagai JPG."
)
BROKEN = N_("Gambar ini rusak atau terpotong. Buka gambarnya, simpan ulang, lalu unggah lagi.")
TOO_MANY_PIXELS = N_("Gambar ini terlalu besar, paling besar 40 juta titik. Kecilkan dulu, lalu unggah lagi.")
TWO_IN_ONE = N_(
    "Gambar ini juga berisi berkas lain. Buka gambarnya, simpan ulang sebagai JPG, lalu unggah lagi."
)


def looks_like_picture(data: bytes) -> bool:
    """Whether ``data`` begins as a JPEG, PNG or WebP does."""
    return data.startswith(SIGNATURES[:2]) or (data.startswith(SIGNATURES[2]) and data[8:12] == b"WEBP")


def draw_anew(data: bytes, given_name: str | None, *, field: str | None = None) -> Prepared:
    """``data`` as WebP of at most 1600 pixels a side, and a small one of 480; metadata are gone, the turn is kept.

    Raises RuleBroken, with a sentence for the person, for what is no picture, too large, broken or two files in one.
    """
    _refuse_others(data, field)
    with _one_at_a_time, _opened(data, field) as image:
        large = _as_webp(image, LONGEST_SIDE)
        width, height = image.size
        small = _as_webp(image, SMALL_SIDE)
    return Prepared(tidy_name(given_name, ".webp", "gambar"), "image/webp", large, width, height, small)


def redraw(data: bytes, given_name: str | None, *, field: str | None = None) -> Prepared:
    """A picture that is handed in as a document: PNG stays PNG, others become JPEG of at most 3000 pixels a side, all without
    metadata. Raises RuleBroken likewise."""
    _refuse_others(data, field)
    png = data.startswith(SIGNATURES[1])
    made = io.BytesIO()
    with _one_at_a_time, _opened(data, field, smaller=False) as image:
        image.thumbnail((DOCUMENT_SIDE, DOCUMENT_SIDE))
        if png:
            image.save(made, "PNG")
        else:
            image.convert("RGB").save(made, "JPEG", quality=85, optimize=True)
        width, height = image.size
    ending, mime = (".png", "image/png") if png else (".jpg", "image/jpeg")
    return Prepared(tidy_name(given_name, ending, "gambar"), mime, made.getvalue(), width, height)


def _refuse_others(data: bytes, field: str | None) -> None:
    if not looks_like_picture(data):
        raise RuleBroken(NO_PICTURE, field=field)
    if HIDDEN.search(data) or zipfile.is_zipfile(io.BytesIO(data)):
        raise RuleBroken(TWO_IN_ONE, field=field)


def _opened(data: bytes, field: str | None, *, smaller: bool = True) -> "ImageType":
    """The picture, decoded and turned upright. Its size is asked before a single pixel is unpacked."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # our own limit stands below
            image = Image.open(io.BytesIO(data), formats=FORMATS)
        if image.width * image.height > MOST_PIXELS:
            raise RuleBroken(TOO_MANY_PIXELS, field=field)
        if smaller:
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a large JPEG is unpacked at a half or less
        image.load()
        clear = "A" in image.getbands() or "transparency" in image.info
        return _upright(image).convert("RGBA" if clear else "RGB")
    except Image.DecompressionBombError as error:
        raise RuleBroken(TOO_MANY_PIXELS, field=field) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise RuleBroken(BROKEN, field=field) from error


def _upright(image: "ImageType") -> "ImageType":
    """``image`` turned as its camera was held; as it is where what the camera wrote makes no sense."""
    from PIL import ImageOps

    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # each camera errs in its own way; the picture itself was read
        return image


def _as_webp(image: "ImageType", side: int) -> bytes:
    """Makes ``image`` itself smaller: a copy of a large one would take its room once more."""
    image.thumbnail((side, side))
    made = io.BytesIO()
    image.save(made, "WEBP", quality=QUALITY, method=4)
    return made.getvalue()
