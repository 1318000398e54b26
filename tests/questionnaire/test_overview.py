"""The page of a person's reports: what state, until when, what to do next."""

from datetime import UTC, date, datetime

import pytest

from app.cooperatives.models import MembershipState
from app.core.access import Role
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.extensions import extend
from app.questionnaire.rules import Status
from tests.support.answers import sound
from tests.support.queries import count_queries


@pytest.fixture
def browser(desk, client_as):
    return client_as(desk.member)


def test_who_acts_for_nobody_is_told_how_to_begin(app, april, make_user, client_as):
    page = client_as(make_user(Role.COOPERATIVE)).get("/laporan").text
    assert "Belum ada koperasi yang Anda kelola" in page
    assert 'href="/daftar"' in page


def test_who_waits_for_the_office_is_told_so(desk, make_user, make_membership, client_as):
    claimant = make_user()
    make_membership(claimant, desk.cooperative, state=MembershipState.PENDING)
    page = client_as(claimant).get("/laporan").text
    assert "Satu pengajuan Anda menunggu pemeriksaan" in page
    assert desk.cooperative.nama_koperasi not in page


def test_before_any_year_is_open_nothing_is_asked(
    app, april, make_user, make_cooperative, make_membership, client_as
):
    user, cooperative = make_user(Role.COOPERATIVE), make_cooperative()
    make_membership(user, cooperative)
    assert "Belum ada laporan yang dibuka" in client_as(user).get("/laporan").text


def test_a_fresh_year_says_until_when_and_leads_to_the_form(desk, browser):
    page = browser.get("/laporan").text
    assert "Belum diisi" in page
    assert "Batas melapor 30 April 2026, 20 hari lagi." in page
    assert f'href="/laporan/{desk.slug}/2025"' in page
    assert "Isi laporan" in page


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ((2026, 4, 30), "Batas melapor hari ini, 30 April 2026."),
        ((2026, 5, 2), "Batas 30 April 2026 sudah lewat. Laporan masih diterima sampai 31 Desember 2026."),
        ((2027, 1, 2), "Pengisian sudah ditutup."),
    ],
)
def test_the_deadline_is_told_in_words(desk, client_as, april, day, words):
    april.move_to(datetime(*day, 2, tzinfo=UTC))
    assert words in client_as(desk.member).get("/laporan").text


def test_each_state_says_what_to_do_next(desk, browser):
    desk.save(**sound())
    assert "Lanjutkan mengisi" in browser.get("/laporan").text
    desk.submit()
    page = browser.get("/laporan").text
    assert "Petugas akan memeriksanya" in page
    assert "Unduh bukti" in page
    desk.move(Status.RETURNED, reason="Aset tidak cocok dengan neraca.", codes=["aset"])
    page = browser.get("/laporan").text
    assert "Aset tidak cocok dengan neraca." in page
    assert "Perbaiki laporan" in page
    desk.submit()
    desk.move(Status.APPROVED)
    assert "Laporan tahun ini selesai." in browser.get("/laporan").text


def test_a_dissolved_cooperative_has_nothing_to_file(make_desk, client_as):
    desk = make_desk(dissolved_on=date(2025, 5, 1), dissolved_decree="518/1/2025")
    page = client_as(desk.member).get("/laporan").text
    assert "tercatat bubar" in page
    assert "Isi laporan" not in page


def test_years_before_are_listed_and_told_from_what_the_office_imported(desk, browser):
    with writing():
        services.import_report(desk.cooperative, year=2023, answers={"aset": 5})
    page = browser.get("/laporan").text
    assert "Tahun buku 2023" in page
    assert "Data kantor" in page
    assert browser.get(f"/laporan/{desk.slug}/2023").status_code == 200


def test_what_waits_for_the_cooperative_comes_first(make_desk, make_membership, client_as):
    done, returned = make_desk(nama_koperasi="Koperasi A Uji"), make_desk(nama_koperasi="Koperasi B Uji")
    make_membership(done.member, returned.cooperative)
    done.file()
    returned.file()
    returned.move(Status.RETURNED, reason="Periksa.", codes=["aset"])
    page = client_as(done.member).get("/laporan").text
    assert page.index("Koperasi B Uji") < page.index("Koperasi A Uji")


def test_a_former_year_that_came_back_or_may_still_be_filed_waits_beside_the_new_one(
    make_desk, client_as, april
):
    back, late = make_desk(), make_desk()
    back.file()
    back.move(Status.RETURNED, reason="Cocokkan dengan neraca.", codes=["aset"])
    april.move_to(datetime(2027, 1, 2, 2, tzinfo=UTC))
    with writing():
        services.edition_for(2026)
    page = client_as(back.member).get("/laporan").text
    assert "Cocokkan dengan neraca." in page
    assert page.index("Tahun buku 2025") < page.index("Tahun buku 2026")
    assert "Tahun-tahun sebelumnya" not in page
    assert f'href="/laporan/{late.slug}/2025"' not in client_as(late.member).get("/laporan").text
    with writing():
        extend(late.cooperative, services.edition_for(2025), until=date(2027, 1, 31), reason="Sakit", by=None)
    page = client_as(late.member).get("/laporan").text
    assert f'href="/laporan/{late.slug}/2025"' in page
    assert "Batas melapor 31 Januari 2027, 29 hari lagi." in page


def test_the_number_of_queries_does_not_grow_with_cooperatives_or_years(
    make_desk, make_membership, client_as
):
    first = make_desk()
    first.file()
    browser = client_as(first.member)
    browser.get("/laporan")
    with count_queries() as few:
        browser.get("/laporan")
    for _ in range(4):
        other = make_desk()
        make_membership(first.member, other.cooperative)
        other.file()
        for year in (2020, 2021, 2022):
            with writing():
                services.import_report(other.cooperative, year=year, answers={"aset": 5})
    browser.get("/laporan")
    with count_queries() as many:
        browser.get("/laporan")
    assert few.number == many.number
