"""The form on a phone without a network: the way there, and what lies on the phone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.browser import EXPECTED, FLAGS, PHONE, find_chromium
from tests.support.drafting import eventually
from tests.support.journey import Manager

PIN = "271828"
LONGER_THAN_A_REST = 1500  # milliseconds; what is typed is saved after 600 without a keystroke


def sets_up(page: Page, form: str) -> Manager:
    """From the ordinary form at ``form``, by the way that it offers."""
    person = Manager(page).open(f"{form}?bagian=1").press("Isi tanpa internet")
    person.fill("Buat PIN, 6 angka", PIN).fill("Ketik PIN itu sekali lagi", PIN)
    person.press("Simpan formulir di ponsel ini")
    section(person, 1)
    return person


def unlocks(person: Manager, pin: str = PIN) -> Manager:
    """With the PIN, or a wrong one."""
    return person.fill("PIN, 6 angka", pin).press("Buka")


def section(person: Manager, number: int) -> None:
    """That section is in sight."""
    expect(person.page.locator(f"#judul-{number}")).to_be_visible()


def lies_on_the_phone(page: Page) -> None:
    """Something that the office has not got is written there: typing it says so at once, sealing it takes a moment more."""
    eventually(lambda: sealed_on(page) != "[]")  # wait_for_function does not wait for a promise


def all_lies_on_the_phone(page: Page) -> None:
    """Nothing more is being written there: of several lines, what is sealed has stayed the same for longer than typing rests."""
    before, now = "", sealed_on(page)
    while before != now:
        page.wait_for_timeout(LONGER_THAN_A_REST)
        before, now = now, sealed_on(page)


def sealed_on(page: Page) -> str:
    """What waits on the phone as it lies there: each sealing has another beginning."""
    found = page.evaluate("""async () => {
      const database = await new Promise((done) => { const asked = indexedDB.open("simpul"); asked.onsuccess = () => done(asked.result); });
      const asked = database.transaction("waiting").objectStore("waiting").getAll();
      await new Promise((done) => { asked.onsuccess = done; });
      database.close();
      return JSON.stringify(asked.result.map(({ id, sealed }) => [id, [...sealed.iv]]));
    }""")
    return str(found)


@contextmanager
def opened_browser(browser: Browser, folder: Path, address: str) -> Iterator[BrowserContext]:
    """A browser whose profile lies in ``folder``: what it keeps is there when it is opened again. No fault may be on its console."""
    as_root = hasattr(os, "geteuid") and os.geteuid() == 0
    flags = [*FLAGS, *(["--no-sandbox"] if as_root else [])]
    context = browser.browser_type.launch_persistent_context(
        str(folder), executable_path=find_chromium(), args=flags, base_url=address, locale="id-ID", timezone_id="Asia/Jakarta", **PHONE
    )  # fmt: skip
    context.set_default_timeout(15_000)
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
    """The one that it opens with."""
    return context.pages[0] if context.pages else context.new_page()


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
