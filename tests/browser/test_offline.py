"""The form without a network: set up with a PIN, filled in anywhere, sent once, closed to everybody else.

All names and figures are invented.
"""

import base64
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.factory import create_app
from app.questionnaire import services
from app.questionnaire.queries import changes_since, reports_of
from tests.factories import PASSWORD, Factories
from tests.support.answers import sound
from tests.support.browser import DESK, FLAGS, PHONE, axe_violations, find_chromium
from tests.support.journey import Manager
from tests.support.site import running_site

PIN, WRONG = "271828", "314159"
pytestmark = pytest.mark.faults

YEAR = datetime.now(UTC).year - 1
COOPERATIVE, SLUG = "Koperasi Teratai Uji", "teratai-uji"
ANI, BUDI = "ani@uji.example", "budi@uji.example"
# What Chromium says of a link that is cut, and of a header that means nothing on plain http.
EXPECTED = ("Failed to load resource", "The Cross-Origin-Opener-Policy header has been ignored")
FORM = f"/laporan/{SLUG}/{YEAR}"
OFFLINE = f"{FORM}/luring"
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
    "tanggal_rat": f"{YEAR + 1}-01-01",
    "status_rat": "Sudah RAT",
}
FINANCES = {
    "modal_sendiri": "411.000.000",
    "modal_luar": "103.000.000",
    "aset": "514.000.000",
    "volume_usaha": "9.120.000.000",
    "shu": "26.500.000",
}


@pytest.fixture
def office(site):
    """A cooperative with a member, a report of the year before, and a second person who has nothing to do with it."""
    url = site.environment["SIMPUL_DATABASE_URL"]
    app = create_app({"INSTANCE": str(site.instance), "DATABASE_URL": url})
    with app.app_context():
        made = Factories()
        cooperative = made.cooperative(nama_koperasi=COOPERATIVE, slug=SLUG)
        ani = made.user(Role.COOPERATIVE, name="Ani Rekaan", email=ANI)
        made.user(Role.COOPERATIVE, name="Budi Rekaan", email=BUDI)
        made.membership(ani, cooperative)
        with writing():
            services.import_report(cooperative, year=YEAR - 1, answers=sound(tanggal_rat=f"{YEAR}-03-14"))

        def report():
            db.session.rollback()
            return reports_of(cooperative)[0]

        yield report
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def site(databases, tmp_path):
    """An empty site for each test."""
    with databases.fresh() as url, running_site(tmp_path, url, "--empty") as started:
        yield started


@contextmanager
def opened_browser(browser, folder, address, **options) -> Iterator[BrowserContext]:
    """A browser whose profile lies in ``folder``: what it keeps is there when it is opened again. No fault may be on its console."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*FLAGS, *(["--no-sandbox"] if as_root else []), *options.pop("flags", ())]
    context = browser.browser_type.launch_persistent_context(
        str(folder), executable_path=find_chromium(), args=flags, base_url=address, locale="id-ID", timezone_id="Asia/Jakarta", **PHONE | options
    )  # fmt: skip
    context.set_default_timeout(10_000)
    wrong: list[str] = []
    context.on(
        "console",
        lambda said: (
            wrong.append(said.text) if said.type == "error" and not said.text.startswith(EXPECTED) else None
        ),
    )
    context.on("weberror", lambda error: wrong.append(str(error.error)))
    try:
        yield context
    finally:
        context.close()
    assert not wrong, "\n".join(wrong)


def the_page(context: BrowserContext) -> Page:
    return context.pages[0] if context.pages else context.new_page()


def sets_up(person: Manager) -> Manager:
    """From the ordinary form, by the way that it offers."""
    person.open(f"{FORM}?bagian=1").press("Isi tanpa internet")
    person.fill("Buat PIN, 6 angka", PIN).fill("Ketik PIN itu sekali lagi", PIN)
    person.press("Simpan formulir di ponsel ini")
    expect(person.page.locator("#judul-1")).to_be_visible()
    return person


def unlocks(person: Manager, pin: str = PIN) -> Manager:
    return person.fill("PIN, 6 angka", pin).press("Buka")


def status(person: Manager, words: str) -> None:
    expect(person.page.locator(".actionbar-status")).to_contain_text(words, timeout=15_000)


def section(person: Manager, number: int) -> None:
    expect(person.page.locator(f"#judul-{number}")).to_be_visible()


def everything_kept(page: Page) -> str:
    """All that the site has on this device, as text: databases, caches, storage."""
    kept = page.evaluate("""async () => {
      const show = (value) => value instanceof ArrayBuffer ? new TextDecoder("latin1").decode(value)
        : ArrayBuffer.isView(value) ? new TextDecoder("latin1").decode(value)
        : Array.isArray(value) ? value.map(show)
        : value && typeof value === "object" ? Object.fromEntries(Object.entries(value).map(([k, v]) => [k, show(v)])) : value;
      const found = [JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
      for (const { name } of await indexedDB.databases()) {
        const database = await new Promise((done) => { const asked = indexedDB.open(name); asked.onsuccess = () => done(asked.result); });
        for (const store of database.objectStoreNames) {
          const all = database.transaction(store).objectStore(store).getAll();
          await new Promise((done) => { all.onsuccess = done; });
          found.push(...all.result.map((one) => JSON.stringify(show(one))));
        }
        database.close();
      }
      for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
          const answer = await (await cache.match(request)).text();
          found.push(`${name} ${request.url} ${/static|kuesioner/.test(request.url) ? "" : answer}`);
        }
      }
      return found.join("\\n");
    }""")
    return str(kept)


def test_a_report_typed_without_a_network_and_across_a_closed_browser_arrives_once(
    site, office, browser, tmp_path
):
    profile = tmp_path / "profile"
    with opened_browser(browser, profile, site.url) as context:
        ani = sets_up(Manager(the_page(context)).signs_in(ANI, PASSWORD))
        ani.press("Lanjut")
        section(ani, 2)
        status(ani, "Semua sudah sampai di kantor")
        version = office().version

        context.set_offline(True)
        ani.answers(PEOPLE)
        status(ani, "jawaban masih di ponsel ini saja")
        ani.press("Lanjut").shows_last_year("jumlah_anggota", "100").answers(MEMBERS)
        expect(ani.page.locator("#jumlah_anggota")).to_have_text("103")
        ani.sees("Tidak ada internet.")
        assert office().version == version, "nothing has arrived yet"

    with opened_browser(browser, profile, site.url) as context:
        context.set_offline(True)
        ani = unlocks(Manager(the_page(context)).open(f"{FORM}?bagian=4"))
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
        Manager(opened.value).fill("Surel atau nomor telepon", ANI).fill("Sandi", PASSWORD).press("Masuk")
        opened.value.wait_for_url(re.compile("/luring"))
        opened.value.close()
        ani.page.evaluate("window.dispatchEvent(new Event('focus'))")
        status(ani, "Semua sudah sampai di kantor")
        ani.press("Periksa jawaban").sees_title("Periksa jawaban")
        ani.declares("Ratna Rekaan", "Ketua").sees_title(f"Laporan {YEAR} sudah kami terima")
        expect_nothing_kept(ani.page)

    report = office()
    assert report.status == "submitted"
    kept = report.answers
    assert (kept["nama_ketua"], kept["telepon_ketua"]) == ("Ratna Rekaan", "+6281255501234")
    assert (kept["jumlah_anggota"], kept["aset"], kept["shu"]) == (103, 514_000_000, 26_500_000)
    assert kept["volume_usaha_alasan"].startswith("Angkanya benar")
    assert kept["alamat"] == "Jalan Uji Coba 1", "what the office proposed was seen, and is taken over"
    saved_once(office)


def saved_once(office) -> None:
    """No field was changed twice to the same value."""
    seen = [(one.field, json.dumps(one.after)) for one in changes_since(office(), 0)]
    assert len(seen) == len(set(seen))


def expect_nothing_kept(page: Page) -> None:
    page.wait_for_load_state("networkidle")
    for _ in range(50):
        kept = page.evaluate("async () => (await caches.keys()).length + Object.keys(localStorage).length")
        if not kept:
            break
        page.wait_for_timeout(100)
    left = everything_kept(page)
    assert SLUG not in left, left


def test_what_lies_on_the_phone_is_sealed_and_opens_only_with_the_pin(site, office, open_page):
    page = open_page(PHONE)
    ani = sets_up(Manager(page).signs_in(ANI, PASSWORD))
    page.context.set_offline(True)
    ani.answers({"alamat": "Jalan Rahasia Sekali 77"})
    status(ani, "Satu jawaban masih di ponsel ini saja")

    kept = everything_kept(page)
    assert f"{SLUG}/{YEAR}" in kept
    for secret in (
        "Rahasia",
        "Jalan Uji",
        "500.000.000",
        "500000000",
        "400000000",
        "Cempaka",
        "Ani Rekaan",
        PIN,
    ):
        assert secret not in kept, secret
        assert base64.b64encode(secret.encode()).decode().rstrip("=")[:-1] not in kept

    page.reload()
    ani.sees("Ada jawaban yang belum sampai di kantor.")
    unlocks(ani, WRONG).sees("PIN salah. Sisa 4 percobaan")
    assert not axe_violations(page)
    for left in (3, 2, 1):
        unlocks(ani, WRONG).sees(f"Sisa {left} percobaan")
    unlocks(ani, WRONG).sees("PIN salah terlalu sering. Coba lagi pukul")
    unlocks(ani).sees("PIN salah terlalu sering.")  # the right one, too soon
    expect(page.locator("#alamat")).to_be_hidden()
    page.clock.install()
    page.clock.fast_forward(61_000)
    unlocks(ani)
    expect(page.locator("#alamat")).to_have_value("Jalan Rahasia Sekali 77")
    page.context.set_offline(False)
    status(ani, "Semua sudah sampai di kantor")
    assert office().answers["alamat"] == "Jalan Rahasia Sekali 77"


def test_a_pin_that_anybody_would_try_is_refused_and_the_ordinary_form_stays_open(site, office, open_page):
    page = open_page(PHONE)
    ani = Manager(page).signs_in(ANI, PASSWORD).open(f"{FORM}?bagian=1").press("Isi tanpa internet")
    ani.sees("Buat PIN, 6 angka").is_sound()
    for pin, says in (
        ("123456", "terlalu mudah"),
        ("777777", "terlalu mudah"),
        ("12345", "PIN harus 6 angka."),
    ):
        ani.fill("Buat PIN, 6 angka", pin).fill("Ketik PIN itu sekali lagi", pin)
        ani.press("Simpan formulir di ponsel ini").sees(says)
    ani.fill("Buat PIN, 6 angka", PIN).press("Simpan formulir di ponsel ini").sees("Tidak sama")
    ani.is_sound().press("Isi di formulir biasa").sees_title("Identitas")
    assert SLUG not in everything_kept(page)


def test_another_person_on_the_same_phone_sees_nothing(site, office, open_page):
    page = open_page(PHONE)
    ani = sets_up(Manager(page).signs_in(ANI, PASSWORD))
    page.context.set_offline(True)
    ani.answers({"alamat": "Jalan Belum Sampai 5"})
    status(ani, "Satu jawaban")
    page.context.set_offline(False)
    page.route("**/simpan", lambda route: route.abort())  # the link is too weak for it
    page.goto("/akun")
    ani.signs_out()
    assert page.evaluate("async () => (await caches.keys()).filter((one) => one.startsWith('shell-'))") == []
    Manager(page).signs_in(BUDI, PASSWORD)
    assert page.request.get(OFFLINE).status == 404
    assert "Belum Sampai" not in everything_kept(page)
    page.context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(FORM)
    page.context.set_offline(False)

    Manager(page).open("/akun").signs_out()
    page.unroute("**/simpan")
    ani.signs_in(ANI, PASSWORD).open(f"{FORM}?bagian=1").sees(
        "Formulir ini tersimpan di ponsel ini, terkunci."
    )
    unlocks(ani)
    status(ani, "Semua sudah sampai di kantor")
    assert office().answers["alamat"] == "Jalan Belum Sampai 5"


def test_signing_out_takes_what_has_arrived_off_the_phone(site, office, open_page):
    page = open_page(PHONE)
    ani = sets_up(Manager(page).signs_in(ANI, PASSWORD)).answers({"alamat": "Jalan Sampai 5"})
    status(ani, "Semua sudah sampai di kantor")
    ani.signs_out()
    page.wait_for_timeout(300)
    left = everything_kept(page)
    assert '"of":"' not in left
    assert "/luring" not in left
    ani.signs_in(ANI, PASSWORD).open(f"{FORM}?bagian=1").sees_title("Identitas").holds(
        {"alamat": "Jalan Sampai 5"}
    )


def test_the_form_can_be_taken_off_the_phone(site, office, open_page):
    page = open_page(DESK)
    ani = sets_up(Manager(page).signs_in(ANI, PASSWORD))
    ani.is_sound().press("Hapus dari ponsel ini").sees("Hapus formulir ini dari ponsel?")
    assert not axe_violations(page)
    ani.press("Hapus dari ponsel ini", page.locator("dialog")).sees_title("Identitas")
    assert SLUG not in everything_kept(page)
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0


def test_without_a_network_the_beginning_leads_to_the_form_and_a_lost_page_comes_back(
    site, office, open_page
):
    page = open_page(PHONE)
    sets_up(Manager(page).signs_in(ANI, PASSWORD))
    page.context.set_offline(True)
    for address in ("/laporan", FORM, f"{FORM}/periksa", OFFLINE):
        page.goto(address)
        Manager(page).sees("Formulir ini tersimpan di ponsel ini, terkunci.")


def test_two_answers_to_one_question_are_both_shown_and_the_person_chooses(site, office, open_page):
    page = open_page(PHONE)
    ani = sets_up(Manager(page).signs_in(ANI, PASSWORD)).press("Lanjut")
    status(ani, "Semua sudah sampai di kantor")
    page.context.set_offline(True)
    ani.answers({"nama_ketua": "Ratna dari Ponsel"})
    page.locator("#nama_ketua").blur()
    status(ani, "jawaban masih di ponsel ini saja")

    desk = Manager(open_page(DESK)).signs_in(ANI, PASSWORD).open(f"{FORM}?bagian=2")
    desk.answers({"nama_ketua": "Ratna dari Meja"}).press("Simpan").sees("Tersimpan")
    page.context.set_offline(False)
    ani.sees("Ratna dari Ponsel", "Ratna dari Meja", "pilih isian yang benar").is_sound()
    status(ani, "Satu jawaban masih di ponsel ini saja")
    page.reload()
    unlocks(ani).sees("Ratna dari Ponsel", "Ratna dari Meja")
    ani.tick("Isian Anda").press("Pakai yang dipilih")
    expect(page.locator("#nama_ketua")).to_have_value("Ratna dari Ponsel")
    status(ani, "Semua sudah sampai di kantor")
    assert office().answers["nama_ketua"] == "Ratna dari Ponsel"


def test_a_form_that_does_not_go_offline_loads_nothing_of_it(site, office, open_page):
    page = open_page(PHONE)
    ani = Manager(page).signs_in(ANI, PASSWORD)
    loaded: list[tuple[str, int]] = []
    page.on("requestfinished", lambda one: loaded.append((one.url, one.sizes()["responseBodySize"])))
    ani.open(f"{FORM}?bagian=1").sees_title("Identitas")
    page.wait_for_load_state("networkidle")
    ours = {
        url.rpartition("/")[2]: size
        for url, size in loaded
        if re.search(r"/(offline|draft|sw)[\w.]*\.js", url)
    }
    assert [name.split(".")[0] for name in ours] == ["offline"]
    part = page.locator("[data-offline]").evaluate("one => one.outerHTML")
    assert sum(ours.values()) + len(part) <= 2048


def test_on_plain_http_the_form_says_so_and_saves_to_the_office_only(site, office, browser, tmp_path):
    host = site.url.replace("127.0.0.1", "simpul.kantor.example")
    flags = ["--host-resolver-rules=MAP simpul.kantor.example 127.0.0.1"]
    with opened_browser(browser, tmp_path / "plain", host, flags=flags) as context:
        page = the_page(context)
        ani = Manager(page).signs_in(ANI, PASSWORD).open(f"{FORM}?bagian=1")
        ani.sees("Di jaringan ini (tanpa https) isian tidak bisa disimpan di ponsel.").is_sound()
        expect(page.get_by_role("link", name="Isi tanpa internet")).to_be_hidden()
        ani.answers({"alamat": "Jalan Kantor 9"})
        page.locator("#alamat").blur()
        status(ani, "Tersimpan")
        ani.open(OFFLINE).sees("Ponsel ini tidak bisa menyimpan formulir").is_sound()
        assert page.evaluate("async () => (await indexedDB.databases()).length + localStorage.length") == 0
    assert office().answers["alamat"] == "Jalan Kantor 9"
