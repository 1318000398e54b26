"""Nothing acknowledged is missing and nothing is kept twice when the server is killed again and again under somebody's hands."""

import json
import random
import threading
import time
from collections import Counter

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from app.core.extensions import db
from app.questionnaire.models import AnswerChange, ReportSave
from tests.support.browser import DESK
from tests.support.drafting import began, saved
from tests.support.site import wait_until_healthy

FIGURES = ("modal_sendiri", "modal_luar", "aset", "volume_usaha", "shu")


class PowerCuts(threading.Thread):
    """Inside the block it kills the server ``left`` times, at a moment that nobody knows around a save (``sent`` is set when one
    goes out), and starts it again on the same port. After the block the site stands, for others use it too."""

    def __init__(self, site, seed, kills):
        super().__init__(daemon=True)
        self.site, self.chance, self.problem, self.left = site, random.Random(seed), None, kills
        self.sent = threading.Event()

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.left = 0
        self.join()

    def run(self):
        try:
            while self.left > 0:
                self.left -= 1
                self.sent.clear()
                self.sent.wait(timeout=5)
                time.sleep(self.chance.uniform(0.0, 0.1))
                self.site.server.kill()
                self.site.server.start()
                wait_until_healthy(self.site)
        except BaseException as problem:
            self.problem = problem


@pytest.mark.timeout(1800)  # 50 kills on a busy machine: the site has to start each time
def test_power_cuts_while_somebody_types_lose_nothing_and_double_nothing(
    site, workshop, open_page, pytestconfig
):
    page, draft, kills = open_page(DESK), workshop.draft(), pytestconfig.getoption("--kills")
    workshop.sign_in(page, draft.ani)
    page.goto(draft.section(4))
    began(page)
    acknowledged: list[dict] = []
    cuts = PowerCuts(site, 7, kills)

    def on_response(response):
        if "/simpan" in response.url and response.request.method == "POST" and response.status == 200:
            acknowledged.append(json.loads(response.request.post_data))

    page.on("response", on_response)
    page.on("request", lambda request: "/simpan" in request.url and cuts.sent.set())
    chance, figure = random.Random(5), 1000
    typed: dict[str, str] = {}
    with cuts:
        while cuts.is_alive():
            figure += 1
            name = chance.choice(FIGURES)
            page.locator(f"#{name}").fill(str(figure))  # each figure once, so that one kept twice is seen
            typed[name] = str(figure)
            page.wait_for_timeout(chance.uniform(5, 200))
    assert cuts.problem is None, cuts.problem
    saved(page)
    expect(page.locator(".save-alert")).to_be_empty()

    report = draft.report()
    assert {name: str(report.answers[name]) for name in typed} == typed
    changes = db.session.scalars(select(AnswerChange).where(AnswerChange.report_id == report.id)).all()
    kept = Counter((change.field, change.after) for change in changes)
    assert max(kept.values()) == 1, kept.most_common(3)
    ids = db.session.scalars(select(ReportSave.save_id).where(ReportSave.report_id == report.id)).all()
    assert {one["id"] for one in acknowledged} <= set(ids)
    for one in acknowledged:
        sent = [(name, text) for name, text in one["fields"].items() if name in FIGURES and text]
        assert all(kept[name, int(text.replace(".", ""))] == 1 for name, text in sent), one
    assert len(acknowledged) >= kills / 5  # else this has shown little
    print(
        f"{kills} kills, {figure - 1000} figures typed, {len(acknowledged)} saves acknowledged, {len(ids)} kept"
    )
