"""A register that grows: a search meets its rows by the index, and what it found is read by id."""

import pytest
from sqlalchemy import insert, text

from app.cooperatives.lists import Wanted, meant_by, page_of, search
from app.cooperatives.models import Cooperative
from app.core.extensions import db
from app.core.search import CANDIDATES
from app.core.writing import is_sqlite, writing
from tests.factories import cooperative_row
from tests.support.queries import count_queries

ROWS = 1100


@pytest.fixture
def crowd(app):
    """Eleven hundred whose names all hold *melati*, one in four in Lowokwaru; the first come last by name."""
    with writing() as session:
        session.execute(insert(Cooperative), [_row(number) for number in range(ROWS)])


def _row(number):
    name = f"{'zaitun' if number < 5 else 'aneka'} melati {number:04}"
    return cooperative_row(number, name, kode_kecamatan="35.73.05" if number % 4 == 0 else "35.73.01")


def test_a_search_that_finds_too_many_to_rank_is_read_in_the_order_of_registration(app, crowd):
    with app.test_request_context("/koperasi?q=melati"):
        found = search(Wanted(q="melati"))
        page = page_of(found, Wanted(q="melati"))
        assert (found.count, found.ranked) == (1001, None)
        assert [row.nama_koperasi for row in page.rows[4:6]] == ["Zaitun Melati 0004", "Aneka Melati 0005"]
    with app.test_request_context(f"/koperasi?q=melati&after={page.following}"):
        assert page_of(search(Wanted(q="melati")), Wanted(q="melati")).rows[0].nama_koperasi.endswith("0025")


def test_a_filter_counts_what_fits_of_a_crowd(client, crowd):
    few = client.get("/koperasi?q=melati&kecamatan=35.73.05").text
    assert "275" in few
    assert ROWS // 4 < CANDIDATES  # so these are ranked


def test_the_rows_of_a_search_are_not_looked_for_in_the_whole_list(app, crowd):
    if not is_sqlite():
        pytest.skip("PostgreSQL has statistics of its own")
    with count_queries() as seen, app.test_request_context("/koperasi?q=melati"):
        page_of(search(Wanted(q="melati")), Wanted(q="melati"))
        narrowed = Wanted(q="melati", kecamatan=("35.73.05",))
        page_of(search(narrowed), narrowed)
    plans = [line for statement in seen.statements if "cooperative" in statement for line in _plan(statement)]
    assert any("search_cooperative VIRTUAL TABLE" in line for line in plans)
    assert not [line for line in plans if "ix_cooperative" in line or line.startswith("SCAN cooperative")]


def _plan(statement):
    plain = statement.replace("?", "'1'").replace("MATCH '1'", "MATCH '\"abc\"'").replace(":", "\\:")
    plain = plain.replace("LIMIT '1' OFFSET '1'", "LIMIT 9")
    return [row[-1] for row in db.session.execute(text("EXPLAIN QUERY PLAN " + plain))]


def test_too_many_are_not_ranked_in_vain(app, crowd):
    assert meant_by("melati").ids == []
    assert meant_by("melati 0007").ids


def test_words_that_resemble_no_others_are_looked_for_once(app, crowd):
    for q, some in (("zaitun", 5), ("zaitun aneka", 0)):
        with count_queries() as seen:
            assert len(meant_by(q).ids) == some
        assert len([one for one in seen.statements if "MATCH" in one or "trigrams" in one]) == 1, q
