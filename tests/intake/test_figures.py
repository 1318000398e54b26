from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.intake import figures
from app.intake.cells import CellProblem

TODAY = date(2026, 8, 17)


def said(problem):
    assert isinstance(problem, CellProblem)
    assert problem.value is None
    return str(problem.text)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        (1250000.0, 1250000),
        (1250000.5, 1250001),
        (-3500000, -3500000),
        ("1.250.000", 1250000),
        ("1.234.567,00", 1234567),
        ("1,234,567.00", 1234567),
        ("1,234,567", 1234567),
        ("Rp 1.250.000,-", 1250000),
        ("Rp1.250.000,00", 1250000),
        ("(3.500.000)", -3500000),
        ("-3500000", -3500000),
        ("1250000.00", 1250000),
        ("1250000.4567", 1250000),
        ("0.00", 0),
        ("12.0", 12),
        ("nihil", 0),
        ("0", 0),
        ("-", None),
        (None, None),
        ("1.250", 1250),
    ],
)
def test_rupiah_are_read_as_people_and_machines_write_them(cell, read):
    assert figures.read_rupiah(cell) == read


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1.25", "bisa berarti"),
        ("1,250", "bisa berarti"),
        ("125.00", "bisa berarti"),
        ("1250.000", "bisa berarti"),
        ("1,25E+09", "hilang"),
        ("5 juta", "angka penuh"),
        ("banyak", "bukan angka"),
        (1e300, "terlalu besar"),
        ("9" * 40 + ".55", "terlalu besar"),
        (date(2020, 1, 1), "tanggal"),
        (True, "bukan angka"),
    ],
)
def test_an_amount_that_could_be_two_is_told_not_guessed(cell, why):
    assert why in said(figures.read_rupiah(cell))


@pytest.mark.parametrize(
    ("cell", "read"), [(25.0, 25), ("25 orang", 25), ("1.250", 1250), ("25.0", 25), ("nihil", 0), ("-", None)]
)
def test_people_are_counted(cell, read):
    assert figures.read_count(cell) == read


@pytest.mark.parametrize("cell", [25.5, "25,5", "-3", -3.0, "banyak", 1e20])
def test_people_come_whole_and_not_below_none(cell):
    assert said(figures.read_count(cell))


@pytest.mark.parametrize(
    "cell",
    [
        43831, 43831.0, 43831.75, "43831", date(2020, 1, 1), datetime(2020, 1, 1, 9), "2020-01-01", "01/01/2020",  # noqa: DTZ001
        "1-1-2020", "01.01.20", "1 Januari 2020", "1-Jan-20", "1 Jan 2020", "2020-01-01 00:00:00", "2020-01-01T13:45:00Z",
        "01/01/2020 13:45", "2020/1/1",
    ],
)  # fmt: skip
def test_a_day_is_read_in_every_dress(cell):
    assert figures.read_date(cell, latest=TODAY) == date(2020, 1, 1)


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2/21/2020", date(2020, 2, 21)),
        ("17-Agu-98", date(1998, 8, 17)),
        ("17/8/98", date(1998, 8, 17)),
        ("17 Agustus 45", date(1945, 8, 17)),
        ("17/8/07", date(2007, 8, 17)),
        ("3/4/2020", date(2020, 4, 3)),
    ],
)
def test_short_years_and_american_days_are_understood_where_they_can_mean_only_one_day(cell, read):
    assert figures.read_date(cell, latest=TODAY) == read


@pytest.mark.parametrize("blank", [None, "", "-", "0000-00-00", "00/00/0000", 0, "0", "0000-00-00 00:00:00"])
def test_no_day_is_no_day(blank):
    assert figures.read_date(blank, latest=TODAY) is None


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("1998", "hanya tahun"),
        (1998.0, "hanya tahun"),
        ("31/2/2020", "Februari"),
        ("2/31/2020", "31"),
        (date(2026, 8, 18), "belum terjadi"),
        ("1944-12-31", "terlalu lama"),
        ("kemarin", "tidak terbaca"),
    ],
)
def test_a_day_that_cannot_be_is_told(cell, why):
    assert why in said(figures.read_date(cell, latest=TODAY))


@given(st.dates(date(1945, 1, 1), TODAY))
def test_a_day_is_the_same_as_serial_number_and_in_every_order(day):
    serial = (day - figures.FIRST_SERIAL) / timedelta(days=1)
    for cell in (
        day,
        serial,
        str(int(serial)),
        day.isoformat(),
        f"{day:%d/%m/%Y}",
        f"{day:%d-%m-%y}",
        f"{day:%d.%m.%Y}",
    ):
        assert figures.read_date(cell, latest=TODAY) == day


@given(st.integers(-(10**15), 10**15))
def test_an_amount_is_the_same_in_every_dress(amount):
    dots = f"{amount:,}".replace(",", ".")
    dresses = [amount, str(amount), dots, f"Rp {dots}", f"{dots},00", f"'{amount}"]
    if abs(amount) >= 10**6:
        dresses += [f"{amount:,}.00", f"{amount:,}"]
    for cell in dresses:
        assert figures.read_rupiah(cell) == amount


@pytest.mark.parametrize(
    ("cell", "read"),
    [(2019.0, 2019), ("2019", 2019), ("Tahun Buku 2019", 2019), (date(2019, 3, 1), 2019), ("", None)],
)
def test_a_year_is_found(cell, read):
    assert figures.read_year(cell, latest=2026) == read


@pytest.mark.parametrize("cell", ["2019/2020", "19", "2027", "1944", "dua ribu", 2019.5e6])
def test_what_is_no_single_year_is_told(cell):
    assert "bukan tahun" in said(figures.read_year(cell, latest=2026))
