"""What people hand in is read by its content; what could do harm is refused with a sentence."""

import io
import struct
import zipfile
import zlib

import pytest
from PIL import Image
from werkzeug.datastructures import FileStorage

from app.core.errors import RuleBroken
from app.files.archives import DOCX, ODT, XLSX
from app.files.uploads import read_document, read_picture

CONTENT_TYPES = b'<Types><Override ContentType="application/vnd.openxmlformats"/></Types>'
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def given(data: bytes, name: str = "foto.jpg") -> FileStorage:
    return FileStorage(io.BytesIO(data), filename=name)


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 30), **options: object) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, kind, **options)
    return made.getvalue()


def archive(**members: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return made.getvalue()


def office(main: str = "word/document.xml", **more: bytes) -> bytes:
    return archive(**{"[Content_Types].xml": CONTENT_TYPES, main: b"<w/>"} | more)


def png_that_claims(width: int, height: int) -> bytes:
    """A PNG of a few bytes whose head promises a picture of ``width`` by ``height``."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        )

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    lines = zlib.compress(b"\0" * 4096)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
PROGRAM = b"MZ\x90\x00" + b"\0" * 200


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_drawn_anew_in_two_sizes(kind):
    prepared = read_picture(given(picture(kind, (2000, 1000)), "Foto Bazar.PNG"))
    assert (prepared.name, prepared.mime) == ("Foto Bazar.webp", "image/webp")
    assert (prepared.width, prepared.height) == (1600, 800)
    assert Image.open(io.BytesIO(prepared.small or b"")).size == (480, 240)


def test_where_and_when_a_photo_was_taken_stays_behind_and_it_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "KAMERA-RAHASIA"
    exif.get_ifd(0x8825)[1] = "S"
    data = picture("JPEG", (400, 200), exif=exif)
    assert b"KAMERA-RAHASIA" in data
    prepared = read_picture(given(data))
    assert (prepared.width, prepared.height) == (200, 400)
    drawn = Image.open(io.BytesIO(prepared.content))
    assert not drawn.getexif()
    assert b"KAMERA" not in prepared.content
    assert b"KAMERA" not in read_document(given(data)).content


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (SVG, "bukan gambar"),
        (PROGRAM, "bukan gambar"),
        (PDF, "bukan gambar"),
        (b"GIF89a" + b"\0" * 50, "bukan gambar"),
        (b"\xff\xd8\xff" + b"\0" * 50, "rusak"),
        (picture()[:200], "rusak"),
        (png_that_claims(50_000, 50_000), "terlalu besar"),
        (png_that_claims(0, 10), "rusak"),
        (picture() + archive(a=b"b"), "berkas lain"),
        (picture() + b"<?php system('x');", "berkas lain"),
        (picture("JPEG", comment=b"<script>alert(1)</script>"), "berkas lain"),
        (picture("PNG") + PDF, "berkas lain"),
        (b"", "kosong"),
        (picture() + b"\0" * (8 << 20), "paling besar 7 MB"),
    ],
    ids=[
        "svg with script", "renamed program", "pdf", "gif", "only a head", "cut", "huge", "no width", "with a zip", "with php",
        "script in a comment", "with a pdf", "empty", "heavy",
    ],
)  # fmt: skip
def test_what_is_not_plainly_a_picture_is_refused(data, said):
    with pytest.raises(RuleBroken, match=said) as refused:
        read_picture(given(data), field="gambar")
    assert refused.value.field == "gambar"


def test_no_file_is_asked_for():
    with pytest.raises(RuleBroken, match="Pilih berkas"):
        read_picture(given(b"x", name=""))
    with pytest.raises(RuleBroken, match="Pilih berkas"):
        read_document(None)


@pytest.mark.parametrize(
    ("data", "mime", "ending"),
    [
        (PDF, "application/pdf", ".pdf"),
        (office(), DOCX, ".docx"),
        (office("xl/workbook.xml"), XLSX, ".xlsx"),
        (archive(mimetype=ODT.encode(), **{"content.xml": b"<o/>"}), ODT, ".odt"),
        (picture("JPEG"), "image/jpeg", ".jpg"),
        (picture("PNG"), "image/png", ".png"),
    ],
    ids=["pdf", "docx", "xlsx", "odt", "jpg", "png"],
)
def test_a_document_is_told_by_its_content_and_named_so(data, mime, ending):
    prepared = read_document(given(data, "../..\\Surat <Edaran>\x00.exe"))
    assert (prepared.mime, prepared.name) == (mime, f"Surat Edaran{ending}")


BOMB = archive(**{"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"\0" * (30 << 20)})
REMOTE = b'<Relationship Type="attachedTemplate" Target="https://jauh.example/x.dotm" TargetMode="External"/>'


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (SVG, "tidak kami terima"),
        (PROGRAM, "tidak kami terima"),
        (b"<html><script>alert(1)</script>", "tidak kami terima"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600, "tidak kami terima"),
        (archive(**{"a.txt": b"x"}), "tidak kami terima"),
        (BOMB, "terlalu besar bila dibuka"),
        (office(**{f"m{number}": b"" for number in range(1001)}), "terlalu besar bila dibuka"),
        (office()[:-30], "rusak"),
        (office(**{"word/vbaProject.bin": b"x"}), "makro"),
        (office(**{"word/embeddings/oleObject1.bin": b"x"}), "makro"),
        (office(**{"word/_rels/settings.xml.rels": REMOTE}), "makro"),
        (archive(**{"[Content_Types].xml": b"...macroEnabled...", "word/document.xml": b"x"}), "makro"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>"), "makro"),
        (PDF.replace(b"/Catalog", b"/Catalog/OpenAction<</S/J#61vaScript/J#53 (1)>>"), "makro"),
        (PDF.replace(b"%%EOF", b""), "rusak"),
        (PDF + archive(a=b"b"), "berkas lain|rusak"),
        (PDF.replace(b"1 0 obj", b"<script>alert(1)</script>1 0 obj"), "berkas lain"),
        (PROGRAM + office(), "tidak kami terima"),
        (b"PK\x03\x04" + PROGRAM + office(), "berkas lain|rusak"),
        (png_that_claims(50_000, 50_000), "terlalu besar"),
    ],
    ids=[
        "svg", "renamed program", "html", "old office", "any zip", "zip bomb", "a thousand members", "cut", "macro", "object",
        "template elsewhere", "macro type", "pdf script", "pdf script spelled", "pdf cut", "pdf and zip", "pdf and html",
        "program and docx", "prefixed docx", "huge picture",
    ],
)  # fmt: skip
def test_what_could_act_by_itself_is_refused_as_a_document(data, said):
    with pytest.raises(RuleBroken, match=said):
        read_document(given(data, "surat.docx"), field="berkas")


def test_a_zip_that_lies_about_its_sizes_is_refused():
    """The table of contents says 10 bytes; the member unpacks to far more."""
    data = bytearray(archive(**{"[Content_Types].xml": CONTENT_TYPES, "word/document.xml": b"\0" * 500_000}))
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    with pytest.raises(RuleBroken, match="rusak"):
        read_document(given(bytes(data)))
