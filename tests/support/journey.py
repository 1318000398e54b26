"""Verbs of the people in the journey: each presses what the screen offers, by its words, and reads what it shows."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from playwright.sync_api import Locator, Page, expect

from app.navigation import STAFF_MENU
from tests.support import second_step
from tests.support.browser import axe_violations

LONG = 15_000  # milliseconds for what the office's computer works on by itself


class Person:
    """Somebody at a device. Presses by touch where the device has it. ``script``: whether it runs the site's scripts."""

    def __init__(self, page: Page, *, script: bool = True) -> None:
        self.page = page
        self.script = script
        self.touches = bool(page.evaluate("navigator.maxTouchPoints"))

    @property
    def main(self) -> Locator:
        """The page without its frame."""
        return self.page.locator("main")

    def open(self, path: str) -> Self:
        """Go to an address of the site."""
        self.page.goto(path)
        return self

    def named(self, words: str, within: Locator | None = None) -> Locator:
        """The button or link whose name begins with ``words``."""
        name = re.compile(rf"^{re.escape(words)}(?!\w)")
        place = within or self.main
        return place.get_by_role("button", name=name).or_(place.get_by_role("link", name=name))

    def press(self, words: str, within: Locator | None = None) -> Self:
        """Press the button or link whose name begins with ``words``."""
        self.touch(self.named(words, within))
        return self

    def touch(self, target: Locator) -> None:
        """Tap on a phone, click at a desk."""
        target.tap() if self.touches else target.click()

    def go_to(self, entry: str) -> Self:
        """Choose ``entry`` of the menu, at the desk after the group that it stands in."""
        menu = self.page.get_by_role("banner")
        link = menu.get_by_role("link", name=re.compile(rf"^{entry}( \d+ menunggu)?$"))
        group = next((label for label, held in STAFF_MENU if entry in (one.label for one in held)), "")
        if group and not link.count():
            self.touch(menu.get_by_role("link", name=re.compile(rf"^{group}\b")))
        self.touch(link)
        return self

    def fill(self, label: str, text: str) -> Self:
        """Write ``text`` into the field that is called ``label``."""
        self.main.get_by_label(label, exact=True).fill(text)
        return self

    def choose(self, label: str, choice: str) -> Self:
        """Choose from a list."""
        self.main.get_by_label(label, exact=True).select_option(label=choice)
        return self

    def tick(self, words: str) -> Self:
        """Tick the box, or pick the choice, whose label begins with ``words``."""
        self.touch(self.main.locator("label.choice", has_text=re.compile(rf"^\s*{re.escape(words)}")))
        return self

    def sees(self, *words: str) -> Self:
        """Each of ``words`` stands on the page."""
        for one in words:
            expect(self.main.get_by_text(one).filter(visible=True).first).to_be_visible(timeout=LONG)
        return self

    def sees_title(self, words: str) -> Self:
        """The page's one heading begins with ``words``."""
        heading = self.page.locator("h1")
        expect(heading).to_contain_text(re.compile(rf"^\s*{re.escape(words)}"), timeout=LONG)
        return self

    def sees_nothing_of(self, words: str) -> Self:
        """``words`` stand nowhere on the page."""
        expect(self.page.locator("body")).not_to_contain_text(words)
        return self

    def is_sound(self) -> Self:
        """Nothing against WCAG 2.2 AA or best practice on the page as it stands, and nothing beyond its edge."""
        if self.script:  # axe is one
            assert not (found := axe_violations(self.page)), "\n".join(found)
        assert self.page.evaluate("document.documentElement.scrollWidth") <= self.page.viewport_size["width"]
        return self

    def downloads(self, words: str) -> bytes:
        """What comes down when the button or link is pressed."""
        with self.page.expect_download() as waiting:
            self.press(words)
        return Path(waiting.value.path()).read_bytes()

    def signs_in(self, account: str, password: str) -> Self:
        """By the page for it."""
        self.open("/masuk").fill("Surel atau nomor telepon", account).fill("Sandi", password).press("Masuk")
        self.page.wait_for_url(re.compile(r"^(?!.*/masuk$)"))
        return self

    def sets_up_codes(self) -> Self:
        """What the site asks of an admin before anything else: the secret goes into an app, and the app's code back."""
        self.sees_title("Kode masuk").press("Mulai memasang").sees_title("Pasang kode masuk")
        secret = self.main.locator(".code-link").inner_text().strip()
        self.fill("Kode enam angka", second_step.code(secret)).press("Pasang")
        return self.sees_title("Kode masuk terpasang").press("Sudah saya cetak atau catat")

    def signs_out(self) -> Self:
        """On a page that has the button, or by way of the account page."""
        if not self.page.get_by_role("button", name="Keluar", exact=True).count():
            self.open("/akun")
        self.touch(self.page.get_by_role("button", name="Keluar", exact=True))
        return self.sees_title("Masuk")

    def checks_receipt(self, code: str) -> Self:
        """As anybody may, by the code on the paper."""
        self.open("/verifikasi").fill("Kode bukti", code).press("Cari")
        return self


class Admin(Person):
    """Keeps the accounts."""

    def invites(self, name: str, email: str, role: str) -> str:
        """The one-time address, as it stands on the paper."""
        self.go_to("Pengguna").press("Undang pegawai")
        self.fill("Nama lengkap", name).fill("Surel", email).tick(role).press("Buat akun dan tautan")
        self.sees_title(f"Undangan untuk {name}")
        return self.main.locator(".code-link").inner_text().strip()


class Operator(Person):
    """Keeps the register and reviews the reports."""

    def accepts_invitation(self, address: str, password: str) -> Self:
        """Choose a password by the one-time address."""
        self.open(address).fill("Sandi baru", password).press("Simpan sandi dan masuk")
        return self

    def book_year(self) -> int:
        """The year that is reported on now, as the overview's title says."""
        self.go_to("Ringkasan").sees_title("Tahun buku ")
        return int(self.page.locator("h1").inner_text().split()[-1])

    def tries_import(self, file: str, content: str | bytes) -> Self:
        """Up to what the dry run says."""
        data = content.encode() if isinstance(content, str) else content
        self.go_to("Impor")
        self.main.get_by_label("Berkas", exact=True).set_input_files(
            {"name": file, "mimeType": "text/csv", "buffer": data}
        )
        self.press("Lanjut ke kolom").sees_title("Cocokkan kolom").press("Uji coba")
        return self.sees_title("Hasil uji coba")

    def column_is_read_as(self, heading: str) -> str:
        """What the page that matches columns takes the column for."""
        chosen = self.main.get_by_role("combobox", name=heading, exact=True)
        return str(chosen.locator("option:checked").inner_text())

    def outcomes(self) -> dict[str, int]:
        """How many rows have which fate, as the tabs tell."""
        tabs = self.page.get_by_role("navigation", name="Nasib baris").get_by_role("link").all_inner_texts()
        found = [re.fullmatch(r"(.+) \(([\d.]+)\)", " ".join(tab.split())) for tab in tabs]
        return {one[1]: int(one[2].replace(".", "")) for one in found if one}

    def prints_code(self, cooperative: str) -> str:
        """An activation code for ``cooperative``: what the letter shows."""
        self.go_to("Koperasi").fill("Cari nama, nomor badan hukum, NIK, atau kelurahan", cooperative)
        self.press("Cari").press(cooperative).press("Buat kode dan cetak surat")
        self.sees_title("Kode aktivasi")
        expect(self.main.get_by_role("img", name=re.compile("QR"))).to_be_visible()
        code = self.main.locator(".code-value").inner_text().strip()
        self.press("Selesai: kembali ke kartu")
        return code

    def accepts_claim(self, name: str) -> Self:
        """After reading what the register says of the person."""
        return self.go_to("Klaim").press(name).sees("Kata register").press("Terima")

    def trail_of(self, subject: str) -> set[str]:
        """What was done about ``subject``, as the trail's pages tell."""
        self.go_to("Jejak").fill("Cari nama koperasi, orang, atau berkas", subject).press("Cari")
        done: set[str] = set()
        while True:
            self.sees_title("Jejak")
            done.update(self.main.locator('td[data-label="Tindakan"]').all_inner_texts())
            following = self.main.locator('a[rel="next"]')
            if not following.count():
                return done
            with self.page.expect_navigation():
                self.touch(following)

    def line(self, code: str) -> Locator:
        """A question of the report under review."""
        return self.page.locator(f"#q-{code}")

    def asks_to_correct(self, code: str, note: str) -> Self:
        """Mark the question, and say why."""
        line = self.line(code)
        self.touch(line.locator("label.choice", has_text="Minta perbaikan"))
        self.touch(line.locator("summary"))
        line.locator("textarea").fill(note)
        return self


class Manager(Person):
    """Acts for a cooperative."""

    def touch(self, target: Locator) -> None:
        """As everybody; a button of the form that saves by itself leads on once all has arrived."""
        leads = "button => button.name === 'ke' && 'autosave' in (button.form || button).dataset"
        if not self.script or not target.evaluate(leads):
            return super().touch(target)
        with self.page.expect_navigation():
            super().touch(target)
        return None

    def finds(self, wanted: str, cooperative: str) -> Self:
        """Search as people spell, and choose."""
        self.open("/").press("Daftar sebagai pengelola koperasi")
        self.fill("Nama koperasi, nomor badan hukum, NIK, atau kelurahan", wanted).press("Cari")
        return self.press(cooperative)

    def makes_account(self, name: str, email: str, password: str, position: str) -> Self:
        """The part of the form that asks who one is."""
        self.fill("Nama lengkap", name).fill("Surel", email).fill("Sandi", password)
        return self.choose("Jabatan", position)

    def starts_report(self, button: str = "Isi laporan") -> Self:
        """From the page of one's reports."""
        return self.open("/laporan").press(button)

    def answers(self, answers: Mapping[str, str]) -> Self:
        """Give each answer in the input that bears the question's code."""
        for code, answer in answers.items():
            found = self.page.locator(f'[name="{code}"]')
            if found.count() > 1:
                self.touch(self.page.locator("label.choice", has=found, has_text=answer))
            elif found.evaluate("input => input.tagName") == "SELECT":
                found.select_option(label=answer)
            else:
                found.fill(answer)
        return self

    def holds(self, answers: Mapping[str, str]) -> Self:
        """The inputs hold these answers."""
        for code, answer in answers.items():
            expect(self.main.locator(f'[name="{code}"]')).to_have_value(answer)
        return self

    def asks(self) -> set[str]:
        """The names of the inputs that can be filled in now."""
        inputs = (
            self.main.locator("input, select, textarea")
            .filter(visible=True)
            .and_(self.page.locator(":not([readonly])"))
        )
        return {str(one.get_attribute("name")) for one in inputs.all()}

    def question(self, code: str) -> Locator:
        """A line of the form."""
        return self.page.locator(f"#q-{code}")

    def shows_last_year(self, code: str, value: str) -> Self:
        """Last year's answer stands beside this year's."""
        expect(self.question(code).locator(".last-value")).to_have_text(value)
        return self

    def declares(self, name: str, position: str) -> Self:
        """Below all the answers, who says that they are right; then send."""
        self.fill("Nama pengurus yang menyatakan", name).choose("Jabatan", position)
        return self.tick("Saya menyatakan jawaban ini benar").press("Kirim laporan")

    def receipt_code(self) -> str:
        """As the page says it after sending."""
        return self.main.locator(".ticket-when b").inner_text().strip()
