"""What people hand in, read before the write unit: by content, never by name, and refused with a sentence."""

from werkzeug.datastructures import FileStorage

from app.core.errors import RuleBroken
from app.core.text import N_
from app.files.archives import ENDINGS, kind_of
from app.files.pictures import LARGEST, draw_anew, looks_like_picture, redraw
from app.files.prepared import Prepared, tidy_name

MISSING = N_("Pilih berkas dulu.")
EMPTY = N_("Berkas ini kosong. Pilih berkas yang lain.")
TOO_LARGE = N_("Berkas ini terlalu besar, paling besar %(most)s MB. Kecilkan dulu, lalu unggah lagi.")


def read_picture(given: FileStorage | None, *, field: str | None = None) -> Prepared:
    """A JPEG, PNG or WebP, drawn anew without metadata. Call it outside ``writing()``.

    Raises RuleBroken (about ``field``) for no file, too large a file, and what is not plainly a picture.
    """
    data, name = _read(given, field)
    return draw_anew(data, name, field=field)


def read_document(given: FileStorage | None, *, field: str | None = None) -> Prepared:
    """A PDF, DOCX, XLSX or ODT without macros, or a JPEG or PNG without metadata. Call it outside ``writing()``.

    Raises RuleBroken (about ``field``) for everything else.
    """
    data, name = _read(given, field)
    if looks_like_picture(data):
        return redraw(data, name, field=field)
    mime = kind_of(data, field=field)
    return Prepared(tidy_name(name, ENDINGS[mime], "berkas"), mime, data)


def _read(given: FileStorage | None, field: str | None) -> tuple[bytes, str | None]:
    if given is None or not given.filename:
        raise RuleBroken(MISSING, field=field)
    data = given.stream.read(LARGEST + 1)
    if not data:
        raise RuleBroken(EMPTY, field=field)
    if len(data) > LARGEST:
        raise RuleBroken(TOO_LARGE, field=field, most=LARGEST >> 20)
    return data, given.filename
