"""The form without a network: set up with a PIN, filled in anywhere, sent once.

All names and figures are invented.
"""

import json
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from playwright.sync_api import Page, expect

from app.questionnaire.queries import changes_since
from tests.factories import PASSWORD
from tests.support.browser import DESK, PHONE, PLAIN_HOST, watched_page
from tests.support.drafting import eventually, saved, status
from tests.support.journey import Manager
from tests.support.offline import (
    all_lies_on_the_phone,
    everything_kept,
    opened_browser,
    section,
    the_page,
    unlocks,
)

MALANG = ZoneInfo("Asia/Jakarta")
NO_SHELL = (
    "async () => !localStorage.length && !(await caches.keys()).some((one) => one.startsWith('shell-'))"
)
PEOPLE = {
    "nama_pengelola": "Wulan Rekaan",
    "telepon_kantor": "0341-5550123",
    "nama_ketua": "Ratna Rekaan",
    "telepon_ketua": "0812-5550-1234",
    "bentuk_koperasi": "Primer Kabupaten/Kota",
    "jenis_koperasi": "Konsumen",
    "kelompok_koperasi": "Kop. Serba Usaha",
}
MEMBERS = {
    "anggota_pria": "41",
    "anggota_wanita": "62",
    "jumlah_karyawan": "5",
    "jumlah_manajer": "1",
    "tanggal_rat": f"{datetime.now(MALANG).year}-01-01",
    "status_rat": "Sudah RAT",
}
FINANCES = {
    "modal_sendiri": "411.000.000",
    "modal_luar": "103.000.000",
    "aset": "514.000.000",
    "volume_usaha": "9.120.000.000",
    "shu": "26.500.000",
}


def test_a_report_typed_without_a_network_and_across_a_closed_browser_arrives_once(
    site, draft, sets_up, browser, tmp_path
):
    profile = tmp_path / "profile"
    with opened_browser(browser, profile, site.url) as context:
        ani = sets_up(the_page(context))
        ani.press("Lanjut")
        section(ani, 2)
        status(ani.page, "Semua sudah sampai di kantor")
        version = draft.report().version

        context.set_offline(True)
        ani.answers(PEOPLE)
        status(ani.page, "jawaban masih di ponsel ini saja")
        ani.press("Lanjut").shows_last_year("jumlah_anggota", "100").answers(MEMBERS)
        expect(ani.page.locator("#jumlah_anggota")).to_have_text("103")
        ani.sees("Tidak ada internet.")
        all_lies_on_the_phone(ani.page)
        assert draft.report().version == version, "nothing has arrived yet"

    with opened_browser(browser, profile, site.url) as context:
        context.set_offline(True)
        ani = unlocks(Manager(the_page(context)).open(draft.section(4)))
        ani.sees_title("Isi tanpa internet").shows_last_year("aset", "Rp500.000.000")
        ani.answers(FINANCES | {"aset": "514.000"}).sees("Apakah angka ini dalam ribu rupiah?")
        ani.press("Ubah menjadi Rp514.000.000").holds({"aset": "514.000.000"})
        ani.sees("kira-kira sepuluh kali lipat").tick("Angkanya benar: usaha memang naik")
        ani.press("Periksa jawaban").sees("Tidak ada internet.")
        section(ani, 4)

        context.set_offline(False)  # the browser was closed, so the session is over
        ani.sees("Sesi Anda sudah berakhir.")
        with context.expect_page() as opened:
            ani.press("Masuk di jendela baru")
        opened.value.wait_for_load_state()  # what is typed before that may be lost
        again = Manager(opened.value).fill("Surel atau nomor telepon", draft.ani.email)
        again.fill("Sandi", PASSWORD).press("Masuk")
        opened.value.wait_for_url(re.compile(r"^[^?]*/luring"))  # there, not on the way: ?next= names it too
        opened.value.close()
        ani.page.evaluate("window.dispatchEvent(new Event('focus'))")
        status(ani.page, "Semua sudah sampai di kantor")
        ani.press("Periksa jawaban").sees_title("Periksa jawaban")
        ani.declares("Ratna Rekaan", "Ketua").sees_title(f"Laporan {draft.year} sudah kami terima")
        expect_nothing_kept(ani.page, draft)

    report = draft.report()
    assert report.status == "submitted"
    kept = report.answers
    assert (kept["nama_ketua"], kept["telepon_ketua"]) == ("Ratna Rekaan", "+6281255501234")
    assert (kept["jumlah_anggota"], kept["aset"], kept["shu"]) == (103, 514_000_000, 26_500_000)
    assert kept["volume_usaha_alasan"].startswith("Angkanya benar")
    assert kept["alamat"] == "Jalan Uji Coba 1", "what the office proposed was seen, and is taken over"
    seen = [(one.field, json.dumps(one.after)) for one in changes_since(report, 0)]
    assert len(seen) == len(set(seen)), "no field was changed twice to the same value"


def expect_nothing_kept(page: Page, draft) -> None:
    eventually(lambda: page.evaluate(NO_SHELL))
    assert draft.slug not in everything_kept(page)


def test_without_a_network_the_beginning_leads_to_the_form_and_a_lost_page_comes_back(
    draft, sets_up, open_page
):
    page = open_page(PHONE)
    sets_up(page)
    page.context.set_offline(True)
    for address in ("/laporan", draft.form, f"{draft.form}/periksa", f"{draft.form}/luring"):
        page.goto(address)
        Manager(page).sees("Formulir ini tersimpan di ponsel ini, terkunci.")


def test_two_answers_to_one_question_are_both_shown_and_the_person_chooses(
    draft, sets_up, workshop, open_page
):
    page = open_page(PHONE)
    ani = sets_up(page).press("Lanjut")
    status(ani.page, "Semua sudah sampai di kantor")
    page.context.set_offline(True)
    ani.answers({"nama_ketua": "Ratna dari Ponsel"})
    page.locator("#nama_ketua").blur()
    status(ani.page, "jawaban masih di ponsel ini saja")

    at_desk = open_page(DESK)
    workshop.sign_in(at_desk, draft.ani)
    desk = Manager(at_desk).open(draft.section(2))
    desk.answers({"nama_ketua": "Ratna dari Meja"}).press("Simpan").sees("Tersimpan")
    page.context.set_offline(False)
    ani.sees("Ratna dari Ponsel", "Ratna dari Meja", "pilih isian yang benar").is_sound()
    status(ani.page, "Satu jawaban masih di ponsel ini saja")
    page.reload()
    unlocks(ani).sees("Ratna dari Ponsel", "Ratna dari Meja")
    ani.tick("Isian Anda").press("Pakai yang dipilih")
    expect(page.locator("#nama_ketua")).to_have_value("Ratna dari Ponsel")
    status(ani.page, "Semua sudah sampai di kantor")
    assert draft.answers()["nama_ketua"] == "Ratna dari Ponsel"


def test_a_form_that_does_not_go_offline_loads_nothing_of_it(draft, workshop, phone):
    page, ani = phone, Manager(phone)
    workshop.sign_in(page, draft.ani)
    loaded: list[tuple[str, int]] = []
    page.on("requestfinished", lambda one: loaded.append((one.url, one.sizes()["responseBodySize"])))
    ani.open(draft.section(1)).sees_title("Identitas")
    expect(page.get_by_role("link", name="Isi tanpa internet")).to_be_visible()
    page.wait_for_load_state("networkidle")
    ours = {
        url.rpartition("/")[2]: size
        for url, size in loaded
        if re.search(r"/(offline|draft|sw)[\w.]*\.js", url)
    }
    assert [name.split(".")[0] for name in ours] == ["offline"]
    part = page.locator("[data-offline]").evaluate("one => one.outerHTML")
    assert sum(ours.values()) + len(part) <= 2048


def test_on_plain_http_the_form_says_so_and_saves_to_the_office_only(site, draft, workshop, browser):
    host = site.url.replace("127.0.0.1", PLAIN_HOST)
    with watched_page(browser, host, **PHONE) as page:
        workshop.sign_in(page, draft.ani, address=host)
        ani = Manager(page).open(draft.section(1))
        ani.sees("Di jaringan ini (tanpa https) isian tidak bisa disimpan di ponsel.").is_sound()
        expect(page.get_by_role("link", name="Isi tanpa internet")).to_be_hidden()
        ani.answers({"alamat": "Jalan Kantor 9"})
        saved(page)
        ani.open(f"{draft.form}/luring").sees("Ponsel ini tidak bisa menyimpan formulir").is_sound()
        assert page.evaluate("async () => (await indexedDB.databases()).length + localStorage.length") == 0
    assert draft.answers()["alamat"] == "Jalan Kantor 9"
