"""Small files of the kinds that offices send, made by hand where no library of ours writes them."""

import io
import struct
import zipfile

OPEN_DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns"


def xls(rows):
    """An Excel 97 workbook with one sheet ``Data``: texts, numbers, and (as ``("date", serial)``) days."""
    sheet = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for y, row in enumerate(rows):
        for x, value in enumerate(row):
            if isinstance(value, str):
                letters = value.encode("utf-16-le")
                sheet += _record(0x0204, struct.pack("<HHHHB", y, x, 0, len(value), 1) + letters)
            elif isinstance(value, tuple):
                sheet += _record(0x0203, struct.pack("<HHHd", y, x, 1, value[1]))
            elif value is not None:
                sheet += _record(0x0203, struct.pack("<HHHd", y, x, 0, value))
    sheet += _record(0x000A, b"")
    start = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    start += _record(0x00E0, struct.pack("<HH", 0, 0) + bytes(16))
    start += _record(0x00E0, struct.pack("<HH", 0, 14) + bytes(16))  # number format 14 is a day
    name = b"Data"
    bound = struct.pack("<IBBBB", len(start) + 8 + 4 + len(name) + 4, 0, 0, len(name), 0) + name
    return _compound(start + _record(0x0085, bound) + _record(0x000A, b"") + sheet, "Workbook")


def _record(kind, body):
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream, name):
    """``stream`` under ``name`` in the wrapper that Office files wore before 2007."""
    stream = stream.ljust(max(4096, -(-len(stream) // 512) * 512), b"\0")
    sectors = len(stream) // 512
    chain = [*range(3, 2 + sectors), -2]
    fat = struct.pack("<128i", *([-3, -2, *chain] + [-1] * (126 - sectors)))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6xIIiIIiIiI", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, -2, 0, -2, 0)
    header += struct.pack("<109i", 0, *[-1] * 108)
    folder = _entry("Root Entry", 5, 1, -2, 0) + _entry(name, 2, -1, 2, len(stream)) + bytes(256)
    return header + fat + folder + stream


def _entry(name, kind, child, start, size):
    letters = (name + "\0").encode("utf-16-le")
    return (
        letters.ljust(64, b"\0")
        + struct.pack("<HBBiii", len(letters), kind, 1, -1, -1, child)
        + bytes(36)
        + struct.pack("<iQ", start, size)
    )


def encrypted_office():
    """What Excel writes for a workbook that has a password to open it: the same wrapper around a locked stream."""
    return _compound(b"\1" * 5000, "EncryptedPackage")


def word_document():
    """A document of old Word, in the wrapper that old Excel files wear too."""
    return _compound(b"\1" * 5000, "WordDocument")


def ods(table_rows, *, manifest="", mimetype="application/vnd.oasis.opendocument.spreadsheet"):
    """An OpenDocument spreadsheet with one sheet of the given ``table:table-row`` elements."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", mimetype)
        archive.writestr(
            "META-INF/manifest.xml",
            f'<m:manifest xmlns:m="{OPEN_DOCUMENT}:manifest:1.0">{manifest}</m:manifest>',
        )
        archive.writestr(
            "content.xml",
            f'<office:document-content xmlns:office="{OPEN_DOCUMENT}:office:1.0"'
            f' xmlns:table="{OPEN_DOCUMENT}:table:1.0" xmlns:text="{OPEN_DOCUMENT}:text:1.0"><office:body>'
            f'<office:spreadsheet><table:table table:name="Data">{table_rows}</table:table></office:spreadsheet>'
            "</office:body></office:document-content>",
        )
    return out.getvalue()


def ods_row(*cells, repeated=1):
    """One ``table:table-row`` of texts, numbers, and days as ISO text in a tuple."""
    inner = ""
    for cell in cells:
        if isinstance(cell, tuple):
            kind = f'office:value-type="date" office:date-value="{cell[0]}"'
        elif isinstance(cell, str):
            kind = 'office:value-type="string"'
        else:
            kind = f'office:value-type="float" office:value="{cell}"'
        inner += f"<table:table-cell {kind}><text:p>{cell}</text:p></table:table-cell>"
    return f'<table:table-row table:number-rows-repeated="{repeated}">{inner}</table:table-row>'


def xlsx_with_cell(reference, cell='t="inlineStr"><is><t>x</t></is></c>', members=()):
    """A tiny XLSX whose only cell stands at ``reference``."""
    out = io.BytesIO()
    schema = "http://schemas.openxmlformats.org"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{schema}/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{schema}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{schema}/spreadsheetml/2006/main" xmlns:r="{schema}/officeDocument/2006/relationships">'
            '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{schema}/package/2006/relationships"><Relationship Id="rId1" '
            f'Type="{schema}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        row = "".join(character for character in reference if character.isdigit())
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<worksheet xmlns="{schema}/spreadsheetml/2006/main"><sheetData><row r="{row}"><c r="{reference}" {cell}'
            "</row></sheetData></worksheet>",
        )
        for name, content in members:
            archive.writestr(name, content)
    return out.getvalue()
