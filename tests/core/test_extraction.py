"""Which words of a TOML file reach the translators."""

import io

from app.core.extraction import extract_toml

SOURCE = b"""
[[questions]]
code = "volume_usaha"
label = "Volume usaha"
type = "rupiah"
choices = [{ code = "ya", label = "Ya" }, { code = "tidak", label = "Tidak" }]

[[questions]]
code = "bentuk"
choices = "bentuk_koperasi"
help = "   "

[choices]
bentuk_koperasi = ["Primer", "Sekunder"]

[checks.rat]
message = "RAT %(tanggal)s terlalu awal"
note = "Catatan"
"""


def extracted(**options):
    return [(line, message) for line, _, message, _ in extract_toml(io.BytesIO(SOURCE), (), (), options)]


def test_words_for_people_are_found_with_their_lines_and_codes_are_not():
    assert extracted() == [
        (4, "Volume usaha"),
        (6, "Ya"),
        (6, "Tidak"),
        (14, "Primer"),
        (14, "Sekunder"),
        (17, "RAT %(tanggal)s terlalu awal"),
    ]


def test_further_keys_may_be_named():
    assert (18, "Catatan") in extracted(keys="note other")
