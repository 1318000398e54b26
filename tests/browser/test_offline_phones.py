"""What a form that works without a network leaves on the phone: sealed, closed to everybody else, and gone when it may go.

All names and figures are invented.
"""

import base64
import re

import pytest
from playwright.sync_api import expect

from tests.factories import PASSWORD
from tests.support.browser import DESK, PHONE, axe_violations
from tests.support.drafting import eventually, status
from tests.support.journey import Manager
from tests.support.offline import PIN, everything_kept, lies_on_the_phone, unlocks

WRONG = "314159"


def test_what_lies_on_the_phone_is_sealed_and_opens_only_with_the_pin(draft, sets_up, open_page):
    page = open_page(PHONE)
    ani = sets_up(page)
    page.context.set_offline(True)
    ani.answers({"alamat": "Jalan Rahasia Sekali 77"})
    status(ani.page, "Satu jawaban masih di ponsel ini saja")
    lies_on_the_phone(page)

    kept = everything_kept(page)
    assert f"{draft.slug}/{draft.year}" in kept
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

    page.locator("#nama_koperasi").press_sequentially(" Jaya", delay=100)  # closed in the middle of a word
    page.reload()
    ani.sees("Ada jawaban yang belum sampai di kantor.")
    unlocks(ani, WRONG).sees("PIN salah. Sisa 4 percobaan")
    assert not axe_violations(page)
    for left in (3, 2, 1):
        unlocks(ani, WRONG).sees(f"Sisa {left} percobaan")
    unlocks(ani, WRONG).sees("PIN salah terlalu sering. Coba lagi pukul")
    unlocks(ani).sees("PIN salah terlalu sering.")  # the right one, too soon
    expect(page.locator("#pin")).to_have_value("")  # it was looked at before the clock moves
    expect(page.locator("#alamat")).to_be_hidden()
    page.clock.install()
    page.clock.fast_forward(61_000)
    unlocks(ani)
    expect(page.locator("#alamat")).to_have_value("Jalan Rahasia Sekali 77")
    expect(page.locator("#nama_koperasi")).to_have_value(re.compile("Jaya"))
    page.context.set_offline(False)
    status(ani.page, "Semua sudah sampai di kantor")
    assert draft.answers()["alamat"] == "Jalan Rahasia Sekali 77"
    assert "Jaya" in draft.answers()["nama_koperasi"]


def test_a_pin_that_anybody_would_try_is_refused_and_the_ordinary_form_stays_open(draft, workshop, open_page):
    page = open_page(PHONE)
    workshop.sign_in(page, draft.ani)
    ani = Manager(page).open(draft.section(1)).press("Isi tanpa internet")
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
    assert draft.slug not in everything_kept(page)


def test_another_person_on_the_same_phone_sees_nothing(draft, sets_up, workshop, open_page):
    page, other = open_page(PHONE), workshop.someone()
    ani = sets_up(page)
    page.context.set_offline(True)
    ani.answers({"alamat": "Jalan Belum Sampai 5"})
    status(ani.page, "Satu jawaban")
    page.context.set_offline(False)
    page.route("**/simpan", lambda route: route.abort())  # the link is too weak for it
    page.goto("/akun")
    ani.signs_out()
    assert page.evaluate("async () => (await caches.keys()).filter((one) => one.startsWith('shell-'))") == []
    Manager(page).signs_in(other.email, PASSWORD)
    assert page.request.get(f"{draft.form}/luring").status == 404
    assert "Belum Sampai" not in everything_kept(page)
    page.context.set_offline(True)
    with pytest.raises(Exception, match=r"ERR_INTERNET_DISCONNECTED|ERR_FAILED"):
        page.goto(draft.form)
    page.context.set_offline(False)

    Manager(page).open("/akun").signs_out()
    page.unroute("**/simpan")
    ani.signs_in(draft.ani.email, PASSWORD).open(draft.section(1)).sees(
        "Formulir ini tersimpan di ponsel ini, terkunci."
    )
    unlocks(ani)
    status(ani.page, "Semua sudah sampai di kantor")
    assert draft.answers()["alamat"] == "Jalan Belum Sampai 5"


def test_signing_out_takes_what_has_arrived_off_the_phone(draft, sets_up, open_page):
    page = open_page(PHONE)
    ani = sets_up(page).answers({"alamat": "Jalan Sampai 5"})
    status(ani.page, "Semua sudah sampai di kantor")
    ani.signs_out()
    no_shell = "async () => !(await caches.keys()).some((one) => one.startsWith('shell-'))"
    eventually(lambda: page.evaluate(no_shell))
    left = everything_kept(page)
    assert '"of":"' not in left
    assert "/luring" not in left
    ani.signs_in(draft.ani.email, PASSWORD).open(draft.section(1)).sees_title("Identitas").holds(
        {"alamat": "Jalan Sampai 5"}
    )


def test_the_form_can_be_taken_off_the_phone(draft, sets_up, open_page):
    page = open_page(DESK)
    ani = sets_up(page)
    ani.is_sound().press("Hapus dari ponsel ini").sees("Hapus formulir ini dari ponsel?")
    assert not axe_violations(page)
    ani.press("Hapus dari ponsel ini", page.locator("dialog")).sees_title("Identitas")
    assert draft.slug not in everything_kept(page)
    assert page.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
