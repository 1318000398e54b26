"""``python -m tests.bench.walkthrough``: an operator decides 100 reports, 80 of them clean, in a real browser; the clicks,
keystrokes and screens that it took are printed, once with the clean batch and once one by one.

Never a test: it takes a minute, and only says what the way costs. Half of what has findings is returned; everything else is
approved. ``--mouse`` clicks where it otherwise uses the keyboard.
"""

import argparse
import itertools
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.bench.servers import served
from tests.support.browser import DESK, FLAGS, find_chromium
from tests.support.site import free_port

REASON = "Cocokkan angka ini dengan neraca di buku RAT."
PATIENCE = 30  # seconds for one screen
TASKS = ("clean batch", "one by one")


@dataclass
class Hand:
    """An operator's hand on one page, counting what it does."""

    page: Page
    mouse: bool
    clicks: int = 0
    keys: int = 0
    screens: int = 0

    def open(self, path: str) -> None:
        """An address typed or bookmarked counts as one click."""
        self.clicks += 1
        self.page.goto(path)

    def click(self, selector: str) -> None:
        self.clicks += 1
        self.page.locator(selector).first.click()

    def press(self, *keys: str) -> None:
        self.page.wait_for_selector(
            "[data-shortcuts]:not([hidden])"
        )  # the script that knows the keys is here
        for key in keys:
            self.keys += 1
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.keys += len(text)
        self.page.keyboard.type(text)

    def act(self, key: str, selector: str) -> None:
        """One button: clicked, or reached by its key and pressed by Enter, and the screen that follows."""
        before = self.screens
        if self.mouse:
            self.click(selector)
        else:
            self.press(key, "Enter")
        until = time.monotonic() + PATIENCE
        while self.screens == before:
            if time.monotonic() > until:
                raise SystemExit(f"{selector} led nowhere on {self.page.url}")
            self.page.wait_for_timeout(5)
        self.page.wait_for_load_state()


def decide_each(hand: Hand, *, limit: int, reason: str = "") -> int:
    """Decide what lies on the desk until the line ends; every second report with a finding is returned. How many."""
    returns = itertools.cycle((False, True))
    for number in range(limit):
        if not hand.page.locator("button[value=setujui][data-key]").count() or "/bersih" in hand.page.url:
            return number
        if hand.page.locator(".finding").count() and next(returns):
            _send_back(hand, reason)
        else:
            hand.act("s", "button[value=setujui]")
    return limit


def _send_back(hand: Hand, reason: str) -> None:
    """Mark what has a finding; without a ``reason`` its sentence is the reason."""
    if hand.mouse:
        hand.click(".compare-row:has(.finding) input[name=perbaiki]")
    else:
        rows = hand.page.locator(".compare-row")
        flagged = next(i for i in range(rows.count()) if rows.nth(i).locator(".finding").count())
        hand.press(*("j" * (flagged + 1)), "m")
    if reason:
        hand.click("#alasan") if hand.mouse else hand.press("a")
        hand.type(reason)
        hand.press("Escape")
    hand.act("r", "button[value=kembalikan]")


def with_batch(hand: Hand, reports: int) -> int:
    """The risky ones by the queue, the clean ones together, then the sample."""
    hand.open("/dinas/periksa")
    hand.act("n", "form[action*=ambil] button")
    decided = decide_each(hand, limit=reports)  # the line ends on the page of the clean ones
    hand.act("n", "form[action$=bersih] button")
    hand.act("s", "button[value=setujui]")
    while hand.page.locator("button[value=setujui]").count():
        hand.act("s", "button[value=setujui]")
    hand.click("a[href*='peringatan=sampel']")
    hand.act("n", "form[action*=ambil] button")
    return decided + decide_each(hand, limit=reports)


def one_by_one(hand: Hand, reports: int) -> int:
    """As it was before: each report on a screen of its own, each return with a reason typed."""
    hand.open("/dinas/periksa")
    hand.act("n", "form[action*=ambil] button")
    decided = decide_each(hand, limit=reports, reason=REASON)
    hand.open("/dinas/periksa?peringatan=tanpa")
    hand.act("n", "form[action*=ambil] button")
    return decided + decide_each(hand, limit=reports, reason=REASON)


def prepare(folder: Path, *, reports: int, clean: int) -> tuple[str, str]:
    """The demonstration city in ``folder`` with exactly so many waiting reports; the operator's sign-in."""
    from sqlalchemy import select

    from app.core.access import Role
    from app.core.database import now
    from app.core.extensions import db
    from app.core.writing import writing
    from app.demo import loader
    from app.demo.accounts import SIGN_INS
    from app.factory import create_app
    from app.quality import services as quality
    from app.questionnaire.models import Report
    from app.questionnaire.queries import current_year
    from app.questionnaire.rules import Status
    from app.review.flags import CLEAN
    from app.review.models import Assignment
    from app.review.weighing import weigh_waiting

    app = create_app({"INSTANCE": str(folder)})
    with app.app_context():
        db.create_all()
        loader.load()
        year = current_year() or 0
        with writing() as session:
            session.query(Assignment).delete()
            for report in session.scalars(select(Report).where(Report.status == Status.SUBMITTED)):
                if report.year != year:
                    report.status, report.approved_at = Status.APPROVED, now()
            session.flush()
            for report in session.scalars(
                select(Report).where(Report.year == year, Report.status == Status.APPROVED).limit(clean)
            ):
                report.status, report.approved_at = Status.SUBMITTED, None
        seen = quality.study_waiting()
        with writing() as session:
            for one in seen:
                quality.keep(one)
            weigh_waiting()
            left = {True: clean, False: reports - clean}
            waiting = session.scalars(select(Report).where(Report.status == Status.SUBMITTED)).all()
            for report in waiting:
                kind = report.calm == CLEAN
                if left[kind]:
                    left[kind] -= 1
                else:
                    report.status, report.approved_at = Status.APPROVED, now()
            if any(left.values()):
                raise SystemExit(f"the demonstration has too few waiting reports: {left} missing")
    operator = next(one for one in SIGN_INS if one.role is Role.OPERATOR)
    return operator.email, operator.password


@contextmanager
def desk(folder: Path, sign_in: tuple[str, str]) -> Iterator[Page]:
    """The operator, signed in, before the served site."""
    port = free_port()
    environment = {"SIMPUL_INSTANCE": str(folder), "SIMPUL_SCHEDULER": "0", "SIMPUL_PORT": str(port)}
    with served("wsgi:app", port, environment, folder / "server.log"), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS, "--no-sandbox"])
        page = browser.new_context(base_url=f"http://127.0.0.1:{port}", locale="id-ID", **DESK).new_page()  # type: ignore[arg-type]
        page.goto("/masuk")
        page.fill("[name=email]", sign_in[0])
        page.fill("[name=password]", sign_in[1])
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/dinas**")
        yield page
        browser.close()


def walk(task: str, *, reports: int, clean: int, mouse: bool) -> None:
    """One operator, one pile of reports, one line of figures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        sign_in = prepare(folder, reports=reports, clean=clean)
        with desk(folder, sign_in) as page:
            hand = Hand(page, mouse)
            page.on("framenavigated", lambda _frame: setattr(hand, "screens", hand.screens + 1))
            started = time.monotonic()
            way = with_batch if task == "clean batch" else one_by_one
            looked_at = way(hand, reports)
            took = time.monotonic() - started
            page.goto("/dinas/periksa")
            left = page.locator("tbody tr").count()
    print(
        f"{task:12} {'mouse' if mouse else 'keyboard':9} {reports - left:4} decided, {looked_at:3} one by one: "
        f"{hand.clicks:4} clicks, {hand.keys:5} keys, {hand.screens:4} screens, {took:5.1f} s of machine time"
    )


def main() -> None:
    """Read the command line and walk."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reports", type=int, default=100)
    parser.add_argument("--clean", type=int, default=80)
    parser.add_argument("--mouse", action="store_true")
    parser.add_argument("--task", choices=TASKS)
    given = parser.parse_args()
    for task in [given.task] if given.task else TASKS:
        walk(task, reports=given.reports, clean=given.clean, mouse=given.mouse)


if __name__ == "__main__":
    main()
