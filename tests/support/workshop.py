"""Puts people, cooperatives and drafts of a test's own into a site that is running, and looks into its database."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from flask import Flask
from playwright.sync_api import Page
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.step_up import PROVED
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.writing import writing
from app.demo.accounts import SIGN_INS
from app.factory import create_app
from app.questionnaire import services
from app.questionnaire.models import Report
from tests.factories import Factories
from tests.support.site import Site

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
        user = db.session.get_one(User, person.id)
        page.context.add_cookies([cookie(self.app, user, address or self.address)])


@contextmanager
def beside(site: Site) -> Iterator[Flask]:
    """The application in this process, on the data of a site that is running."""
    given = {
        "INSTANCE": str(site.instance),
        "DATABASE_URL": site.environment["SIMPUL_DATABASE_URL"],
        "DEVELOPMENT": "1",
        "ARGON2_TIME_COST": 1,
        "ARGON2_MEMORY_COST": 8,
    }
    app = create_app(given)
    yield app
    with app.app_context():
        db.engine.dispose()


def cookie(app: Flask, user: User, address: str) -> Any:
    """What signing in gives to a browser, as Playwright takes it."""
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = user.get_id(), True
        session[PROVED] = int(now().timestamp())
    given = client.get_cookie("simpul")
    assert given is not None
    return {"name": "simpul", "value": given.value, "url": address}


def demo_cookie(app: Flask, who: Role, address: str) -> Any:
    """:func:`cookie` for the demonstration's person of that role."""
    email = next(one.email for one in SIGN_INS if one.role is who)
    with app.app_context():
        return cookie(app, db.session.scalars(select(User).where(User.email == email)).one(), address)
