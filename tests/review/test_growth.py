"""A year of many reports: a search of who has not filed meets them by the index, ODS is read along the names."""

import pytest
from sqlalchemy import insert, select, text

from app.cooperatives.models import Cooperative
from app.core.extensions import db
from app.core.paging import COUNT_LIMIT
from app.core.writing import is_sqlite, writing
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from app.review import ods
from app.review.ods import Standing
from app.review.queries import missing, missing_page
from tests.factories import cooperative_row
from tests.support.queries import count_queries

YEAR = 2025
ROWS = 1100  # more than can be counted, a quarter of them fewer


@pytest.fixture
def crowd(app):
    """Eleven hundred whose names all hold *melati*, one in four in Lowokwaru; those registered first come last by name."""
    with writing() as session:
        session.execute(insert(Cooperative), [_row(number) for number in range(ROWS)])


def _row(number):
    kecamatan = "35.73.05" if number % 4 == 0 else "35.73.01"
    return cooperative_row(number, f"melati {ROWS - number:04}", kode_kecamatan=kecamatan)


def _read(app, **asked):
    """Everything that the pages show, and the count."""
    wanted = {"kecamatan": "", "q": "", "contact": ""} | asked
    rows, start, count = [], "", 0
    while True:
        with app.test_request_context(f"/dinas/belum-lapor?after={start}"):
            page, count = missing_page(YEAR, **wanted)
        rows += page.rows
        if not (start := page.following):
            return rows, count


def test_a_search_of_who_has_not_filed_finds_everybody_once(app, crowd, make_report):
    filed = make_report(of=db.session.scalars(select(Cooperative).where(Cooperative.slug == "k-4")).one())
    every = {row.id for row in db.session.scalars(missing(YEAR, q="melati"))}
    assert filed.cooperative_id not in every
    assert len(every) == ROWS - 1
    rows, count = _read(app, q="melati")
    assert [row.id for row in rows] == sorted(every)  # too many to be put in order
    assert count == COUNT_LIMIT + 1
    few, count = _read(app, q="melati", kecamatan="35.73.05", contact="belum")
    assert [row.name_key for row in few] == sorted(row.name_key for row in few)
    assert len(few) == count == ROWS // 4 - 1


def test_who_has_not_filed_is_met_by_the_index(app, crowd, make_report):
    if not is_sqlite():
        pytest.skip("PostgreSQL has statistics of its own")
    with count_queries() as seen, app.test_request_context("/dinas/belum-lapor?q=melati"):
        missing_page(YEAR, kecamatan="", q="melati", contact="")
    plans = [line for one in seen.statements if "search_cooperative" in one for line in _plan(one)]
    assert any("search_cooperative VIRTUAL TABLE" in line for line in plans)
    assert not [line for line in plans if "ix_cooperative" in line or "TEMP B-TREE" in line]


def test_ods_is_read_along_the_names_where_there_is_much(app, make_report):
    made = [make_report() for _number in range(3)]
    with writing() as session:
        session.execute(Report.__table__.update().values(status=Status.APPROVED))
    pages = []
    for count in (len(made), COUNT_LIMIT + 1):
        with count_queries() as seen, app.test_request_context("/dinas/ods"):
            page = ods.page_of(YEAR, Standing.OPEN, count)
        pages.append([report.id for report in page.rows])
        plan = _plan(seen.statements[0]) if is_sqlite() else []
    named = sorted(made, key=lambda report: report.cooperative.name_key)
    assert pages[0] == pages[1] == [report.id for report in named]
    assert not [line for line in plan if "TEMP B-TREE" in line]


def _plan(statement):
    plain = statement.replace("LIMIT ? OFFSET ?", "LIMIT 9").replace("MATCH ?", "MATCH '\"abc\"'")
    plain = plain.replace("?", "'1'").replace(":", "\\:")
    return [row[-1] for row in db.session.execute(text("EXPLAIN QUERY PLAN " + plain))]
