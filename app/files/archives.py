"""Documents, told apart by their content: PDF, Word, Excel and OpenDocument text. What could act by itself is refused."""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable

from app.core.errors import RuleBroken
from app.core.text import N_

MOST_MEMBERS = 1000
MOST_UNPACKED = 60 << 20  # bytes
MOST_TIMES = 120  # how often larger than its packed form the whole may be
NAMED_PARTS = 2 << 20  # bytes of a part that is looked into

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
ENDINGS = {"application/pdf": ".pdf", DOCX: ".docx", XLSX: ".xlsx", ODT: ".odt"}

NO_DOCUMENT = N_(
    "Jenis berkas ini tidak kami terima. Unggah PDF, DOCX, XLSX, ODT, JPG, atau PNG; berkas lain simpan dulu sebagai PDF."
)
BROKEN = N_("Berkas ini rusak, terpotong, atau terkunci sandi. Simpan ulang tanpa sandi, lalu unggah lagi.")
BOMB = N_("Isi berkas ini menjadi terlalu besar bila dibuka. Simpan ulang sebagai PDF, lalu unggah lagi.")
MACROS = N_(
    "Berkas ini berisi makro atau program. Simpan ulang tanpa makro atau sebagai PDF, lalu unggah lagi."
)
TWO_IN_ONE = N_("Berkas ini juga berisi berkas lain. Simpan ulang sebagai PDF, lalu unggah lagi.")

ACTIVE_NAMES = re.compile(
    r"vbaproject|vbadata|activex|macrosheets|/embeddings/|^basic/|^scripts/|^object |\.(exe|dll|bat|cmd|js|vbs|scr|jar|zip)$"
)
OUTSIDE_TEMPLATE = re.compile(
    rb"attachedTemplate[^>]*TargetMode\s*=\s*.External|TargetMode\s*=\s*.External[^>]*attachedTemplate"
)
ACTIVE_PDF = re.compile(rb"/(JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)(?=[\s/<(\[\d])")
HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")
FOREIGN = re.compile(rb"<script|<\?php|<!doctype html|<html[\s>]", re.IGNORECASE)
PDF_TAIL = 2048  # bytes after which nothing may follow the end mark


def kind_of(data: bytes, *, field: str | None = None) -> str:
    """The type of a document, by its content. Raises RuleBroken for what is none, is broken, or could act by itself."""
    if data.startswith(b"%PDF-"):
        _check_pdf(data, field)
        return "application/pdf"
    if data.startswith(b"PK\x03\x04"):
        return _check_archive(data, field)
    raise RuleBroken(NO_DOCUMENT, field=field)


def _check_pdf(data: bytes, field: str | None) -> None:
    if b"%%EOF" not in data[-PDF_TAIL:]:
        raise RuleBroken(BROKEN, field=field)
    if (
        zipfile.is_zipfile(io.BytesIO(data))
        or FOREIGN.search(data[:1024])
        or FOREIGN.search(data[-PDF_TAIL:])
    ):
        raise RuleBroken(TWO_IN_ONE, field=field)
    spelled = HEX_NAME.sub(lambda found: bytes([int(found[1], 16)]), data)  # /J#53 is /JS
    if ACTIVE_PDF.search(data) or ACTIVE_PDF.search(spelled):
        raise RuleBroken(MACROS, field=field)


def _check_archive(data: bytes, field: str | None) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
            _check_size(archive, members, len(data), field)
            mime = _office_type(archive, {member.filename for member in members}, field)
            _check_active(archive, members, field)
            if archive.testzip() is not None:  # a false size shows here; the sizes were bounded above
                raise RuleBroken(BROKEN, field=field)
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        NotImplementedError,
        RuntimeError,
        OSError,
        ValueError,
    ) as error:
        raise RuleBroken(BROKEN, field=field) from error
    return mime


def _check_size(
    archive: zipfile.ZipFile, members: Iterable[zipfile.ZipInfo], length: int, field: str | None
) -> None:
    """Ask the table of contents how large the whole is, before anything is unpacked."""
    members = list(members)
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > min(MOST_UNPACKED, max(MOST_TIMES * length, 1 << 20)):
        raise RuleBroken(BOMB, field=field)
    if any(member.flag_bits & 1 for member in members):
        raise RuleBroken(BROKEN, field=field)
    if archive.comment or min((member.header_offset for member in members), default=1) != 0:
        raise RuleBroken(TWO_IN_ONE, field=field)


def _office_type(archive: zipfile.ZipFile, names: set[str], field: str | None) -> str:
    if "mimetype" in names and _part(archive, "mimetype").strip() == ODT.encode() and "content.xml" in names:
        return ODT
    if "[Content_Types].xml" in names:
        if b"macroenabled" in _part(archive, "[Content_Types].xml").lower():
            raise RuleBroken(MACROS, field=field)
        for main, mime in (("word/document.xml", DOCX), ("xl/workbook.xml", XLSX)):
            if main in names:
                return mime
    raise RuleBroken(NO_DOCUMENT, field=field)


def _check_active(archive: zipfile.ZipFile, members: Iterable[zipfile.ZipInfo], field: str | None) -> None:
    for member in members:
        name = member.filename.lower()
        outside = name.endswith(".rels") and OUTSIDE_TEMPLATE.search(_part(archive, member.filename))
        if ACTIVE_NAMES.search(name) or outside:
            raise RuleBroken(MACROS, field=field)


def _part(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(NAMED_PARTS)
