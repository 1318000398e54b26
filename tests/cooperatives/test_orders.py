"""The orders of the list: every row once in either direction, what is not known last, each page read from an index."""

from datetime import date

import pytest
from sqlalchemy import insert, text

from app.cooperatives import lists
from app.cooperatives.lists import Wanted, page_of, rows_of, search
from app.cooperatives.models import Cooperative
from app.cooperatives.orders import ORDERS
from app.core.extensions import db
from app.core.paging import COUNT_LIMIT
from app.core.writing import is_sqlite, writing
from tests.factories import cooperative_row
from tests.support.queries import count_queries

ROWS = 130
EVERY = [f"{turned}{name}" for name in ORDERS for turned in ("", "-")]


@pytest.fixture
def register(app):
    """Every third without a date, a year or a place; many that share theirs."""
    with writing() as session:
        session.execute(insert(Cooperative), [_row(number) for number in range(ROWS)])


def _row(number):
    known = number % 3 > 0
    return cooperative_row(
        number,
        f"koperasi {number * 37 % 101:03}",
        kode_kecamatan=f"35.73.0{number % 5 + 1}" if known else None,
        tanggal_badan_hukum=date(1990 + number % 7, 1, 1) if known else None,
        last_rat=date(2020, number % 6 + 1, 1) if known else None,
        last_report_year=2018 + number % 4 if known else None,
    )


def _pages(app, order, way, start=""):
    """The ids of each page from ``start`` on, and the key from which the last of them was reached."""
    pages = []
    while True:
        with app.test_request_context(f"/koperasi?urut={order}" + (f"&{way}={start}" if start else "")):
            page = page_of(search(Wanted(urut=order)), Wanted(urut=order))
        pages.append([row.id for row in page.rows])
        following = page.following if way == "after" else page.previous
        if not following:
            return pages, start
        start = following


@pytest.mark.parametrize("order", EVERY)
def test_an_order_is_read_page_by_page_to_its_end_and_back(app, register, order):
    wanted = Wanted(urut=order)
    rows = list(rows_of(search(wanted), wanted))
    column = ORDERS[order.removeprefix("-")].name
    known = [getattr(row, column) is not None for row in rows]
    assert known == sorted(known, reverse=True)
    assert len(set(known)) == (1 if column == "name_key" else 2)
    onwards, key = _pages(app, order, "after")
    assert [id_ for page in onwards for id_ in page] == [row.id for row in rows]
    with app.test_request_context(f"/koperasi?urut={order}&after={key}"):
        last = page_of(search(wanted), wanted)
    back, _key = _pages(app, order, "before", last.previous)
    assert back[::-1] == onwards[:-1]


@pytest.mark.parametrize("order", ["rat", "-rat"])
def test_those_of_whom_nothing_is_known_fill_the_first_page_when_few_are_known(app, order):
    with writing() as session:
        rows = [
            cooperative_row(number, f"koperasi {number}", last_rat=date(2024, 1, 2) if number == 2 else None)
            for number in range(4)
        ]
        session.execute(insert(Cooperative), rows)
    (page,), _key = _pages(app, order, "after")
    assert len(page) == len(rows)
    assert db.session.get_one(Cooperative, page[0]).slug == "k-2"


@pytest.mark.parametrize("order", EVERY)
def test_no_page_of_an_order_sorts_the_register(app, register, order):
    if not is_sqlite():
        pytest.skip("PostgreSQL has statistics of its own")
    with count_queries() as seen:
        onwards, key = _pages(app, order, "after")
        _pages(app, order, "before", key)
    assert len(seen.statements) <= 2 * len(onwards) + 4
    plans = [line for statement in set(seen.statements) for line in _plan(statement)]
    assert not [line for line in plans if "TEMP B-TREE" in line or line.startswith("SCAN")]
    assert all("INDEX ix_cooperative_" in line for line in plans)


TRAITS = [
    ({"kecamatan": ("35.73.01",)}, "by_place"),
    ({"jenis": ("Jasa",), "status": ("tidak_aktif",)}, "by_kind"),
    ({"kelompok": ("Kopti",)}, "by_group"),
    ({"bentuk": ("Primer Nasional",), "rat": ("belum",)}, "by_form"),
    ({"status": ("bubar",)}, "name"),
]


@pytest.mark.parametrize(("wanted", "index"), TRAITS)
def test_a_narrowed_list_is_read_from_the_index_of_its_names(app, register, wanted, index):
    if not is_sqlite():
        pytest.skip("PostgreSQL has statistics of its own")
    with count_queries() as seen, app.test_request_context("/koperasi"):
        page_of(search(Wanted(**wanted)), Wanted(**wanted))
    (plan,) = (_plan(statement) for statement in seen.statements)
    assert [line for line in plan if f"ix_cooperative_{index} " in line]
    assert not [line for line in plan if "TEMP B-TREE" in line]


@pytest.mark.parametrize(
    "wanted",
    [
        {"bentuk": ("Primer Nasional",), "rat": ("belum",)},
        {"jenis": ("Jasa",), "kelompok": ("Kopti",), "kecamatan": ("35.73.01",)},
    ],
)
def test_what_several_traits_leave_is_counted_without_reading_a_row(app, register, wanted):
    if not is_sqlite():
        pytest.skip("PostgreSQL has statistics of its own")
    with count_queries() as seen, app.test_request_context("/koperasi"):
        assert search(Wanted(**wanted)).count >= 0
    (plan,) = (_plan(statement) for statement in seen.statements)
    assert [line for line in plan if "COVERING INDEX ix_cooperative_" in line]


@pytest.mark.parametrize("many", [0, COUNT_LIMIT])
def test_several_values_of_a_trait_are_in_the_order_of_names_be_they_few_or_many(
    app, register, monkeypatch, many
):
    monkeypatch.setattr(lists, "COUNT_LIMIT", many)
    wanted = Wanted(kecamatan=("35.73.02", "35.73.03"))
    rows = [row.id for row in rows_of(search(wanted), wanted)]
    pages, start = [], ""
    while True:
        with count_queries() as seen, app.test_request_context(f"/koperasi?after={start}"):
            page = page_of(search(wanted), wanted)
        pages += [row.id for row in page.rows]
        if not (start := page.following):
            break
    assert pages == rows
    assert len(rows) > 26
    if is_sqlite():
        sorts = any("TEMP B-TREE" in line for line in _plan(seen.statements[-1]))
        assert sorts == bool(many)  # few are found and sorted, many met in order


def _plan(statement):
    plain = statement.replace("LIMIT ? OFFSET ?", "LIMIT 9").replace("?", "'1'").replace(":", "\\:")
    return [row[-1] for row in db.session.execute(text("EXPLAIN QUERY PLAN " + plain))]


def test_a_key_of_an_older_site_still_leads_into_the_list(client, register):
    old = "WyIwMDAxLTAxLTAxIiwgImtvcGVyYXNpIDA1MCIsIDFd"  # 1 January of the year 1 stood for a date that is not known
    assert client.get(f"/koperasi?urut=rat&after={old}").status_code == 200
    assert (
        client.get("/koperasi?urut=nama&after=W251bGwsIDFd").status_code == 200
    )  # null, where nothing may be
