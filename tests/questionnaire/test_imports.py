"""Reports out of files: history that may be incomplete, never stronger than what a cooperative has filed."""

import pytest

from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.models import Report
from app.questionnaire.queries import events_of, last_answers
from app.questionnaire.rules import Origin, Status, counts_as_filed, status_after
from tests.support.answers import sound

OLD = {"jumlah_anggota": 120, "modal_sendiri": 400_000_000, "kode_kecamatan": "35.73.02"}


def take_over(desk, year=2023, **answers):
    with writing():
        done = services.import_report(desk.cooperative, year=year, answers=answers)
        return done.kind, done.differences


def test_an_import_makes_an_incomplete_draft_that_serves_as_history_and_is_not_filed(desk):
    assert take_over(desk, **OLD)[0] == "new"
    report = desk.report(2023)
    assert (report.status, report.origin) == (Status.DRAFT, Origin.IMPORTED)
    assert not counts_as_filed(report.status, report.origin)
    assert report.answers == OLD
    assert events_of(report)[0].answers == OLD
    last = last_answers(desk.cooperative, 2025)
    assert (last.year, last.answers) == (2023, OLD)


def test_importing_the_same_again_changes_nothing(desk):
    take_over(desk, **OLD)
    version = desk.report(2023).version
    assert take_over(desk, **OLD) == ("unchanged", ())
    assert desk.report(2023).version == version
    assert len(events_of(desk.report(2023))) == 1


def test_a_newer_file_changes_what_differs_and_keeps_what_it_leaves_out(desk):
    take_over(desk, **OLD)
    assert take_over(desk, jumlah_anggota=125, aset=None) == ("changed", ("jumlah_anggota",))
    report = desk.report(2023)
    assert report.answers == {**OLD, "jumlah_anggota": 125}
    assert status_after(event.kind for event in events_of(report)) is Status.DRAFT


def test_a_filed_report_is_never_overwritten(desk):
    desk.file()
    assert take_over(desk, 2025, aset=1) == ("kept", ("aset",))
    assert desk.report().answers["aset"] == sound()["aset"]
    assert take_over(desk, 2025, aset=sound()["aset"]) == ("unchanged", ())


def test_a_draft_that_a_cooperative_has_begun_is_never_overwritten(desk):
    desk.save(aset=5_000_000)
    assert take_over(desk, 2025, aset=1)[0] == "kept"
    assert desk.report().answers == {"aset": 5_000_000}


def test_an_approved_import_is_never_overwritten(desk):
    take_over(desk, **OLD)
    desk.move(Status.APPROVED, year=2023)
    assert take_over(desk, jumlah_anggota=1)[0] == "kept"


def test_the_checks_of_an_import_demand_nothing_but_find_slips_against_the_year_before(desk):
    take_over(desk, 2022, modal_sendiri=292_900_000)
    take_over(desk, 2023, modal_sendiri=29_290_000)
    found = desk.report(2023).findings
    assert found
    assert {one["severity"] for one in found} == {"warning"}


def test_unknown_and_blank_values_are_left_out(desk):
    take_over(desk, aset=5, tidak_ada=1, shu=None, alamat="")
    assert desk.report(2023).answers == {"aset": 5}


@pytest.mark.parametrize("year", [2018, 2019])
def test_an_old_year_gets_its_own_edition(desk, year):
    take_over(desk, year, **OLD)
    report: Report = desk.report(year)
    assert report.edition.year == year
    assert report.edition.closes.year == year + 1
