"""Filling in, page by page, as a browser without script does it."""

import gzip
import json
import re
from datetime import UTC, datetime
from html import unescape

import pytest
from sqlalchemy import func, select

from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.checks import reasons
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from tests.questionnaire.conftest import typed
from tests.support.answers import sound
from tests.support.queries import count_queries

LAST = sound(
    modal_sendiri=380_000_000,
    modal_luar=95_000_000,
    aset=475_000_000,
    volume_usaha=850_000_000,
    shu=22_000_000,
)


@pytest.fixture
def form(desk, client_as):
    """The member's browser, and the address of the form."""
    return Form(desk, client_as(desk.member))


class Form:
    def __init__(self, desk, client):
        self.desk, self.client = desk, client
        self.address = f"/laporan/{desk.slug}/2025"

    def get(self, section=None, **more):
        query = {"bagian": section, **more} if section else more
        return self.client.get(self.address, query_string=query)

    def post(self, section, go="simpan", **fields):
        """Press a button of ``section`` as it stands now, with ``fields`` typed over."""
        page = self.get(section).text
        version = re.search(r'name="versi" value="(\d+)"', page)[1]
        return self.client.post(
            f"{self.address}?bagian={section}", data={"versi": version, "ke": go, **fields}
        )


def remember_last_year(desk, **changes):
    with writing():
        services.import_report(desk.cooperative, year=2024, answers={**LAST, **changes})


def test_opening_the_form_begins_nothing_and_offers_what_the_office_knows(make_desk, client_as):
    desk = make_desk(nama_ketua="Dahlia Uji", jenis_koperasi="Konsumen", telepon_kantor="+62341555014")
    client = client_as(desk.member)
    page = client.get(f"/laporan/{desk.slug}/2025?bagian=2")
    assert page.status_code == 200
    assert 'value="Dahlia Uji"' in page.text
    assert "(0341) 555014" in page.text
    assert re.search(r'value="Konsumen" checked', page.text)
    assert "Belum tersimpan" in page.text
    assert "0 dari 24 terjawab" in page.text
    assert db.session.scalar(select(func.count()).select_from(Report)) == 0


def test_saving_keeps_the_section_and_leads_on(form):
    answer = form.post(1, "bagian-2", **typed(1))
    assert answer.status_code == 303
    assert answer.location == f"{form.address}?bagian=2"
    assert form.desk.report().answers["nama_koperasi"] == sound()["nama_koperasi"]
    assert "Tersimpan 09.00" in form.get(2).text


def test_the_first_button_in_the_form_saves_and_stays_so_that_enter_never_overwrites_anything(form):
    remember_last_year(form.desk)
    page = form.get(4).text
    buttons = re.findall(
        r'<button[^>]*name="(\w+)" value="([\w-]+)"',
        page[page.index('<form method="post" action="/laporan') :],
    )
    assert buttons[0] == ("ke", "simpan")


def test_a_draft_resumes_at_the_first_section_that_is_not_done(form):
    for section in (1, 2):
        form.post(section, **typed(section))
    assert "Keanggotaan &amp; RAT" in form.get().text.split("</h1>")[0]


def test_a_complete_draft_leads_to_the_check(form):
    for section in (1, 2, 3, 4):
        form.post(section, **typed(section))
    answer = form.get()
    assert answer.status_code == 302
    assert answer.location == f"{form.address}/periksa"


def test_suggestions_count_only_once_saved_and_a_cleared_one_stays_cleared(make_desk, client_as):
    form = Form(desk := make_desk(telepon_kantor="+62341555014"), client_as)
    form.client = client_as(desk.member)
    form.post(2, **{**typed(2), "telepon_kantor": ""})
    assert "telepon_kantor" not in desk.report().answers
    assert 'value="(0341) 555014"' not in form.get(2).text


def test_what_cannot_be_read_is_saved_as_typed_and_explained_beside_it_and_at_the_top(form):
    answer = form.post(4, "periksa", **{**typed(4), "volume_usaha": "1.25"})
    assert answer.location == f"{form.address}?bagian=4"  # the checks say something new: stay and show it
    page = form.get(4).text
    assert 'value="1.25"' in page
    assert re.search(r'<a href="#volume_usaha">Volume usaha: “1.25” bisa berarti', page)
    assert re.search(r'id="volume_usaha-error">.*bisa berarti 1,25 atau 125', page)
    assert "<title>Galat: Keuangan" in page


def test_who_presses_on_a_second_time_is_let_through(form):
    form.post(4, "periksa", **{**typed(4), "volume_usaha": "1.25"})
    answer = form.post(4, "periksa", **{**typed(4), "volume_usaha": "1.25"})
    assert answer.location == f"{form.address}/periksa"


def test_a_blank_answer_is_no_error_until_the_check(form):
    form.post(4, **{**typed(4), "shu": ""})
    assert "shu-error" not in form.get(4).text
    assert 'id="shu-error"' in form.get(4, lengkap=1).text


def test_a_warning_asks_why_and_keeps_the_reason(form):
    form.post(4, **{**typed(4), "aset": "50.000.000"})
    page = form.get(4).text
    assert "sepuluh kali aset Rp50.000.000" in page
    assert 'name="aset_alasan"' in page
    form.post(4, **{**typed(4), "aset": "50.000.000", "aset_alasan": "Angka tahun lalu yang keliru"})
    assert re.search(r'value="Angka tahun lalu yang keliru" checked', form.get(4).text)
    form.post(4, **{**typed(4), "aset": "50.000.000", "aset_alasan_lain": "Gudang dijual"})
    assert form.desk.report().answers["aset_alasan"] == "Gudang dijual"
    assert 'value="Gudang dijual"' in form.get(4).text


def test_a_reason_picked_later_counts_before_ones_own_words_that_still_stand_there(form):
    aset = {**typed(4), "aset": "50.000.000"}
    form.post(4, **aset, aset_alasan_lain="Gudang dijual")
    form.post(4, **aset, aset_alasan="Angka tahun lalu yang keliru", aset_alasan_lain="Gudang dijual")
    assert form.desk.report().answers["aset_alasan"] == "Angka tahun lalu yang keliru"
    form.post(4, **aset, aset_alasan="Angka tahun lalu yang keliru", aset_alasan_lain="Dua gudang dijual")
    assert form.desk.report().answers["aset_alasan"] == "Dua gudang dijual"


def test_an_answer_that_is_no_figure_offers_reasons_that_speak_of_no_figure(form):
    form.post(3, **{**typed(3), "status_rat": "Belum RAT"})
    page = form.get(3).text
    offered = re.findall(
        r'<input type="radio" id="status_rat_alasan[^"]*" name="status_rat_alasan" value="([^"]+)"', page
    )
    assert offered == [label for _, label in reasons(figure=False)][:-1]
    assert not [label for label in offered if "ngka" in label]
    assert 'name="status_rat_alasan_lain"' in page


def test_a_question_is_not_asked_twice_in_one_box(form):
    remember_last_year(form.desk)
    form.post(4, **{**typed(4), "modal_luar": "700.000.000"})
    page = form.get(4).text
    assert page.count("Mengapa berbeda jauh dari tahun lalu?</p>") == 1
    assert "<legend>Mengapa berbeda jauh dari tahun lalu?" not in page


def test_the_page_hands_its_script_what_the_checks_need_and_nothing_while_there_is_a_conflict(form):
    remember_last_year(form.desk)
    version = form.desk.save(**sound()).version
    page = form.get(4, lengkap=1).text
    told = json.loads(unescape(re.search(r'data-checks="([^"]+)"', page)[1]))
    assert told["answers"] == form.desk.report().answers
    assert told["last"] == LAST
    assert (told["year"], told["today"], told["all"]) == (2025, "2026-04-10", True)
    assert form.client.get(told["feed"]).json["year"] == 2025
    form.desk.save(aset=520_000_000)
    clash = form.client.post(
        f"{form.address}?bagian=4", data={"versi": version, "aset": "510.000.000", "ke": "simpan"}
    )
    assert clash.status_code == 409
    assert "data-checks" not in clash.text


def test_a_proposal_about_other_answers_leaves_the_first_one_alone(form):
    form.post(4, **typed(4))
    form.post(4, ubah="modal_sendiri:;modal_luar:95000000", **typed(4))
    answers = form.desk.report().answers
    assert (answers["modal_sendiri"], answers["modal_luar"]) == (400_000_000, 95_000_000)


def test_one_tap_takes_what_a_warning_proposes(form):
    form.post(4, **{**typed(4), "aset": "50.000.000"})
    (value,) = re.findall(r'name="ubah" value="([^"]+)"', form.get(4).text)
    answer = form.post(4, ubah=value, **{**typed(4), "aset": "50.000.000", "shu": "24.000.000"})
    assert answer.location == f"{form.address}?bagian=4#q-aset"
    answers = form.desk.report().answers
    assert (answers["aset"], answers["shu"]) == (500_000_000, 24_000_000)  # the rest of the page is saved too


def test_one_tap_can_correct_two_answers_that_were_swapped(form):
    swapped = {**typed(4), "aset": "900.000.000", "volume_usaha": "500.000.000"}
    form.post(4, **swapped)
    value = re.findall(r'name="ubah" value="([^"]+)"', form.get(4).text)[0]
    form.post(4, ubah=value, **swapped)
    answers = form.desk.report().answers
    assert (answers["aset"], answers["volume_usaha"]) == (500_000_000, 900_000_000)


def test_a_negative_figure_is_confirmed_once_and_stays_so(form):
    minus = {**typed(4), "modal_sendiri": "-5.000.000", "aset": "95.000.000"}
    form.post(4, **minus)
    assert 'name="modal_sendiri_konfirmasi"' in form.get(4).text
    form.post(4, **minus, modal_sendiri_konfirmasi="1")
    assert re.search(r'name="modal_sendiri_konfirmasi" value="1" checked', form.get(4).text)
    form.post(4, **minus, modal_sendiri_konfirmasi="1")
    found = {one["code"] for one in form.desk.report().findings}
    assert "minus_belum_dipastikan" not in found


def test_last_years_answer_stands_beside_and_is_taken_over_by_one_button(form):
    remember_last_year(form.desk)
    page = form.get(4).text
    assert "Rp475.000.000" in page
    assert re.search(r'name="pakai" value="aset"', page)
    assert not re.search(r'name="pakai" value="shu"', page)  # a surplus never repeats itself
    answer = form.post(4, pakai="aset", **{**typed(4), "aset": "", "shu": "23.000.000"})
    assert answer.location == f"{form.address}?bagian=4#q-aset"
    answers = form.desk.report().answers
    assert (answers["aset"], answers["shu"]) == (475_000_000, 23_000_000)


def test_taking_over_last_years_members_fills_both_parts(form):
    remember_last_year(form.desk, anggota_pria=30, anggota_wanita=70)
    form.post(3, pakai="jumlah_anggota")
    answers = form.desk.report().answers
    assert (answers["anggota_pria"], answers["anggota_wanita"], answers["jumlah_anggota"]) == (30, 70, 100)


@pytest.mark.parametrize(
    "fields",
    [{"pakai": "tidak_ada"}, {"pakai": "aset"}, {"ubah": "x"}, {"ubah": ":;aset"}, {"ke": "bagian-99"}],
)
def test_a_button_that_means_nothing_only_saves(form, fields):
    answer = form.client.post(f"{form.address}?bagian=4", data={"shu": "5", **fields})
    assert answer.status_code == 303
    assert form.desk.report().answers == {"shu": 5}


def test_kelurahan_stand_under_their_kecamatan_which_follows(form):
    page = form.get(1).text
    assert '<optgroup label="Blimbing">' in page
    form.post(1, **typed(1))
    assert re.search(r'name="kode_kecamatan"[^>]*value="Blimbing"', form.get(1).text)


def conflicting(form):
    """The same field changed elsewhere after the page was opened; returns the version that this browser saw."""
    seen = form.desk.save(aset=500_000_000, shu=25_000_000).version
    form.desk.save(aset=600_000_000)
    return seen


def test_a_field_changed_elsewhere_is_shown_twice_and_everything_else_is_saved(form):
    seen = conflicting(form)
    answer = form.client.post(
        f"{form.address}?bagian=4", data={"versi": seen, "aset": "700.000.000", "shu": "26.000.000"}
    )
    assert answer.status_code == 409
    page = answer.text
    assert "Kolom ini juga diubah di perangkat lain" in page
    assert "Rp700.000.000" in page
    assert "Rp600.000.000" in page
    assert f"09.00, {form.desk.member.name}" in page
    assert form.desk.report().answers == {"aset": 600_000_000, "shu": 26_000_000}


@pytest.mark.parametrize(("choice", "kept"), [("mine", 700_000_000), ("theirs", 600_000_000)])
def test_the_person_chooses_between_the_two(form, choice, kept):
    seen = conflicting(form)
    page = form.client.post(f"{form.address}?bagian=4", data={"versi": seen, "aset": "700.000.000"}).text
    version = re.search(r'name="versi" value="(\d+)"', page)[1]
    mine = re.search(r'<input type="hidden" name="aset" value="([^"]*)">', page)[1]
    answer = form.client.post(
        f"{form.address}?bagian=4",
        data={"versi": version, "bentrok": "aset", "aset": mine, "pilih_aset": choice, "ke": "simpan"},
    )
    assert answer.status_code == 303
    assert form.desk.report().answers["aset"] == kept


def test_without_a_choice_it_is_asked_again_and_nothing_typed_is_lost(form):
    seen = conflicting(form)
    page = form.client.post(f"{form.address}?bagian=4", data={"versi": seen, "aset": "700.000.000"}).text
    version = re.search(r'name="versi" value="(\d+)"', page)[1]
    again = form.client.post(
        f"{form.address}?bagian=4",
        data={"versi": version, "bentrok": "aset", "aset": "700.000.000", "shu": "27.000.000"},
    )
    assert again.status_code == 409
    assert "Rp700.000.000" in again.text
    assert '<input type="hidden" name="aset" value="700.000.000">' in again.text
    assert form.desk.report().answers == {"aset": 600_000_000, "shu": 27_000_000}


def test_a_reason_that_two_people_wrote_is_asked_too_and_its_question_stays(form):
    odd = {**typed(4), "aset": "50.000.000"}
    form.post(4, **odd)
    seen = form.desk.report().version
    form.post(4, **odd, aset_alasan_lain="Gudang dijual", kode_kecamatan_alasan="a")
    answer = form.client.post(
        f"{form.address}?bagian=4",
        data={"versi": seen, **odd, "aset_alasan_lain": "Salah hitung", "kode_kecamatan_alasan": "b"},
    )
    assert answer.status_code == 409
    assert "Aset: alasan" in answer.text
    assert "Gudang dijual" in answer.text
    assert "Salah hitung" in answer.text
    assert 'id="aset"' in answer.text
    assert "Kecamatan: alasan" in answer.text  # of another section, but nothing typed is lost


def test_a_conflict_of_one_part_leaves_the_other_alone(form):
    seen = form.desk.save(anggota_pria=40, anggota_wanita=60).version
    form.desk.save(anggota_pria=41)
    answer = form.client.post(
        f"{form.address}?bagian=3", data={"versi": seen, "anggota_pria": "42", "anggota_wanita": "61"}
    )
    assert answer.status_code == 409
    assert "Jumlah anggota: Anggota pria" in answer.text
    assert form.desk.report().answers == {"anggota_pria": 41, "anggota_wanita": 61, "jumlah_anggota": 102}


def test_of_a_returned_report_the_marked_question_is_open_with_the_operators_words(form):
    desk = form.desk
    desk.file()
    with writing():
        services.comment(
            desk.report_inside(), question="aset", body="Di neraca tertulis lain.", by=desk.operator
        )
    desk.move(Status.RETURNED, reason="Aset tidak cocok dengan neraca.", codes=["aset"])
    page = form.get().text  # leads to the section of the marked question
    assert "Aset tidak cocok dengan neraca." in page
    assert "Di neraca tertulis lain." in page
    assert 'name="aset"' in page
    assert 'name="shu"' not in page
    assert "Rp25.000.000" in page
    form.post(4, aset="505.000.000", shu="1")
    answers = desk.report().answers
    assert (answers["aset"], answers["shu"]) == (505_000_000, 25_000_000)


def test_a_submitted_report_is_shown_to_read_with_its_receipt(form):
    form.desk.file()
    page = form.get(4).text
    assert '<form method="post" action="/laporan' not in page
    assert "Petugas sedang memeriksanya" in page
    assert "bukti.pdf" in page
    assert "Rp500.000.000" in page


def test_a_save_that_comes_after_the_submission_keeps_nothing_secret_and_nothing_typed_is_lost(form):
    desk = form.desk
    version = desk.save(**sound()).version
    desk.submit()
    answer = form.client.post(
        f"{form.address}?bagian=4", data={"versi": version, "aset": "777.000.000", "shu": "25.000.000"}
    )
    assert answer.status_code == 409
    assert "777.000.000" in answer.text
    assert "Terkirim" in answer.text
    assert (
        "<dt>Sisa hasil usaha" not in answer.text.split("Identitas")[0]
    )  # it was typed, but it stands already
    assert desk.report().answers["aset"] == 500_000_000


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (datetime(2027, 1, 2, 2, tzinfo=UTC), "Pengisian ditutup 31 Desember 2026"),
        (datetime(2025, 12, 31, 2, tzinfo=UTC), "Pengisian dibuka 1 Januari 2026"),
    ],
)
def test_outside_its_dates_the_form_is_closed_and_says_so(form, april, client_as, day, words):
    form.desk.save(aset=5)
    april.move_to(day)
    form.client = client_as(form.desk.member)  # yesterday's session is over
    assert words in form.get(4).text
    answer = form.client.post(f"{form.address}?bagian=4", data={"versi": "2", "shu": "1"})
    assert answer.status_code == 409
    assert form.desk.report().answers == {"aset": 5}


def test_a_year_without_questions_is_no_page(form):
    assert form.client.get(f"/laporan/{form.desk.slug}/1999").status_code == 404


PAGES = ["", "/periksa", "/terkirim", "/bukti.pdf"]


@pytest.mark.parametrize("page", PAGES)
def test_somebody_elses_cooperative_is_no_page(form, make_user, client_as, page):
    form.desk.file()
    stranger = client_as(make_user(Role.COOPERATIVE))
    assert stranger.get(form.address + page).status_code == 404
    if page == "":
        assert stranger.post(form.address, data={"aset": "1"}).status_code == 404
        assert stranger.post(form.address + "/kirim").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_who_has_not_signed_in_is_led_to_do_so(form, client, page):
    answer = client.get(form.address + page)
    assert answer.status_code == 302
    assert "/masuk" in answer.location


def test_operators_fetch_receipts_but_do_not_fill_in(form, client_as):
    form.desk.file()
    operator = client_as(form.desk.operator)
    assert operator.get(form.address).status_code == 404
    assert operator.get(form.address + "/bukti.pdf").status_code == 200


@pytest.mark.parametrize("section", [1, 2, 3, 4])
def test_a_page_is_small(form, section):
    remember_last_year(form.desk)
    form.desk.save(**sound(aset=50_000_000))
    page = form.get(section).data
    assert len(gzip.compress(page)) < 8 * 1024


@pytest.mark.parametrize("section", [1, 4])
def test_a_page_asks_the_database_twice_however_long_the_history(form, section):
    desk = form.desk
    desk.save(**sound())
    form.get(section)
    with count_queries() as few:
        form.get(section)
    for year in range(2019, 2025):
        with writing():
            services.import_report(desk.cooperative, year=year, answers=LAST)
    for n in range(6):
        desk.save(shu=n)
    form.get(section)
    with count_queries() as many:
        form.get(section)
    assert few.number == many.number == 2


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("section", [1, 2, 3, 4])
def test_every_section_is_drawn_in_both_languages(form, section, language):
    remember_last_year(form.desk)
    assert form.get(section, lang=language).status_code == 200
