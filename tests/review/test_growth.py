"""A year of many reports: a search of who has not filed meets them by the index, ODS is read along the names."""

import re

import pytest
from sqlalchemy import insert, select, text

from app.cooperatives.models import Cooperative
from app.core.access import Role
from app.core.extensions import db
from app.core.paging import COUNT_LIMIT
from app.core.writing import is_sqlite, writing
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from app.review import ods
from app.review.ods import Standing
from app.review.queries import missing, missing_page, waiting_number
from app.review.queue import QueueFilter, place_of, queue_count
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
    pages, plans = [], []
    for count in (len(made), COUNT_LIMIT + 1):
        with count_queries() as seen, app.test_request_context("/dinas/ods"):
            page = ods.page_of(YEAR, Standing.OPEN, count)
        pages.append([report.id for report in page.rows])
        plans.append(_plan(seen.statements[0]) if is_sqlite() else [])
    named = sorted(made, key=lambda report: report.cooperative.name_key)
    assert pages[0] == pages[1] == [report.id for report in named]
    assert not [line for line in plans[1] if "TEMP B-TREE" in line]
    assert all("ix_report_ods_open" in "".join(plan) for plan in plans if plan)


def test_how_reports_stand_in_ods_is_read_from_the_index_of_those_that_stand_so(app):
    if not is_sqlite():
        pytest.skip("PostgreSQL has statistics of its own")
    with count_queries() as seen:
        ods.counts(YEAR)
    (plan,) = map(_plan, seen.statements)
    assert re.findall(r"INDEX (\w+)", " ".join(plan)) == [
        "ix_report_ods_open",
        "ix_report_ods_drifted",
        "ix_report_ods_entered",
    ]


def test_what_waits_is_counted_without_reading_a_report(app, make_report, make_user):
    if not is_sqlite():
        pytest.skip("PostgreSQL has statistics of its own")
    report, person = make_report(), make_user(Role.OPERATOR)
    with count_queries() as seen:
        db.session.scalar(waiting_number())
        assert place_of(report, QueueFilter(), person=person).total == 1
        assert queue_count(QueueFilter(), person=person) == 1
    counted = [one for one in seen.statements if "count(" in one]
    assert len(counted) == 3
    for statement in counted:
        assert "status = 'submitted'" in statement  # a bound value would have each row read
        assert "JOIN" not in statement
        lines = [line for line in _plan(statement) if "report" in line]
        assert all("ix_report_queue" in line or "ix_report_risk" in line for line in lines)


def _plan(statement):
    plain = statement.replace("LIMIT ? OFFSET ?", "LIMIT 9").replace("MATCH ?", "MATCH '\"abc\"'")
    plain = plain.replace("?", "'1'").replace(":", "\\:")
    return [row[-1] for row in db.session.execute(text("EXPLAIN QUERY PLAN " + plain))]
