"""Taking over what a file says: two people, two files, strangers, and where a report then comes from."""

import pytest

from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.rules import Origin
from app.questionnaire.uploads import SheetUpload
from tests.support.answers import sound
from tests.support.worksheets import (
    YEAR,
    address,
    fetched,
    offered_ticks,
    take,
    ticked,
    typed_into,
    upload,
    words,
)


def test_what_somebody_else_saved_meanwhile_is_asked_and_the_rest_is_kept(desk, client_as):
    desk.save(**sound())
    browser = client_as(desk.member)
    data = typed_into(fetched(desk, client_as), aset=600_000_000, modal_luar=90_000_000)
    page = browser.get(upload(browser, desk, data).location)
    desk.save(aset=555_000_000)
    answer = take(browser, desk, page, "aset", "modal_luar")
    assert answer.status_code == 409
    assert (desk.report().answers["aset"], desk.report().answers["modal_luar"]) == (555_000_000, 90_000_000)
    assert "saat halaman ini terbuka" in words(answer)
    assert offered_ticks(answer) == {"aset"}
    assert not ticked(answer)
    assert take(browser, desk, answer, "aset").status_code == 303
    assert desk.report().answers["aset"] == 600_000_000


def test_a_page_of_an_older_file_takes_nothing_from_the_newer_one(desk, client_as):
    desk.save(**sound())
    browser = client_as(desk.member)
    data = fetched(desk, client_as)
    page = browser.get(upload(browser, desk, typed_into(data, aset=600_000_000)).location)
    upload(browser, desk, typed_into(data, aset=1))
    answer = take(browser, desk, page, "aset")
    assert answer.location.endswith("/banding")
    assert desk.report().answers["aset"] == 500_000_000


def test_nothing_ticked_is_said_and_throwing_away_changes_nothing(desk, client_as):
    desk.save(**sound())
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, typed_into(fetched(desk, client_as), aset=1)).location)
    answer = take(browser, desk, page)
    assert answer.status_code == 422
    assert "Centang sedikitnya satu" in words(answer)
    assert take(browser, desk, page, "aset", buang="1").location.endswith("/unggah")
    assert desk.report().answers["aset"] == 500_000_000
    assert db.session.query(SheetUpload).count() == 0


def test_a_report_sent_meanwhile_takes_nothing(desk, client_as):
    desk.save(**sound())
    browser = client_as(desk.member)
    page = browser.get(upload(browser, desk, typed_into(fetched(desk, client_as), aset=1)).location)
    desk.submit()
    answer = take(browser, desk, page, "aset")
    assert answer.status_code == 303
    assert "Belum ada yang diambil" in words(browser.get(answer.location))
    assert desk.report().answers["aset"] == 500_000_000


@pytest.mark.parametrize("view", ["unggah", "templat.xlsx", "banding", "formulir.pdf"])
def test_strangers_find_no_page_and_the_signed_out_are_asked_to_sign_in(
    desk, client, client_as, make_user, view
):
    stranger, operator = make_user(Role.COOPERATIVE), desk.operator
    assert client_as(stranger).get(address(desk, view)).status_code == 404
    assert client_as(operator).get(address(desk, view)).status_code == 404
    assert client.get(address(desk, view)).status_code in {302, 303}
    assert client_as(desk.member).get(address(desk, view, year=9999)).status_code == 404
    assert client_as(desk.member).get(address(desk, view, year=99999999999)).status_code == 404


def test_an_upload_is_seen_only_by_the_person_who_made_it(desk, client_as, make_user, make_membership):
    upload(client_as(desk.member), desk, fetched(desk, client_as))
    colleague = make_user(Role.COOPERATIVE)
    make_membership(colleague, desk.cooperative)
    assert client_as(colleague).get(address(desk, "banding")).location.endswith("/unggah")


def origin_after_upload(desk, client_as):
    browser = client_as(desk.member)
    data = typed_into(fetched(desk, client_as), aset=600_000_000)
    page = browser.get(upload(browser, desk, data).location)
    assert take(browser, desk, page, *ticked(page)).status_code == 303
    return desk.report().origin


def test_a_report_begun_by_a_file_came_from_a_spreadsheet(desk, client_as):
    assert origin_after_upload(desk, client_as) is Origin.SPREADSHEET


def test_a_report_that_was_typed_stays_one_that_the_cooperative_filed(desk, client_as):
    desk.save(nama_ketua="Cempaka Uji")
    assert origin_after_upload(desk, client_as) is Origin.FILED


def test_an_imported_draft_becomes_the_cooperatives_own_by_its_file(desk, client_as):
    with writing():
        services.import_report(desk.cooperative, year=YEAR, answers={"aset": 1})
    assert origin_after_upload(desk, client_as) is Origin.SPREADSHEET


def test_an_assisted_report_stays_assisted(desk, client_as):
    with writing():
        services.start_report(desk.cooperative, year=YEAR, by=desk.operator, origin=Origin.ASSISTED)
    assert origin_after_upload(desk, client_as) is Origin.ASSISTED
