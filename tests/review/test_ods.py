"""The bridge to the ministry's system: what was typed there, and what has changed here since."""

import pytest
from sqlalchemy import func, select

from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services as questionnaire
from app.questionnaire.rules import Status
from app.review.models import OdsEntry
from app.review.ods import Standing, counts, reports
from tests.support.queries import count_queries

YEAR = 2025


@pytest.fixture
def desk(client_as, operator):
    return client_as(operator)


@pytest.fixture
def approved(make_report, operator):
    report = make_report()
    with writing():
        questionnaire.move(report, to=Status.APPROVED, by=operator)
    return report


def tick(desk, *rows, **more):
    return desk.post(
        "/dinas/ods", data={"tahun": str(YEAR), "laporan": list(rows)} | more, follow_redirects=True
    )


def row(report):
    return f"{report.id}.{report.version}"


def reopen(report, operator):
    with writing():
        questionnaire.move(report, to=Status.RETURNED, by=operator, reason="Aset keliru.", codes=["aset"])


def approve_with(report, operator, **values):
    with writing():
        questionnaire.save_answers(report, values=values, base_version=report.version)
        questionnaire.submit(report, by=None, declared_name="Ketua Uji", declared_position="Ketua")
        questionnaire.move(report, to=Status.APPROVED, by=operator)


def test_only_approved_reports_wait_to_be_typed(desk, approved, make_report):
    waiting = make_report()
    text = desk.get(f"/dinas/ods?tahun={YEAR}").text
    assert approved.cooperative.nama_koperasi in text
    assert waiting.cooperative.nama_koperasi not in text


def test_a_tick_moves_the_report_and_is_in_the_trail(desk, approved):
    assert "1 laporan ditandai sudah masuk ODS" in tick(desk, row(approved)).text
    assert counts(YEAR) == {Standing.OPEN: 0, Standing.DRIFTED: 0, Standing.ENTERED: 1}
    assert approved.cooperative.nama_koperasi in desk.get(f"/dinas/ods?tahun={YEAR}&tampil=sudah").text
    assert "sudah masuk ODS" in desk.get("/dinas/jejak").text


def test_a_report_that_changed_since_shows_what_ods_still_has(desk, approved, operator):
    tick(desk, row(approved))
    reopen(approved, operator)
    assert "tunggu sampai disetujui lagi" in desk.get(f"/dinas/ods?tahun={YEAR}&tampil=berubah").text
    approve_with(approved, operator, aset=512_345_678)
    text = desk.get(f"/dinas/ods?tahun={YEAR}&tampil=berubah").text
    assert "sekarang Rp512.345.678" in text
    db.session.refresh(approved)
    tick(desk, row(approved), tampil="berubah")
    assert counts(YEAR)[Standing.ENTERED] == 1


def test_a_version_that_nobody_typed_is_not_ticked(desk, approved):
    answer = tick(desk, f"{approved.id}.{approved.version - 1}")
    assert "1 laporan berubah sejak halaman dibuka" in answer.text
    assert db.session.scalar(select(func.count()).select_from(OdsEntry)) == 0


def test_a_tick_by_mistake_can_be_taken_back(desk, approved):
    tick(desk, row(approved))
    assert desk.post(f"/dinas/ods/{approved.id}/batal", data={}).status_code == 303
    assert counts(YEAR)[Standing.OPEN] == 1


@pytest.mark.parametrize("sent", [[], ["x"], ["1"], ["1.2.3"], ["99999999999.1"], ["-1.1"], [".5"]])
def test_nonsense_ticks_nothing(desk, approved, sent):
    assert tick(desk, *sent).status_code == 200
    assert counts(YEAR)[Standing.OPEN] == 1


def test_the_three_lists_hold_each_entered_or_approved_report_once(approved, make_report, operator, desk):
    other = make_report()
    with writing():
        questionnaire.move(other, to=Status.APPROVED, by=operator)
    tick(desk, row(other))
    found = [report.id for standing in Standing for report in db.session.scalars(reports(YEAR, standing))]
    assert sorted(found) == sorted([approved.id, other.id])


def test_the_page_asks_as_little_for_many_as_for_few(desk, approved, make_report, operator):
    def cost():
        with count_queries() as seen:
            desk.get(f"/dinas/ods?tahun={YEAR}")
        return seen.number

    few = cost()
    for _ in range(4):
        report = make_report()
        with writing():
            questionnaire.move(report, to=Status.APPROVED, by=operator)
    assert cost() == few


def test_it_is_for_operators_alone(client_as, make_user, client, approved):
    for role in set(Role) - {Role.OPERATOR}:
        somebody = client_as(make_user(role))
        assert somebody.get("/dinas/ods").status_code == 403
        assert somebody.post(f"/dinas/ods/{approved.id}/batal").status_code == 403
    assert client.get("/dinas/ods").status_code == 302
