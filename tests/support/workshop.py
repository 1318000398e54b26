"""Puts people, cooperatives and drafts of a test's own into a site that is running, and looks into its database."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.accounts.models import User
from app.core.access import Role
from app.core.database import today
from app.core.extensions import db
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.models import Report
from tests.factories import Factories

NAMES = ("Ani Rekaan", "Budi Rekaan")


@dataclass(frozen=True)
class Someone:
    """A person with an account, by what tells them apart."""

    id: int
    name: str
    email: str


@dataclass(frozen=True)
class Draft:
    """The report that a cooperative may fill in now, and its two members."""

    cooperative_id: int
    slug: str
    year: int
    ani: Someone
    budi: Someone

    @property
    def form(self) -> str:
        """Its address."""
        return f"/laporan/{self.slug}/{self.year}"

    def section(self, number: int) -> str:
        """The address of one of its sections."""
        return f"{self.form}?bagian={number}"

    def report(self) -> Report | None:
        """As the database holds it now."""
        db.session.rollback()
        query = select(Report).where(Report.cooperative_id == self.cooperative_id, Report.year == self.year)
        return db.session.scalars(query).one_or_none()

    def answers(self) -> dict[str, Any]:
        """What the database holds now."""
        report = self.report()
        return dict(report.answers) if report else {}


class Workshop(Factories):
    """One for each site: what it makes is numbered, so that tests share the site and nothing else. Inside ``app``'s context."""

    def __init__(self, app: Flask, address: str) -> None:
        super().__init__()
        self.app, self.address = app, address

    def someone(self, name: str = "Cici Rekaan") -> Someone:
        """A person who acts for nobody yet."""
        number = next(self.numbers)
        user = self.user(Role.COOPERATIVE, name=name, email=f"{name.split()[0].lower()}{number}@uji.example")
        return Someone(user.id, user.name, user.email or "")

    def draft(
        self, name: str = "Koperasi Teratai Uji", *, last: Mapping[str, Any] | None = None, **answers: Any
    ) -> Draft:
        """A cooperative with two members; ``last`` is its report of the year before, ``answers`` what it has filled in."""
        year = today().year - 1
        cooperative = self.cooperative(nama_koperasi=name)
        ani, budi = (self.someone(one) for one in NAMES)
        people = {one.id: db.session.get_one(User, one.id) for one in (ani, budi)}
        for person in people.values():
            self.membership(person, cooperative)
        with writing():
            services.ensure_editions(today())
            if last is not None:
                services.import_report(cooperative, year=year - 1, answers=dict(last))
            if answers:
                by = people[ani.id]
                report = services.start_report(cooperative, year=year, by=by)
                services.save_answers(report, values=answers, base_version=report.version, by=by)
        made = Draft(cooperative.id, cooperative.slug, year, ani, budi)
        db.session.remove()
        return made

    def sign_in(self, page: Page, person: Someone, address: str = "") -> None:
        """By the cookie that signing in gives; the page for it is tested elsewhere. ``address``: the site by another name."""
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = db.session.get_one(User, person.id).get_id(), True
        cookie = client.get_cookie("simpul")
        assert cookie is not None
        page.context.add_cookies([{"name": "simpul", "value": cookie.value, "url": address or self.address}])
