"""The rules by themselves: classes at their limits, how current a listing is, and what plain words mean."""

from datetime import date

import pytest

from app.core.parsing import Unreadable
from app.enterprises.reading import (
    read_degrees,
    read_instagram,
    read_link,
    read_nib,
    read_time,
    read_whatsapp,
    read_year,
)
from app.enterprises.rules import (
    CAPITAL_BANDS,
    MOST_CAPITAL,
    MOST_SALES,
    SALES_BANDS,
    Currency,
    SizeClass,
    SizeCriterion,
    class_by,
    currency,
    size_class,
)
from app.enterprises.sectors import ACTIVITY_NAMES, activities, section_name, sections, suggest

M = 1_000_000_000


@pytest.mark.parametrize(
    ("criterion", "rupiah", "expected"),
    [
        (SizeCriterion.SALES, 0, SizeClass.MIKRO),
        (SizeCriterion.SALES, 2 * M, SizeClass.MIKRO),
        (SizeCriterion.SALES, 2 * M + 1, SizeClass.KECIL),
        (SizeCriterion.SALES, 15 * M, SizeClass.KECIL),
        (SizeCriterion.SALES, 15 * M + 1, SizeClass.MENENGAH),
        (SizeCriterion.SALES, 50 * M, SizeClass.MENENGAH),
        (SizeCriterion.SALES, 50 * M + 1, None),
        (SizeCriterion.CAPITAL, M, SizeClass.MIKRO),
        (SizeCriterion.CAPITAL, M + 1, SizeClass.KECIL),
        (SizeCriterion.CAPITAL, 5 * M, SizeClass.KECIL),
        (SizeCriterion.CAPITAL, 5 * M + 1, SizeClass.MENENGAH),
        (SizeCriterion.CAPITAL, 10 * M, SizeClass.MENENGAH),
        (SizeCriterion.CAPITAL, 10 * M + 1, None),
    ],
)
def test_limits_of_pp_7_2021_are_inclusive(criterion, rupiah, expected):
    assert class_by(criterion, rupiah) is expected


@pytest.mark.parametrize(
    ("sales", "capital", "expected"),
    [
        (None, None, (None, None)),
        ("", "", (None, None)),
        ("sampai-2m", None, (SizeClass.MIKRO, SizeCriterion.SALES)),
        ("sampai-15m", "sampai-10jt", (SizeClass.KECIL, SizeCriterion.SALES)),  # sales decide
        (None, "sampai-5m", (SizeClass.KECIL, SizeCriterion.CAPITAL)),
        ("lebih-50m", "sampai-10jt", (None, None)),  # large: no UMKM
    ],
)
def test_the_class_says_by_which_criterion(sales, capital, expected):
    assert size_class(sales, capital) == expected


def test_no_band_straddles_two_classes():
    for limits, bands in ((MOST_SALES, SALES_BANDS), (MOST_CAPITAL, CAPITAL_BANDS)):
        assert set(limits.values()) <= {band.most for band in bands}
        assert [band.most for band in bands[:-1]] == sorted(band.most for band in bands[:-1])


@pytest.mark.parametrize(
    ("confirmed", "expected"),
    [
        (date(2026, 3, 2), Currency.CURRENT),
        (date(2025, 3, 2), Currency.CURRENT),
        (date(2025, 3, 1), Currency.UNCONFIRMED),
        (date(2024, 3, 2), Currency.UNCONFIRMED),
        (date(2024, 3, 1), Currency.EXPIRED),
    ],
)
def test_a_listing_ages_by_the_day(confirmed, expected):
    assert currency(confirmed, date(2026, 3, 1)) is expected


@pytest.mark.parametrize(
    ("words", "code", "letter_2020", "letter_2025"),
    [
        ("keripik", "makanan-kemasan", "C", "C"),
        ("kripik tempe", "makanan-kemasan", "C", "C"),
        ("Bakso & mie ayam", "warung-makan", "I", "I"),
        ("servis motor", "bengkel", "G", "T"),
        ("bikin website", "kreatif-digital", "J", "K"),
        ("laundry kiloan", "jasa-pribadi", "S", "T"),
        ("les matematika", "kursus", "P", "Q"),
    ],
)
def test_plain_words_find_the_sector_in_both_versions(words, code, letter_2020, letter_2025):
    found = suggest(words)[0]
    assert found.code == code
    assert found.sections == {"2020": letter_2020, "2025": letter_2025}


def test_every_activity_has_a_name_words_and_sections_that_exist():
    assert set(activities()) == set(ACTIVITY_NAMES)
    for activity in activities().values():
        assert activity.words
        for version, letter in activity.sections.items():
            assert letter in sections(version)
    assert suggest("") == []
    assert section_name("C", "2025") == "Industri"
    assert section_name("Z", "2025") == section_name(None, None) == ""


@pytest.mark.parametrize(
    ("reader", "raw", "value"),
    [
        (read_link, "tokopedia.com/toko", "https://tokopedia.com/toko"),
        (read_link, "http://x.co.id/a?b=1", "http://x.co.id/a?b=1"),
        (read_link, " ", None),
        (read_instagram, "@keripik.melati", "https://www.instagram.com/keripik.melati"),
        (read_instagram, "instagram.com/abc", "https://instagram.com/abc"),
        (read_nib, "1234 5678 90123", "1234567890123"),
        (read_time, "8.30", "08:30"),
        (read_whatsapp, "0812-3456-7890", "+6281234567890"),
        (read_whatsapp, "https://wa.me/6281234567890?text=Halo", "+6281234567890"),
        (read_whatsapp, "api.whatsapp.com/send?text=a&phone=6281234567890", "+6281234567890"),
    ],
)
def test_what_people_type_is_read(reader, raw, value):
    assert reader(raw) == value


@pytest.mark.parametrize(
    ("reader", "raw"),
    [
        (read_link, "javascript:alert(1)"),
        (read_link, "https://a@b.com"),
        (read_link, 'https://a.com/"><script>'),
        (read_link, "https://a.com:99"),
        (read_link, "tidak ada"),
        (read_link, "data:text/html,x"),
        (read_instagram, "https://bukan.example/abc"),
        (read_nib, "12345"),
        (read_nib, "١٢٣٤٥٦٧٨٩٠١٢٣"),
        (read_time, "24.30"),
        (read_time, "siang"),
        (read_whatsapp, "wa.me/qr/ABCDEF"),
        (read_whatsapp, "wa.me/14155550100"),
    ],
)
def test_what_cannot_be_read_is_refused(reader, raw):
    with pytest.raises(Unreadable):
        reader(raw)


def test_coordinates_stay_on_earth():
    assert read_degrees("−7,9666", most=90) == -7.9666
    for raw in ("91", "1e5", "nan", "112.6"):
        with pytest.raises(Unreadable):
            read_degrees(raw, most=90)
    assert read_year("2020", this_year=2026) == 2020
    with pytest.raises(Unreadable):
        read_year("2027", this_year=2026)
