"""What a page saves by itself: each save is taken once, told plainly, and never over somebody else's answer."""

import secrets

import pytest
from sqlalchemy import func, select

from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.models import AnswerChange, Report, ReportSave
from app.questionnaire.rules import Status
from tests.support.answers import sound
from tests.support.queries import count_queries


class Typing:
    """A page that saves by itself, in the browser of one person."""

    def __init__(self, desk, client, section=4):
        self.client, self.version = client, 0
        self.address = f"/laporan/{desk.slug}/2025/simpan?bagian={section}"

    def send(self, *, save_id="", version=None, csrf=True, headers=(), fields=None, **more):
        told = {
            "id": save_id or secrets.token_hex(16),
            "version": self.version if version is None else version,
            "fields": fields if fields is not None else {},
        }
        accept = [("Accept", "application/json"), *headers]
        return self.client.post(self.address, json=told | more, csrf=csrf, headers=accept)

    def save(self, **fields):
        answer = self.send(fields=fields)
        assert answer.status_code == 200, answer.text
        self.version = answer.json["version"]
        return answer.json


@pytest.fixture
def page(desk, client_as):
    return Typing(desk, client_as(desk.member))


@pytest.fixture
def other_page(desk, client_as):
    """The same person's second device."""
    return Typing(desk, client_as(desk.member))


def test_a_field_is_saved_and_the_answer_says_when_and_how_far(desk, page):
    said = page.save(aset="713.750.000")
    assert said["saved"].startswith("Tersimpan ")
    assert "dari 24 terjawab" in said["progress"]
    assert (said["conflicts"], said["others"]) == ({}, [])
    assert desk.report().answers == {"aset": 713_750_000}
    assert desk.report().version == said["version"] == 2


def test_the_first_save_begins_the_report_and_later_ones_go_on_with_it(desk, page):
    page.save(aset="5.000.000")
    page.save(shu="1.000.000")
    assert desk.report().answers == {"aset": 5_000_000, "shu": 1_000_000}
    assert db.session.scalar(select(func.count()).select_from(Report)) == 1


def test_a_save_that_arrives_twice_is_taken_once_and_answered_the_same(desk, page, other_page):
    first = page.send(save_id="a" * 32, fields={"aset": "5.000.000"})
    page.version = first.json["version"]
    other_page.version = page.version
    other_page.save(aset="7.000.000")
    again = page.send(save_id="a" * 32, version=0, fields={"aset": "5.000.000"})
    told = {"version", "saved", "at", "conflicts", "others"}
    assert {name: again.json[name] for name in told} == {name: first.json[name] for name in told}
    assert desk.report().answers == {"aset": 7_000_000}
    assert db.session.scalar(select(func.count()).select_from(AnswerChange)) == 2


def test_an_id_belongs_to_one_report(desk, make_desk, client_as, page):
    elsewhere = make_desk()
    other = Typing(elsewhere, client_as(elsewhere.member))
    assert page.send(save_id="b" * 32, fields={"aset": "5"}).status_code == 200
    assert other.send(save_id="b" * 32, fields={"aset": "6"}).status_code == 200
    assert (desk.report().answers["aset"], elsewhere.report().answers["aset"]) == (5, 6)


def test_two_devices_on_different_fields_both_count_and_hear_of_each_other(desk, page, other_page):
    page.save(aset="5.000.000")
    said = other_page.save(shu="1.000.000")
    assert said["others"] == ["aset"]
    assert 'value="5.000.000"' in said["lines"]["aset"]["html"]
    assert desk.report().answers == {"aset": 5_000_000, "shu": 1_000_000}


def test_two_devices_on_one_field_get_both_values_to_choose_from(desk, page, other_page):
    page.save(aset="5.000.000")
    said = other_page.save(aset="7.000.000")
    clash = said["conflicts"]["aset"]
    assert (clash["mine"], clash["theirs"], clash["who"]) == ("Rp7.000.000", "Rp5.000.000", desk.member.name)
    assert clash["when"]
    assert clash["sentence"] == "Aset: pilih isian yang benar."
    line = said["lines"]["aset"]["html"]
    assert 'name="pilih_aset"' in line
    assert '<input type="hidden" name="aset" value="7.000.000">' in line
    assert desk.report().answers == {"aset": 5_000_000}


@pytest.mark.parametrize(("choice", "kept"), [("mine", 7_000_000), ("theirs", 5_000_000)])
def test_the_choice_is_made_in_the_page(desk, page, other_page, choice, kept):
    page.save(aset="5.000.000")
    other_page.save(aset="7.000.000")
    said = other_page.save(pilih_aset=choice, aset="7.000.000")
    assert said["conflicts"] == {}
    assert f'value="{kept // 1_000_000}.000.000"' in said["lines"]["aset"]["html"]
    assert desk.report().answers == {"aset": kept}


def test_ones_own_unacknowledged_save_is_no_conflict(desk, page):
    page.send(save_id="c" * 32, fields={"aset": "5"})
    said = page.send(save_id="d" * 32, version=0, after="c" * 32, fields={"aset": "55"}).json
    assert said["conflicts"] == {}
    assert desk.report().answers == {"aset": 55}


def test_an_unacknowledged_save_does_not_hide_what_somebody_else_changed(desk, page, other_page):
    other_page.save(aset="7")
    page.send(save_id="c" * 32, version=0, fields={"shu": "5"})
    said = page.send(save_id="d" * 32, version=0, after="c" * 32, fields={"aset": "55"}).json
    assert said["conflicts"].keys() == {"aset"}
    assert desk.report().answers == {"aset": 7, "shu": 5}


def test_what_cannot_be_read_is_kept_and_the_field_is_named(desk, page):
    said = page.save(volume_usaha="1.25")
    finding = said["findings"]["volume_usaha"][0]
    assert (finding["severity"], finding["field"]) == ("error", "volume_usaha")
    assert "“1.25” bisa berarti" in finding["sentence"]
    assert desk.report().answers == {"volume_usaha": {"raw": "1.25"}}


def test_a_doubt_about_another_line_of_the_page_is_told_too(desk, page):
    page.save(modal_sendiri="400.000.000", modal_luar="100.000.000")
    said = page.save(aset="900.000.000")
    assert said["findings"]["aset"]
    again = page.save(modal_luar="500.000.000")
    assert again["findings"]["aset"] == []


def test_a_reason_typed_beside_a_warning_is_saved_with_it(desk, page):
    page.save(aset="900.000.000", modal_sendiri="1", modal_luar="1")
    page.save(aset="900.000.000", aset_alasan="", aset_alasan_lain="Gedung baru")
    assert desk.report().answers["aset_alasan"] == "Gedung baru"


def test_one_field_leaves_what_the_office_offers_for_the_others(make_desk, client_as):
    desk = make_desk(nama_ketua="Dahlia Uji", jenis_koperasi="Konsumen")
    page = Typing(desk, client_as(desk.member), section=2)
    page.save(nama_pengelola="tidak ada")
    form = page.client.get(f"/laporan/{desk.slug}/2025?bagian=2").text
    assert 'value="Dahlia Uji"' in form
    assert "Tersimpan" in form


def test_a_section_sent_whole_stands_as_it_is(make_desk, client_as):
    desk = make_desk(nama_ketua="Dahlia Uji", jenis_koperasi="Konsumen")
    page = Typing(desk, client_as(desk.member), section=2)
    page.save(bagian="2", nama_pengelola="tidak ada", nama_ketua="", jenis_koperasi="Konsumen")
    form = page.client.get(f"/laporan/{desk.slug}/2025?bagian=2").text
    assert 'value="Dahlia Uji"' not in form


def test_a_sent_report_is_locked_and_says_so(desk, page):
    desk.save(**sound())
    desk.submit()
    version = desk.report().version
    answer = page.send(version=version, fields={"aset": "1"})
    assert answer.status_code == 409
    assert answer.json["code"] == "refused"
    assert "terkunci" in answer.json["sentence"]
    assert desk.report().answers["aset"] == sound()["aset"]
    assert db.session.scalar(select(func.count()).select_from(ReportSave)) == 0


def test_of_a_returned_report_only_the_reopened_questions_take_saves(desk, page):
    desk.save(**sound())
    desk.submit()
    with writing():
        services.move(
            desk.report_inside(), to=Status.RETURNED, by=desk.operator, reason="Angka keliru.", codes=["shu"]
        )
    page.version = desk.report().version
    page.save(shu="19.000.000", aset="1")
    assert desk.report().answers["shu"] == 19_000_000
    assert desk.report().answers["aset"] == sound()["aset"]


def test_whoever_is_signed_out_is_told_so_in_json(desk, client):
    answer = Typing(desk, client).send(fields={"aset": "1"})
    assert answer.status_code == 401
    assert "Masuk lagi" in answer.json["sentence"]
    assert answer.json["url"] == "/masuk"


def test_a_save_without_its_token_is_refused_and_a_new_token_is_to_be_had(desk, page):
    refused = page.send(csrf=False, fields={"aset": "1"})
    assert (refused.status_code, refused.json["code"]) == (400, "token")
    fresh = page.client.get(page.address, headers={"Accept": "application/json"}).json
    answer = page.send(csrf=False, headers=[("X-CSRFToken", fresh["token"])], fields={"aset": "1"})
    assert answer.status_code == 200


def test_what_one_person_typed_is_not_sent_in_the_name_of_another(desk, page):
    answer = page.send(person="somebody else", fields={"aset": "1"})
    assert (answer.status_code, answer.json["code"]) == (403, "other-person")


def test_the_page_of_a_person_may_save_for_that_person(desk, page):
    key = page.client.get(f"/laporan/{desk.slug}/2025?bagian=4").headers["X-User-Key"]
    assert page.send(person=key, fields={"aset": "1"}).status_code == 200


@pytest.mark.parametrize(
    "told",
    [
        None,
        [],
        {},
        {"id": "x", "version": 0, "fields": {}},
        {"id": "a" * 32, "version": 0, "fields": {"aset": 1}},
        {"id": "a" * 32, "version": 0, "fields": []},
        {"id": "a" * 32, "version": 0, "fields": {str(n): "" for n in range(300)}},
    ],
)
def test_what_no_page_of_ours_sends_is_refused(desk, page, told):
    answer = page.client.post(page.address, json=told, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["code"] == "unreadable"


@pytest.mark.parametrize("version", ["", "x", -1, 10**12, None, 99])
def test_an_unknown_version_overwrites_nothing(desk, page, version):
    page.save(aset="5")
    answer = page.send(fields={"aset": "6", "shu": "1"}, version=version)
    if version is not None:
        assert answer.json["conflicts"].keys() == {"aset"}
        assert desk.report().answers == {"aset": 5, "shu": 1}


def test_strangers_and_the_office_find_no_such_address(desk, client_as, make_user):
    for person in (make_user(Role.COOPERATIVE), make_user(Role.OPERATOR)):
        assert Typing(desk, client_as(person)).send(fields={"aset": "1"}).status_code == 404


def test_a_save_asks_little_of_the_database(desk, page):
    page.save(aset="5")
    with count_queries() as seen:
        page.save(aset="6")
    assert seen.number <= 14, "\n".join(seen.statements)


def test_what_the_page_shows_by_now_is_not_told_again(desk, page, other_page):
    page.save(aset="5")
    other_page.save(shu="1")
    said = other_page.send(version=0, seen=other_page.version, fields={"modal_luar": "2"}).json
    assert (said["others"], said["conflicts"]) == ([], {})
