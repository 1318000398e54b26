"""A report that was sent back offers a visit about each question to correct, and the visit knows which."""

import re
from html import unescape

import pytest
from sqlalchemy import select

from app.clinic import booking as bookings
from app.clinic import holding
from app.clinic.models import ClinicBooking
from app.clinic.rules import Topic
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import comments, services
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from tests.clinic.conftest import MONDAY, at, key, visitor
from tests.support.answers import sound

YEAR = 2025
LINK = re.compile(r'href="(/klinik\?[^"]+)">Tanyakan ke konsultan klinik')


@pytest.fixture
def returned(make_cooperative, make_user, make_membership, operator, clock):
    """A report of which the assets are to be corrected; with its member."""
    clock.move_to(at(MONDAY.replace(month=4, day=6), 9))
    cooperative, member = make_cooperative(), make_user(Role.COOPERATIVE)
    make_membership(member, cooperative)
    with writing() as session:
        services.edition_for(YEAR)
        cooperative, by = session.merge(cooperative), session.merge(member)
        report = services.start_report(cooperative, year=YEAR, by=by)
        services.save_answers(report, values=sound(), base_version=report.version, by=by)
        services.submit(report, by=by, declared_name="Cempaka Uji", declared_position="Ketua")
        office = session.merge(operator)
        comments.comment(report, question="aset", body="Lihat lagi neracanya.", by=office)
        services.move(report, to=Status.RETURNED, by=office, reason="Aset", codes=["aset"])
        id_ = report.id
    return db.session.get_one(Report, id_), member


def form_of(client, report):
    return client.get(f"/laporan/{report.cooperative.slug}/{YEAR}?bagian=4").text


def test_each_question_to_correct_leads_to_a_visit_about_it(client_as, returned, consultant):
    report, member = returned
    client = client_as(member)
    (address,) = (unescape(one) for one in LINK.findall(form_of(client, report)))
    assert f"laporan={report.id}" in address
    assert "kode=aset" in address
    assert "topik=finance" in address
    page = client.get(address)
    assert page.status_code == 200
    assert "Aset" in page.text


def test_without_a_consultant_nothing_is_offered(client_as, returned):
    report, member = returned
    assert not LINK.findall(form_of(client_as(member), report))


def test_the_consultant_sees_which_question_it_is_about(client_as, returned, consultant, clock):
    report, member = returned
    with writing():
        _held, token = holding.hold(key(consultant, 9, MONDAY.replace(month=4, day=13)), topic=Topic.FINANCE)
        made = bookings.book(
            token,
            visitor(
                1,
                cooperative_id=report.cooperative_id,
                user_id=member.id,
                report_id=report.id,
                question_code="aset",
            ),
        ).id
    page = client_as(consultant.user).get(f"/dinas/klinik/kunjungan/{made}").text
    assert "Laporan 2025, nomor" in page
    assert "Lihat lagi neracanya." in page
    assert "Dikembalikan, 1 pertanyaan" in page
    assert db.session.get_one(ClinicBooking, made).report_id == report.id


def test_a_consultant_links_a_question_that_waits_for_correction(
    client_as, returned, consultant, book, clock
):
    report, _member = returned
    made = book(key(consultant, 9, MONDAY.replace(month=4, day=13)), 2, cooperative_id=report.cooperative_id)
    clock.move_to(at(MONDAY.replace(month=4, day=13), 9))
    desk, path = client_as(consultant.user), f"/dinas/klinik/kunjungan/{made.id}"
    desk.post(path, data={"tindakan": "mulai"})
    assert f'value="{report.id}:aset"' in desk.get(path).text
    desk.post(path, data={"tindakan": "kaitkan", "pertanyaan": f"{report.id}:aset"})
    db.session.expire_all()
    linked = db.session.get_one(ClinicBooking, made.id)
    assert (linked.report_id, linked.question_code) == (report.id, "aset")


@pytest.mark.parametrize("is_own", [True, False], ids=["a member", "somebody else"])
def test_a_time_taken_from_the_report_is_about_its_question_for_its_members_only(
    client_as, returned, consultant, make_user, is_own
):
    report, member = returned
    id_, cooperative_id = report.id, report.cooperative_id
    client = client_as(member if is_own else make_user(Role.COOPERATIVE))
    address = f"/klinik?topik=finance&laporan={id_}&kode=aset&soal=Laporan+2025"
    offered = re.search(r'name="waktu" value="([^"]+)"', client.get(address).text)[1]
    about = {"laporan": id_, "kode": "aset", "soal": "Laporan 2025"}
    held = client.post("/klinik", data={"topik": "finance", "waktu": offered} | about)
    form = client.get(held.location).text
    hidden = dict(re.findall(r'<input type="hidden" name="(laporan|kode)" value="([^"]*)"', form))
    assert hidden == {"laporan": str(id_), "kode": "aset"}
    assert ">\nLaporan 2025</textarea>" in form
    client.post(
        held.location.partition("?")[0], data=hidden | {"nama": "Cempaka Uji", "telepon": "081200000001"}
    )
    made = db.session.scalars(select(ClinicBooking).order_by(ClinicBooking.id.desc()).limit(1)).one()
    known = (id_, "aset", cooperative_id) if is_own else (None, "", None)
    assert (made.report_id, made.question_code, made.cooperative_id) == known
