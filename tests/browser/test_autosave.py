"""Nothing typed is lost: the server killed again and again, two browsers on one draft, a sign-in that has ended.

All names and figures are invented.
"""

import json
import random
import threading
import time
from collections import Counter
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from app.core.access import Role
from app.core.extensions import db
from app.factory import create_app
from app.questionnaire.models import AnswerChange, Report, ReportSave
from tests.factories import PASSWORD, Factories
from tests.support.browser import DESK, PHONE, axe_violations
from tests.support.journey import Manager
from tests.support.site import running_site, wait_until_healthy

pytestmark = pytest.mark.faults

YEAR = date.today().year - 1  # noqa: DTZ011 - the site's own day decides, and is never a year away
SLUG = "teratai-uji"
ANI, BUDI = "ani@uji.example", "budi@uji.example"
FINANCES = f"/laporan/{SLUG}/{YEAR}?bagian=4"
FIGURES = ("modal_sendiri", "modal_luar", "aset", "volume_usaha", "shu")


@pytest.fixture
def site(databases, tmp_path):
    """An empty site for each test."""
    with databases.fresh() as url, running_site(tmp_path, url, "--empty") as started:
        yield started


@pytest.fixture
def office(site):
    """A cooperative with two members; gives the application, to look into the database."""
    app = create_app(
        {"INSTANCE": str(site.instance), "DATABASE_URL": site.environment["SIMPUL_DATABASE_URL"]}
    )
    with app.app_context():
        made = Factories()
        cooperative = made.cooperative(nama_koperasi="Koperasi Teratai Uji", slug=SLUG)
        for name, email in (("Ani Rekaan", ANI), ("Budi Rekaan", BUDI)):
            made.membership(made.user(Role.COOPERATIVE, name=name, email=email), cooperative)
        yield app
        db.session.remove()
        db.engine.dispose()


def answers() -> dict[str, object]:
    """What the database holds now."""
    db.session.rollback()
    report = db.session.scalars(select(Report)).one_or_none()
    return dict(report.answers) if report else {}


def status(page: Page, words: str) -> None:
    expect(page.locator(".actionbar-status")).to_contain_text(words, timeout=15_000)


def fills_in(page: Page, email: str) -> Manager:
    """Somebody at the figures, on a page that has begun to save by itself."""
    person = Manager(page).signs_in(email, PASSWORD).open(FINANCES)
    expect(page.locator("input[name=baru]")).to_be_attached()
    return person


def saved(page: Page) -> None:
    """All that was typed has arrived."""
    page.evaluate("document.activeElement.blur()")
    status(page, "Tersimpan")
    expect(page.locator(".actionbar-status .saved")).to_be_visible()


class PowerCuts(threading.Thread):
    """Kills the server ``kills`` times, at a moment that nobody knows around a save (``sent`` is set when one goes out), and
    starts it again on the same port."""

    def __init__(self, site, seed, kills):
        super().__init__(daemon=True)
        self.site, self.chance, self.problem, self.kills = site, random.Random(seed), None, kills
        self.sent = threading.Event()

    def run(self):
        try:
            for _ in range(self.kills):
                self.sent.clear()
                self.sent.wait(timeout=5)
                time.sleep(self.chance.uniform(0.0, 0.1))
                self.site.server.kill()
                self.site.server.start()
                wait_until_healthy(self.site)
        except BaseException as problem:
            self.problem = problem


@pytest.mark.timeout(600)
def test_power_cuts_while_somebody_types_lose_nothing_and_double_nothing(
    site, office, open_page, pytestconfig
):
    page = open_page(DESK)
    fills_in(page, ANI)
    acknowledged: list[dict] = []

    def on_response(response):
        if "/simpan" in response.url and response.request.method == "POST" and response.status == 200:
            acknowledged.append(json.loads(response.request.post_data))

    page.wait_for_load_state("networkidle")
    chance, cuts = random.Random(5), PowerCuts(site, 7, pytestconfig.getoption("--kills"))
    page.on("response", on_response)
    page.on("request", lambda request: "/simpan" in request.url and cuts.sent.set())
    typed: dict[str, str] = {}
    cuts.start()
    figure = 1000
    while cuts.is_alive():
        figure += 1
        name = chance.choice(FIGURES)
        page.locator(f"#{name}").fill(str(figure))  # each figure once, so that one kept twice is seen
        typed[name] = str(figure)
        page.wait_for_timeout(chance.uniform(5, 120))
    assert cuts.problem is None, cuts.problem
    saved(page)
    expect(page.locator(".save-alert")).to_be_empty()

    assert {name: str(answers()[name]) for name in typed} == typed
    changes = db.session.scalars(select(AnswerChange).order_by(AnswerChange.id)).all()
    kept = Counter((change.field, change.after) for change in changes)
    assert max(kept.values()) == 1, kept.most_common(3)
    ids = db.session.scalars(select(ReportSave.save_id)).all()
    assert {one["id"] for one in acknowledged} <= set(ids)
    for one in acknowledged:
        lost = [(name, text) for name, text in one["fields"].items() if name in FIGURES and text]
        assert all(kept[name, int(text.replace(".", ""))] == 1 for name, text in lost), one
    assert len(acknowledged) >= cuts.kills / 5  # else this has shown little
    print(
        f"{cuts.kills} kills, {figure - 1000} figures typed, {len(acknowledged)} saves acknowledged, {len(ids)} kept"
    )


def test_two_browsers_on_one_draft_see_both_values_and_choose(office, open_page):
    ani, budi = open_page(PHONE), open_page(DESK)
    fills_in(ani, ANI)
    fills_in(budi, BUDI)
    for name, figure in (("aset", "5.000.000"), ("shu", "900.000"), ("modal_luar", "2.000.000")):
        ani.locator(f"#{name}").fill(figure)
    saved(ani)

    budi.locator("#aset").fill("7.000.000")
    budi.locator("#modal_luar").fill("3.000.000")
    expect(budi.locator("#pilih_aset")).to_be_visible()
    budi.locator("#volume_usaha").focus()
    expect(budi.locator("#pilih_modal_luar")).to_be_visible()
    expect(budi.locator("#shu")).to_have_value("900.000")  # what Ani typed stands here too by now
    choice = budi.locator("#q-aset")
    expect(choice).to_contain_text("Rp7.000.000")
    expect(choice).to_contain_text("Rp5.000.000")
    expect(choice).to_contain_text("Ani Rekaan")
    expect(budi.get_by_role("alert")).to_have_text(
        "Aset: pilih isian yang benar. Modal luar: pilih isian yang benar."
    )
    assert not (found := axe_violations(budi)), "\n".join(found)
    assert answers()["aset"] == 5_000_000

    budi.locator("#pilih_aset").focus()  # by keyboard alone
    budi.keyboard.press("Space")
    budi.keyboard.press("Tab")
    budi.keyboard.press("Enter")
    expect(budi.locator("#aset")).to_have_value("7.000.000")
    expect(budi.locator("#aset")).to_be_focused()
    Manager(budi).tick("Yang sudah tersimpan").press("Pakai yang dipilih")
    expect(budi.locator("#modal_luar")).to_have_value("2.000.000")
    expect(budi.get_by_role("alert").filter(has_text="pilih")).to_have_count(0)
    saved(budi)
    assert answers() == {"aset": 7_000_000, "shu": 900_000, "modal_luar": 2_000_000}

    budi.locator("#aset").fill("8.000.000")
    saved(budi)
    assert answers()["aset"] == 8_000_000


def test_the_network_gone_is_said_aloud_and_nothing_is_lost(office, open_page):
    page = open_page(PHONE)
    fills_in(page, ANI)
    page.context.set_offline(True)
    page.locator("#aset").fill("5.000.000")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Belum tersimpan: tidak ada sambungan ke server.")
    status(page, "Belum tersimpan")
    assert not (found := axe_violations(page)), "\n".join(found)
    page.locator("#shu").fill("700.000")
    page.locator("button[value=simpan]").last.click()  # leads nowhere now: the page stays as it is
    expect(page.locator("#shu")).to_have_value("700.000")
    page.context.set_offline(False)
    saved(page)
    expect(alert).to_be_empty()
    assert answers() == {"aset": 5_000_000, "shu": 700_000}


def test_a_page_that_is_closed_in_the_middle_of_a_word_has_sent_it(office, open_page):
    page = open_page(DESK)
    fills_in(page, ANI)
    page.locator("#aset").press_sequentially("5000000", delay=5)
    page.locator("#shu").press_sequentially("700000", delay=5)
    page.goto("/laporan")
    Manager(page).open(FINANCES).holds({"aset": "5.000.000", "shu": "700.000"})


@pytest.fixture
def anybody(browser, site):
    """``anybody(script)``: a page that may be refused things without that being a fault."""
    opened = []

    def open_one(script=True):
        context = browser.new_context(base_url=site.url, locale="id-ID", java_script_enabled=script, **PHONE)
        context.set_default_timeout(10_000)
        opened.append(context)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()


def test_a_sign_in_that_ended_keeps_the_page_and_sends_it_after_signing_in_again(office, anybody):
    page = anybody()
    fills_in(page, ANI)
    page.context.clear_cookies(name="simpul")
    page.locator("#aset").fill("5.000.000")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text(
        "Sesi Anda sudah berakhir. Masuk lagi; isian Anda masih ada di halaman ini."
    )
    with page.context.expect_page() as opened:
        alert.get_by_role("link", name="Masuk di jendela baru").click()
    again = Manager(opened.value).fill("Surel atau nomor telepon", ANI).fill("Sandi", PASSWORD)
    again.press("Masuk").sees_title("Identitas")
    opened.value.close()
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    saved(page)
    expect(alert).to_be_empty()
    assert answers() == {"aset": 5_000_000}
    page.locator("button[value=simpan]").last.click()  # with the new token
    expect(page.locator("#aset")).to_have_value("5.000.000")


def test_what_one_person_typed_is_not_saved_by_the_next_who_signs_in_there(office, anybody):
    page = anybody()
    fills_in(page, ANI)
    page.context.clear_cookies()
    page.locator("#aset").fill("5.000.000")
    expect(page.get_by_role("alert")).to_contain_text("Sesi Anda sudah berakhir")
    other = page.context.new_page()
    Manager(other).signs_in(BUDI, PASSWORD)
    page.evaluate("window.dispatchEvent(new Event('focus'))")
    expect(page.get_by_role("alert")).to_contain_text("orang lain yang masuk")
    assert answers() == {}


def test_without_script_the_posted_form_is_kept_and_offered_after_signing_in(office, anybody):
    page = anybody(script=False)
    person = Manager(page, script=False).signs_in(ANI, PASSWORD).open(FINANCES)
    page.context.clear_cookies(name="simpul")
    person.answers({"aset": "5.000.000", "shu": "900.000"}).press("Simpan")
    person.sees_title("Masuk").sees("Sesi Anda sudah berakhir. Masuk lagi; isian Anda kami simpan.")
    person.fill("Surel atau nomor telepon", ANI).fill("Sandi", PASSWORD).press("Masuk")
    person.sees_title("Isian Anda kami simpan").sees("Laporan tahunan", "5.000.000", "900.000")
    person.press("Kirim lagi").sees_title("Keuangan").holds({"aset": "5.000.000", "shu": "900.000"})
    assert answers() == {"aset": 5_000_000, "shu": 900_000}
    person.open("/akun/isian").sees("Tidak ada isian yang menunggu")
