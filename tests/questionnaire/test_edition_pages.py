"""Staff change next year's questions in the site: what they see, what is refused, and what becomes of it."""

import html
import re
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import exports, services
from app.questionnaire.edition_settings import FLAGS, typed_of
from app.questionnaire.models import Edition, KeptTotal, Report
from app.questionnaire.queries import edition_of, questionnaire_of
from app.questionnaire.question import QuestionType
from app.questionnaire.rules import Status
from tests.questionnaire.conftest import typed
from tests.support.queries import count_queries

HOME = "/dinas/kuesioner"
NEXT = f"{HOME}/2026"
NEW = {
    "label": "Listrik tenaga surya",
    "petunjuk": "Pemakaian setahun.",
    "jenis": "integer",
    "satuan": "kWh",
    "wajib": "yes",
    "terkecil": "0",
    "bagian": "4",
    "kotak": ["pakai_lagi", "statistik", "setahun", "publik"],
    "statistik": "1",
    "setahun": "1",
}


@pytest.fixture
def staff(desk, client_as):
    """An operator's browser; book year 2025 is being reported on, 2026 is prepared."""
    with writing():
        services.ensure_editions(date(2026, 4, 10))
    return client_as(desk.operator)


def asked(year=2026):
    db.session.rollback()
    return questionnaire_of(edition_of(year))


def seen(page):
    """The mark that a page's form carries."""
    return html.unescape(re.search(r'name="asal" value="([^"]*)"', page.text)[1])


def form_of(browser, code, year=2026, **changes):
    """The form of one question as a browser would send it back, with ``changes``."""
    page = browser.get(f"{HOME}/{year}/pertanyaan/{code}")
    given = typed_of(asked(year).by_code[code])
    boxes = re.findall(r'name="kotak" value="(\w+)"', page.text)
    sent = {
        name: value for name, value in given.items() if name not in FLAGS and f'name="{name}"' in page.text
    }
    sent |= {name: "1" for name in boxes if given[name]}
    return sent | {"kotak": boxes, "asal": seen(page)} | changes


def save(browser, code, year=2026, **changes):
    return browser.post(f"{HOME}/{year}/pertanyaan/{code}", data=form_of(browser, code, year, **changes))


def trail(action):
    db.session.rollback()
    query = select(TrailEntry).where(TrailEntry.action == action).order_by(TrailEntry.id.desc())
    return db.session.scalars(query.limit(1)).one()


PAGES = ["", "/2026", "/2026/tanggal", "/2026/banding", "/2026/pratinjau", "/2026/terbitkan", "/2026/tambah",
         "/2026/bagian", "/2026/pertanyaan/aset"]  # fmt: skip


@pytest.mark.parametrize("role", [None, *Role])
def test_only_operators_open_these_pages(staff, client, client_as, make_user, role):
    browser = client if role is None else client_as(make_user(role))
    found = {page: browser.get(HOME + page).status_code for page in PAGES}
    assert found == dict.fromkeys(PAGES, 200 if role is Role.OPERATOR else 302 if role is None else 403)


POSTS = ["/mulai", "/2026/tanggal", "/2026/terbitkan", "/2026/tambah", "/2026/bagian", "/2026/urutan",
         "/2026/pertanyaan/aset", "/2026/pertanyaan/aset/pensiun", "/2026/pertanyaan/aset/hapus",
         "/2026/pertanyaan/aset/tanya-lagi"]  # fmt: skip


@pytest.mark.parametrize("role", [Role.COOPERATIVE, Role.ADMIN, Role.EDITOR])
def test_nobody_else_changes_anything(staff, client_as, make_user, role):
    before, browser = asked(), client_as(make_user(role))
    assert {page: browser.post(HOME + page, data=NEW).status_code for page in POSTS} == dict.fromkeys(
        POSTS, 403
    )
    assert asked() == before


@pytest.mark.parametrize(
    "path", ["/1999", "/99999999999999999999", "/2026/pertanyaan/tidak_ada", "/1999/pratinjau"]
)
def test_what_there_is_not_is_404(staff, path):
    assert staff.get(HOME + path).status_code == 404


def test_the_list_shows_each_year_with_its_state_dates_and_counts(staff, desk):
    desk.approve()
    page = staff.get(HOME).text
    assert page.index(">2026<") < page.index(">2025<")
    for words in ("Draf", "Dibekukan", "30 Apr 2027", "1 terkirim", "Susun kuesioner tahun buku 2026"):
        assert words in page


def test_the_number_of_queries_does_not_grow_with_the_years(staff):
    staff.get(HOME)
    with count_queries() as few:
        staff.get(HOME)
    with writing():
        for year in range(2010, 2020):
            services.edition_for(year)
    staff.get(HOME)
    with count_queries() as many:
        staff.get(HOME)
    assert many.number == few.number


def test_the_menu_leads_operators_there(staff):
    assert 'href="/dinas/kuesioner"' in staff.get("/dinas").text


def test_the_next_year_is_begun_as_a_copy_once_the_latest_has_opened(staff, april, desk, client_as):
    assert staff.post(f"{HOME}/mulai").status_code == 409  # 2026 is still being prepared
    save(staff, "aset", label="Jumlah aset")
    april.move_to(datetime(2027, 1, 2, 2, tzinfo=UTC))
    staff = client_as(desk.operator)
    assert "Mulai kuesioner tahun buku 2027" in staff.get(HOME).text
    assert staff.post(f"{HOME}/mulai").status_code == 303
    assert asked(2027).by_code["aset"].label == "Jumlah aset"


def test_an_added_question_is_asked_checked_exported_and_totalled(staff, desk, april, client_as):
    answer = staff.post(f"{NEXT}/tambah", data=NEW)
    assert answer.status_code == 303
    question = asked().by_code["listrik_tenaga_surya"]
    assert (question.number, question.section, question.unit) == (25, 4, "kWh")
    assert (question.total, question.flow, question.min, question.public) == (True, True, 0, False)
    assert "listrik_tenaga_surya" not in asked(2025).codes
    april.move_to(datetime(2027, 4, 10, 2, tzinfo=UTC))
    member = client_as(desk.member)
    answers = typed(1) | typed(2) | typed(3) | typed(4) | {"tanggal_rat": "2027-03-14"}
    for section in (1, 2, 3, 4):
        member.post(f"/laporan/{desk.slug}/2026?bagian={section}", data=answers)
    with pytest.raises(services.NotReady):
        desk.submit(year=2026)
    desk.save(year=2026, listrik_tenaga_surya=1250)
    desk.submit(year=2026)
    desk.move(Status.APPROVED, year=2026)
    table = exports.year_table(2026, "kementerian")
    assert (table.columns[-1].title, table.rows[0][-1]) == ("Listrik tenaga surya", 1250)
    kept = db.session.scalars(select(KeptTotal).where(KeptTotal.question == "listrik_tenaga_surya")).one()
    assert kept.total == 1250


def test_a_question_lands_where_its_number_says(staff):
    staff.post(f"{NEXT}/tambah", data=NEW | {"bagian": "3", "nomor": "16", "kode": "anggota_baru"})
    codes = asked().codes
    assert codes[15] == "anggota_baru"
    assert codes[16] == "jumlah_karyawan"


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"label": ""}, "label", "Tulis pertanyaannya"),
        ({"kode": "aset"}, "kode", "berganti arti"),
        ({"kode": "Listrik Surya"}, "kode", "tidak dapat dipakai"),
        ({"jenis": "choice", "pilihan": "satu"}, "pilihan", "dua pilihan berbeda"),
        ({"terkecil": "1.25"}, "terkecil", "1.25"),
        ({"bagian": "9"}, "bagian", "Pilih bagian"),
        ({"nomor": "dua"}, "nomor", "nomor urut"),
    ],
)
def test_a_mistake_in_a_new_question_is_named_and_what_was_typed_is_kept(staff, changes, field, words):
    answer = staff.post(f"{NEXT}/tambah", data=NEW | changes)
    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{field}"' in answer.text
    assert f'id="{field}"' in answer.text
    assert "Pemakaian setahun." in answer.text
    assert asked().codes == asked(2025).codes


def test_words_order_need_and_flags_of_an_old_question_change(staff):
    answer = save(
        staff,
        "jumlah_karyawan",
        label="Jumlah pegawai koperasi",
        petunjuk="Yang digaji.",
        wajib="no",
        bagian="2",
        nomor="8",
        contoh="12",
        terbesar="5.000",
    )
    assert answer.status_code == 303
    question = asked().by_code["jumlah_karyawan"]
    assert question.label == "Jumlah pegawai koperasi"
    assert (question.section, question.number, question.max) == (2, 8, 5000)
    assert question.required == "no"
    assert (question.keep_last, question.total) == (True, True)
    entry = trail("edition.changed")
    assert entry.subject_name == "Kuesioner 2026: Jumlah pegawai koperasi"
    assert entry.before["label"] == "Jumlah karyawan"
    assert entry.after["nomor"] == "8"
    assert entry.actor_id
    found = staff.get("/dinas/jejak?q=jumlah+pegawai&jenis=edition").text
    assert "Kuesioner diubah" in found


def test_saving_without_a_change_notes_nothing(staff):
    before = edition_of(2026).digest
    page = staff.get(save(staff, "aset").headers["Location"])
    assert "Tidak ada yang berubah" in page.text
    assert edition_of(2026).digest == before


def test_ticked_boxes_can_be_unticked(staff):
    form = form_of(staff, "aset")
    del form["statistik"]
    staff.post(f"{NEXT}/pertanyaan/aset", data=form)
    assert asked().by_code["aset"].total is False


def test_the_type_of_what_was_asked_before_cannot_change_and_the_page_says_what_to_do(staff, desk):
    with writing():
        services.add_question(
            edition_of(2025), {"code": "unit_usaha", "section": 2, "label": "Unit usaha", "type": "text"}
        )
    with writing():
        db.session.delete(edition_of(2026))
    with writing():
        services.edition_for(2026)
    assert save(staff, "unit_usaha", jenis="integer").status_code == 303  # nobody has answered it yet
    assert save(staff, "unit_usaha", jenis="text").status_code == 303
    desk.save(unit_usaha="Toko")
    page = staff.get(f"{NEXT}/pertanyaan/unit_usaha").text
    assert "Sudah ditanyakan di laporan tahun buku 2025" in page
    assert "pensiunkan pertanyaan ini dan tambahkan yang baru" in page
    answer = save(staff, "unit_usaha", jenis="integer")
    assert answer.status_code == 422
    assert asked().by_code["unit_usaha"].type is QuestionType.TEXT


@pytest.mark.parametrize(
    ("code", "change"),
    [
        ("telepon_ketua", {"kotak": ["publik"], "publik": "1"}),
        ("nama_koperasi", {"terbesar": "900"}),
        ("nama_koperasi", {"wajib": "no"}),
        ("jenis_koperasi", {"pilihan": "Satu\nDua"}),
        ("status_rat", {"pilihan": "Sudah\nBelum"}),
        ("aset", {"jenis": "text"}),
        ("aset", {"satuan": "juta"}),
    ],
)
def test_what_the_site_relies_on_is_locked_also_for_a_form_that_somebody_made_up(staff, desk, code, change):
    desk.save(aset=1)
    before = asked().by_code[code]
    answer = save(staff, code, **change)
    assert answer.status_code == 422
    assert asked().by_code[code] == before


def test_what_the_site_needs_cannot_be_retired_and_says_why(staff):
    page = staff.get(f"{NEXT}/pertanyaan/nomor_badan_hukum").text
    assert "harus tetap ada" in page
    assert "masuk ke daftar koperasi" in page
    answer = staff.post(f"{NEXT}/pertanyaan/nomor_badan_hukum/pensiun", data={"setuju": "1"})
    assert answer.status_code == 422
    assert "nomor_badan_hukum" in asked().codes


def test_a_question_is_retired_keeps_its_column_in_old_years_and_comes_back(staff, desk, april):
    desk.approve()
    refused = staff.post(f"{NEXT}/pertanyaan/volume_usaha/pensiun")
    assert refused.status_code == 422  # checks would fall silent, and nobody agreed to that
    assert "boleh berhenti" in refused.text
    done = staff.post(f"{NEXT}/pertanyaan/volume_usaha/pensiun", data={"setuju": "1"})
    assert done.status_code == 303
    assert "volume_usaha" not in asked().codes
    assert [one.number for one in asked().questions] == list(range(1, 24))
    old = exports.year_table(2025, "provinsi")
    assert 900_000_000 in old.rows[0]
    page = staff.get(NEXT).text
    assert "Tidak ditanyakan lagi" in page
    assert staff.post(f"{NEXT}/tambah", data=NEW | {"kode": "volume_usaha"}).status_code == 422
    assert staff.post(f"{NEXT}/pertanyaan/volume_usaha/tanya-lagi").status_code == 303
    assert asked().by_code["volume_usaha"].number == 24
    assert trail("edition.question_restored").subject_name == "Kuesioner 2026: Volume usaha"


def test_a_year_with_a_retired_question_is_filed_checked_and_exported(staff, desk, april):
    desk.approve()
    staff.post(f"{NEXT}/pertanyaan/volume_usaha/pensiun", data={"setuju": "1"})
    april.move_to(datetime(2027, 4, 10, 2, tzinfo=UTC))
    desk.approve(
        year=2026, tanggal_rat="2027-03-14", aset=510_000_000, modal_sendiri=410_000_000, shu=26_000_000
    )
    report = desk.report(2026)
    assert "volume_usaha" not in report.answers
    assert exports.year_table(2026, "kementerian").rows


def test_a_question_that_no_other_year_knows_is_removed_and_its_code_is_free(staff):
    staff.post(f"{NEXT}/tambah", data=NEW)
    assert "Hapus pertanyaan" in staff.get(f"{NEXT}/pertanyaan/listrik_tenaga_surya").text
    assert staff.post(f"{NEXT}/pertanyaan/listrik_tenaga_surya/hapus").status_code == 303
    assert "listrik_tenaga_surya" not in asked().codes
    assert staff.post(f"{NEXT}/tambah", data=NEW).status_code == 303
    assert staff.post(f"{NEXT}/pertanyaan/aset/hapus").status_code == 409
    assert "aset" in asked().codes


def test_buttons_move_a_question_up_and_down(staff):
    page = staff.get(NEXT)
    assert staff.post(f"{NEXT}/urutan", data={"pindah": "aset:naik", "asal": seen(page)}).status_code == 303
    assert asked().codes[19:22] == ("modal_sendiri", "aset", "modal_luar")
    assert trail("edition.reordered").after == {"nomor": 21}
    late = staff.post(
        f"{NEXT}/urutan", data={"pindah": "aset:naik", "asal": seen(page)}, follow_redirects=True
    )
    assert "baru saja diubah orang lain" in late.text
    assert asked().codes[19:22] == ("modal_sendiri", "aset", "modal_luar")
    assert staff.post(f"{NEXT}/urutan", data={"pindah": "aset:miring"}).status_code == 404


def test_the_second_of_two_editors_is_told_and_keeps_what_was_typed(staff, client_as, make_user):
    other = client_as(make_user(Role.OPERATOR))
    mine = form_of(staff, "aset", label="Aset versi saya", bantuan="Bantuan saya")
    assert save(other, "aset", label="Aset versi teman").status_code == 303
    answer = staff.post(f"{NEXT}/pertanyaan/aset", data=mine)
    assert answer.status_code == 409
    for words in (
        "baru saja diubah orang lain",
        "Aset versi saya",
        "Bantuan saya",
        "Sekarang tersimpan: Aset versi teman",
    ):
        assert words in answer.text
    assert asked().by_code["aset"].label == "Aset versi teman"
    assert staff.post(f"{NEXT}/pertanyaan/aset", data=mine | {"asal": seen(answer)}).status_code == 303
    assert asked().by_code["aset"].label == "Aset versi saya"


def test_two_editors_of_different_questions_do_not_meet(staff, client_as, make_user):
    mine = form_of(staff, "shu", label="SHU bersih")
    save(client_as(make_user(Role.OPERATOR)), "aset", label="Jumlah aset", nomor="20")
    assert staff.post(f"{NEXT}/pertanyaan/shu", data=mine).status_code == 303
    assert asked().by_code["shu"].label == "SHU bersih"
    assert asked().by_code["aset"].label == "Jumlah aset"


def test_a_question_retired_under_an_editor_gives_back_what_was_typed(staff, client_as, make_user):
    mine = form_of(staff, "shu", label="SHU bersih sekali")
    client_as(make_user(Role.OPERATOR)).post(f"{NEXT}/pertanyaan/shu/pensiun", data={"setuju": "1"})
    answer = staff.post(f"{NEXT}/pertanyaan/shu", data=mine)
    assert answer.status_code == 409
    assert "SHU bersih sekali" in answer.text


def test_section_titles_and_intros_change(staff):
    page = staff.get(f"{NEXT}/bagian")
    form = dict(re.findall(r'name="(asal_\w+)" value="([^"]*)"', page.text))
    form = {name: html.unescape(value) for name, value in form.items()}
    sent = form | {name.removeprefix("asal_"): value for name, value in form.items()}
    assert staff.post(f"{NEXT}/bagian", data=sent | {"judul_2": ""}).status_code == 422
    done = staff.post(f"{NEXT}/bagian", data=sent | {"judul_2": "Orang", "pengantar_2": "Siapa saja."})
    assert done.status_code == 303
    assert asked().sections[1].title == "Orang"
    assert trail("edition.sections").after == {"bagian_2": "Orang – Siapa saja."}
    late = staff.post(f"{NEXT}/bagian", data=sent | {"judul_2": "Manusia"})
    assert late.status_code == 409
    assert 'value="Manusia"' in late.text
    assert "Sekarang tersimpan: Orang" in late.text


def test_a_frozen_edition_cannot_be_changed(staff, desk):
    desk.save(aset=1)
    page = staff.get(f"{HOME}/2025").text
    assert "Kuesioner ini dibekukan" in page
    assert "Susun kuesioner tahun buku 2026" in page
    assert 'name="pindah"' not in page
    for path in ("tambah", "bagian", "pertanyaan/aset"):
        assert staff.get(f"{HOME}/2025/{path}").status_code == 302
    before = asked(2025)
    tries = {
        "tambah": NEW, "pertanyaan/shu/pensiun": {"setuju": "1"}, "pertanyaan/shu/hapus": {},
        "urutan": {"pindah": "shu:naik"},
    }  # fmt: skip
    for path, data in tries.items():
        answer = staff.post(f"{HOME}/2025/{path}", data=data)
        assert answer.status_code in (409, 422), path
        assert "sudah dipakai" in answer.text
    assert asked(2025) == before


def test_a_deadline_of_the_running_year_moves_later_with_a_reason(staff):
    page = staff.get(f"{HOME}/2025/tanggal")
    data = {"asal": seen(page), "batas": "2026-05-31", "ditutup": "2026-12-31"}
    refused = staff.post(f"{HOME}/2025/tanggal", data=data)
    assert refused.status_code == 422
    assert "Tulis alasannya" in refused.text
    assert 'value="2026-05-31"' in refused.text
    assert staff.post(f"{HOME}/2025/tanggal", data=data | {"alasan": "Listrik padam"}).status_code == 303
    assert edition_of(2025).deadline == date(2026, 5, 31)
    entry = trail("edition.dates")
    assert entry.after == {"deadline": "2026-05-31", "reason": "Listrik padam"}
    late = staff.post(f"{HOME}/2025/tanggal", data=data | {"batas": "2026-06-30", "alasan": "Lagi"})
    assert late.status_code == 409


@pytest.mark.parametrize("typed_day", ["", "31-02-2027", "besok", "2025-01-01", "9999-12-31"])
def test_a_date_that_cannot_be_is_refused_beside_its_field(staff, typed_day):
    page = staff.get(f"{NEXT}/tanggal")
    answer = staff.post(f"{NEXT}/tanggal", data={"asal": seen(page), "ditutup": typed_day})
    assert answer.status_code == 422
    assert 'id="ditutup-error"' in answer.text


def test_a_form_put_off_by_staff_opens_on_their_day_and_not_before(staff, april, desk):
    page = staff.get(f"{NEXT}/tanggal")
    staff.post(f"{NEXT}/tanggal", data={"asal": seen(page), "dibuka": "2027-02-01"})
    april.move_to(datetime(2027, 1, 5, 2, tzinfo=UTC))
    with writing():
        services.ensure_editions(date(2027, 1, 5))
    assert db.session.scalars(select(Edition.published_at).where(Edition.year == 2026)).one() is None


def test_the_preview_shows_the_form_and_keeps_nothing(staff, desk, client_as):
    save(staff, "aset", label="Jumlah aset")
    page = staff.get(f"{NEXT}/pratinjau?bagian=4").text
    for words in ("Jumlah aset", 'name="volume_usaha"', "tidak ada yang disimpan", "as-phone"):
        assert words in page
    assert "as-phone" not in staff.get(f"{NEXT}/pratinjau?bagian=4&layar=lebar").text
    tried = staff.post(f"{NEXT}/pratinjau?bagian=4", data={"aset": "1.25", "modal_luar": "-5", "shu": "7"})
    assert tried.status_code == 200
    assert 'value="1.25"' in tried.text
    assert "bisa berarti" in tried.text
    assert "tidak boleh kurang dari" in tried.text
    used = staff.post(f"{NEXT}/pratinjau?bagian=4", data={"pakai": "aset"})
    assert 'value="713.750.000"' in used.text
    db.session.rollback()
    assert db.session.scalars(select(Report)).all() == []


def test_the_preview_draws_each_question_as_the_cooperative_will_see_it(staff, desk, april, client_as):
    preview = staff.get(f"{NEXT}/pratinjau?bagian=3&layar=lebar").text
    april.move_to(datetime(2027, 4, 10, 2, tzinfo=UTC))
    real = client_as(desk.member).get(f"/laporan/{desk.slug}/2026?bagian=3").text
    parts = re.compile(r'id="q-(\w+)"')
    assert parts.findall(preview) == parts.findall(real)
    question = re.compile(r'<div class="question-text">.*?</div>', re.DOTALL)
    assert question.findall(preview) == question.findall(real)


def test_the_comparison_tells_what_was_added_retired_and_changed(staff):
    staff.post(f"{NEXT}/tambah", data=NEW)
    save(staff, "aset", label="Jumlah aset")
    staff.post(f"{NEXT}/pertanyaan/jumlah_manajer/pensiun", data={"setuju": "1"})
    page = staff.get(f"{NEXT}/banding").text
    for words in (
        "Ditambahkan",
        "Listrik tenaga surya",
        "Jumlah manajer",
        ">Aset<",
        ">Jumlah aset<",
        "berganti nomor",
    ):
        assert words in page
    assert staff.get(f"{HOME}/2025/banding").status_code == 200


def test_publishing_names_what_happens_first(staff, desk, make_cooperative):
    make_cooperative(dissolved_on=date(2020, 1, 1), dissolved_decree="1/2020")
    staff.post(f"{NEXT}/tambah", data=NEW | {"bagian": "1", "nomor": "1"})
    page = staff.get(f"{NEXT}/terbitkan")
    for words in (
        "mulai 1 Januari 2027",
        "1 koperasi diminta mengisinya",
        "Nomor pertanyaan berubah",
        "Listrik tenaga surya",
    ):
        assert words in page.text
    mark = seen(page)
    save(staff, "aset", label="Jumlah aset")
    late = staff.post(f"{NEXT}/terbitkan", data={"asal": mark})
    assert late.status_code == 409
    assert edition_of(2026).published_at is None
    assert staff.post(f"{NEXT}/terbitkan", data={"asal": seen(late)}).status_code == 303
    db.session.rollback()
    assert edition_of(2026).published_at is not None
    assert "Terbit" in staff.get(NEXT).text
    assert trail("edition.published").subject_name == "Kuesioner 2026"
    assert "sudah terbit" in staff.get(f"{NEXT}/terbitkan").text


def test_an_empty_site_begins_with_the_standard_questions(client_as, make_user, april):
    browser = client_as(make_user(Role.OPERATOR))
    assert "Buat kuesioner pertama" in browser.get(HOME).text
    assert browser.post(f"{HOME}/mulai").status_code == 303
    assert len(asked(2025).questions) == 24
