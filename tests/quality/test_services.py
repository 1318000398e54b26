"""Looking at a year and keeping what was seen."""

from sqlalchemy import func, select

from app.core.extensions import db
from app.core.writing import writing
from app.operations import jobs
from app.quality import queries, services
from app.quality.models import PeerYear, ReportQuality
from app.quality.signals import reports_compared
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from tests.quality.conftest import YEAR
from tests.support.queries import count_queries

WRONG = {"volume_usaha": 9_000_000_000_000}


def look(**more):
    found = services.study(YEAR, forest=None, **more)
    with writing():
        return services.keep(found)


def report_of(report_id):
    db.session.rollback()
    return db.session.get_one(Report, report_id)


def test_what_stands_out_is_kept_beside_the_report_and_read_with_one_query(make_year):
    *others, odd = make_year(30, **WRONG)
    assert look() == 30
    reports = db.session.scalars(select(Report)).all()
    reports = [one for one in reports if one.id in (*others, odd)]
    with count_queries() as seen:
        found = queries.compared(reports)
    assert seen.number == 1
    assert set(found) == {one.id for one in reports}
    assert [one.questions for one in found[odd]] == [("volume_usaha",)]
    assert queries.findings_of(report_of(odd))[0].message.startswith("Volume usaha tahun buku 2024 Rp")


def test_looking_again_changes_nothing(make_year):
    make_year(25)
    look()
    before = db.session.scalars(select(ReportQuality.computed_at)).all()
    assert look() == 0
    assert db.session.scalars(select(ReportQuality.computed_at)).all() == before


def test_a_report_that_changed_since_counts_as_not_compared(make_year):
    ids = make_year(25)
    look()
    with writing():
        db.session.get_one(Report, ids[0]).version += 1
    assert queries.compared([report_of(ids[0])]) == {}
    assert queries.findings_of(report_of(ids[0])) == []
    assert queries.waiting_years() == {YEAR: [ids[0]]}
    assert queries.waits()


def test_a_question_that_a_row_check_names_is_left_to_it(make_year):
    odd = make_year(30, **WRONG)[-1]
    with writing():
        db.session.get_one(Report, odd).findings = [
            {
                "code": "kelebihan_ribu",
                "severity": "warning",
                "questions": ["volume_usaha"],
                "field": "volume_usaha",
                "message": "",
                "template": "",
                "params": {},
                "suggestion": {},
                "score": 0.9,
                "confirm": "",
                "reason": "",
            }
        ]
    look()
    assert queries.compared([report_of(odd)]) == {odd: []}


def test_too_few_reports_are_compared_without_a_word(make_year):
    odd = make_year(5, **WRONG)[-1]
    assert look() == 5
    assert queries.compared([report_of(odd)]) == {odd: []}


def test_the_clock_compares_what_came_in_against_what_is_kept(make_year):
    first = make_year(40)
    assert queries.waits()
    assert jobs.compare_new() == "40 laporan dibandingkan, 40 dengan hasil baru"
    assert not queries.waits()
    kept = db.session.get_one(PeerYear, YEAR)
    assert (kept.reports, kept.with_forest) == (40, False)
    moment = kept.computed_at
    with writing():
        report = db.session.get_one(Report, first[0])
        report.version, report.answers = 2, {**report.answers, **WRONG}
    assert jobs.compare_new() == "1 laporan dibandingkan, 1 dengan hasil baru"
    assert [one.questions for one in queries.findings_of(report_of(first[0]))] == [("volume_usaha",)]
    assert db.session.get_one(PeerYear, YEAR).computed_at == moment, "one report makes no new statistics"


def test_a_year_that_grew_by_a_tenth_is_looked_at_anew(make_year):
    make_year(40)
    jobs.compare_new()
    make_year(10)
    assert jobs.compare_new() == "50 laporan dibandingkan, 10 dengan hasil baru"
    assert db.session.get_one(PeerYear, YEAR).reports == 50


def test_the_forest_runs_over_each_year_once_and_is_remembered(make_year, monkeypatch):
    make_year(25)
    grown = []

    def forest(rows):
        grown.append(len(rows))
        return [index / len(rows) for index in range(len(rows))]

    monkeypatch.setattr(services.study, "__kwdefaults__", {"row_checks": None, "forest": forest})
    assert jobs.anything_changed()
    jobs.compare_all()
    assert grown == [25, 25]
    assert not jobs.anything_changed()
    isolation = db.session.scalars(select(ReportQuality.isolation)).all()
    assert None not in isolation
    look()
    assert db.session.scalars(select(ReportQuality.isolation)).all() == isolation


def test_drafts_are_no_peers_and_are_not_compared(make_year):
    make_year(25, status=Status.DRAFT)
    assert queries.counted(YEAR) == 0
    assert look() == 0
    assert not queries.waits()


def test_who_listens_is_told_inside_the_unit_what_is_new(make_year):
    ids, told = make_year(25), []

    def listen(some, **_):
        told.extend(some)
        assert db.session.scalar(select(func.count()).select_from(ReportQuality)) == 25

    with reports_compared.connected_to(listen):
        look()
        look()
    assert sorted(told) == ids


def test_a_report_that_was_removed_meanwhile_is_passed_over(make_year):
    ids = make_year(25)
    found = services.study(YEAR, forest=None)
    with writing() as session:
        session.delete(session.get_one(Report, ids[0]))
    with writing():
        assert services.keep(found) == 24


def test_the_number_of_queries_does_not_grow_with_the_reports(make_year):
    make_year(22)
    with count_queries() as few:
        look()
    make_year(22)
    with count_queries() as many:
        look()
    assert many.number == few.number


def test_statistics_are_read_back_as_they_were(make_year):
    make_year(25)
    found = services.study(YEAR, forest=None)
    with writing():
        services.keep(found)
    kept = db.session.get_one(PeerYear, YEAR)
    assert queries.from_json(kept.statistics) == found.known
