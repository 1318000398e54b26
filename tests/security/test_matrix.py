"""Every address × every role × one's own object and somebody else's: what comes is what the access marker promises.

The addresses come from the application's own map, so a new one is in it by itself. Where the object decides, two exist: the
tested person's and another's. Changes are stopped at the moment of their commit, so one database serves all.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from flask import url_for
from sqlalchemy import event
from werkzeug.routing.exceptions import BuildError

from app.accounts.models import User
from app.accounts.passkey_models import Passkey
from app.accounts.two_step_models import UserSession
from app.cooperatives.models import Cooperative, MembershipState
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db, limiter
from app.core.writing import writing
from app.enterprises import services as enterprises
from app.enterprises.rules import Purpose
from app.files.prepared import Prepared
from app.notifications import inbox
from app.programs.application_models import ProgramApplication
from app.questionnaire import services as questionnaire
from tests.enterprises.conftest import VALUES
from tests.programs.conftest import *  # noqa: F403 - their makers of programmes
from tests.security.access_matrix import DOCUMENT, HOLDERS, ROLES, Row, Verdict, Whose, rows, table
from tests.support.answers import sound_for
from tests.support.client import CHANGES

pytestmark = pytest.mark.timeout(300)

NUMBERS = {"year": 2025, "step": 1, "number": 1}
ABSENT = 2_147_483_600
WORDS = {"suffix": "csv", "layout": "kementerian", "digest": "0" * 12, "kode": "SMP-25-AAAA-BBBB"}
LENGTHS = {"token": 22}
OF_ONE = {
    "accounts.open_message": "message_id",
    "accounts.end_session": "session_id",
    "accounts.remove_passkey": "passkey_id",
    "cooperatives.withdraw": "membership_id",
}
"""Views for everybody who has signed in that are about one thing of theirs."""
NOT_ONE_S_OWN = {
    "accounts.throw_away": "looks only among the forms of this browser and person; of others nothing happens",
    "applications.form": "a public programme",
    "applications.send": "a public programme",
    "questionnaire.feed": "the questions of a year, which are public",
}


class Stopped(Exception):
    """A change was about to be committed: whoever asked for it was let in."""


@contextmanager
def nothing_is_kept() -> Iterator[None]:
    """No change inside the block reaches the database."""
    changes: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if CHANGES.match(statement):
            changes.append(statement)

    def stop(session: Any) -> None:
        if changes or session.new or session.dirty or session.deleted or session.info.get("trail"):
            raise Stopped

    event.listen(db.engine, "before_cursor_execute", note)
    event.listen(db.session, "before_commit", stop, insert=True)
    try:
        yield
    finally:
        event.remove(db.session, "before_commit", stop)
        event.remove(db.engine, "before_cursor_execute", note)


@dataclass(frozen=True)
class Things:
    """The parameters that name what belongs to one person."""

    cooperative: dict[str, Any]
    enterprise: dict[str, Any]
    application: dict[str, Any]
    session_id: int
    passkey_id: int
    message_id: int
    membership_id: int

    def of(self, row: Row) -> dict[str, Any]:
        """The values for an address, by its marker and its arguments."""
        known = {
            "own_cooperative": self.cooperative,
            "member_or_operator": self.cooperative,
            "own_enterprise": self.enterprise,
            "own_application": self.application,
        }.get(
            row.access,
            {
                "session_id": self.session_id,
                "passkey_id": self.passkey_id,
                "message_id": self.message_id,
                "membership_id": self.membership_id,
            },
        )
        return filled(row) | {name: value for name, value in known.items() if name in row.arguments}


def filled(row: Row) -> dict[str, Any]:
    """Values of the right kind that name nothing."""
    known: dict[str, Any] = NUMBERS | WORDS
    return {
        name: known.get(name, "x" * LENGTHS[name] if name in LENGTHS else ABSENT) for name in row.arguments
    }


@pytest.fixture
def things_of(make_cooperative, make_membership, make_program, make_user):
    """``things_of(user)``: one of each thing that can be somebody's own."""
    year = today().year - 1
    with writing():
        questionnaire.ensure_editions(today())
    program_id = make_program(title="Pelatihan uji", slug="pelatihan-uji").id
    operator_id = make_user(Role.OPERATOR).id

    def make(user: User) -> Things:
        user_id = user.id
        cooperative, waiting = make_cooperative(), make_cooperative()
        slug = cooperative.slug
        make_membership(user, cooperative)
        pending = make_membership(user, waiting, state=MembershipState.PENDING).id
        cooperative_id = cooperative.id
        with writing() as session:
            owner = session.get_one(User, user_id)
            report = questionnaire.start_report(
                session.get_one(Cooperative, cooperative_id), year=year, by=owner
            )
            questionnaire.save_answers(
                report, values=sound_for(report.year), base_version=report.version, by=owner
            )
            questionnaire.submit(report, by=owner, declared_name="Cempaka Uji", declared_position="Ketua")
            enterprise = enterprises.add_enterprise(VALUES | {"name": f"Usaha {user_id}"})
            enterprises.set_consents(enterprise, {Purpose.LISTING: True})
            enterprises.add_owner(enterprise, owner)
            enterprises.submit(enterprise)
            enterprises.verify(enterprise, by=session.get_one(User, operator_id))
            photo = Prepared("keripik.webp", "image/webp", b"webp", 1, 1)
            product_id = enterprises.save_product(enterprise, {"name": "Keripik"}, picture=photo).id
            application = ProgramApplication(
                program_id=program_id, cooperative_id=cooperative_id, user_id=user_id, name="Uji", facts={},
                contact_name="Uji", contact_phone="0", agreed_at=now(),
            )  # fmt: skip
            begun = UserSession(
                user_id=user_id,
                epoch=owner.session_epoch,
                device="",
                seen_at=now(),
                ends_at=now() + timedelta(hours=1),
            )
            key = Passkey(
                user_id=user_id, credential_id=f"uji{user_id}", public_key=b"", sign_count=0, transports=[], name="Uji"
            )  # fmt: skip
            session.add_all([application, begun, key])
            session.flush()
            inbox.tell([user_id], "Halo", kind="uji", subject=f"uji:{user_id}")
            message = max(one.id for one in session.scalars(inbox.inbox_of(user_id)))
            return Things(
                {"slug": slug, "year": year},
                {"slug": enterprise.slug, "step": 1, "product_id": product_id},
                {"application_id": application.id},
                begun.id,
                key.id,
                message,
                pending,
            )

    return make


@pytest.fixture
def ask(app, client_as):
    """``ask(user, row, values)``: the verdict of the site, and the answer."""

    def send(user: User | None, row: Row, values: dict[str, Any]) -> tuple[Verdict, Any]:
        with app.test_request_context():
            address = address_of(row, values)
        browser = client_as(user) if user else app.test_client()
        browser.check_html = False  # each page is parsed where its own tests open it
        limiter.reset()
        try:
            with nothing_is_kept():
                answer = browser.open(address, method=row.method)
        except Stopped:
            return Verdict.IN, None
        finally:
            db.session.rollback()
        return verdict_of(row, answer), answer

    return send


def address_of(row: Row, values: dict[str, Any]) -> str:
    """The address with ``values``; of the two kinds that a parameter can have, the one that fits."""
    try:
        return url_for(row.endpoint, **values)
    except (BuildError, ValueError):
        return url_for(
            row.endpoint, **values | {name: "x" for name, value in values.items() if value == ABSENT}
        )


def verdict_of(row: Row, answer: Any) -> Verdict:
    """What an answer says about entering. A form that is sent back, or a wait, is said to somebody who is in."""
    to_sign_in = answer.headers.get("Location", "").split("?")[0] == "/masuk"
    if answer.status_code in {302, 303} and to_sign_in and row.access != "public":
        return Verdict.SIGN_IN
    if answer.status_code == 401:
        return Verdict.SIGN_IN
    return {403: Verdict.FORBIDDEN, 404: Verdict.ABSENT}.get(answer.status_code, Verdict.IN)


def fits(row: Row, whose: Whose, wanted: Verdict, found: Verdict) -> bool:
    """Whoever is let in where nothing of that name is may be told so."""
    return found is wanted or (wanted is Verdict.IN and whose is Whose.NOBODY and found is Verdict.ABSENT)


@pytest.mark.parametrize("role", ROLES, ids=lambda role: role or "nobody")
def test_every_address_answers_a_role_as_its_marker_says(app, make_user, things_of, ask, role):
    own_user, other_user = make_user(*([role] if role else [])), make_user(Role.COOPERATIVE, Role.ENTERPRISE)
    objects = {Whose.OTHER: things_of(other_user)}
    if any(role in holders for holders in HOLDERS.values()):
        objects[Whose.OWN] = things_of(own_user)
    wrong = []
    for row in rows(app):
        for whose in row.objects:
            if whose is Whose.OWN and role not in HOLDERS.get(row.access, ()):
                continue  # that role has no such thing
            values = objects[whose].of(row) if whose in objects else filled(row)
            wanted = row.verdict(role, whose)
            found, answer = ask(own_user if role else None, row, values)
            if not fits(row, whose, wanted, found):
                status = answer.status_code if answer is not None else "-"
                wrong.append(f"{row.method} {row.rule} ({whose}): {found} ({status}), not {wanted}")
    assert not wrong, "\n".join(wrong)


def test_a_thing_of_somebody_else_is_not_there_for_who_is_merely_signed_in(app, make_user, things_of, ask):
    mine, theirs = make_user(), make_user()
    own, other = things_of(mine), things_of(theirs)
    about_one = [row for row in rows(app) if row.access == "signed_in" and row.arguments]
    unknown = {row.endpoint for row in about_one} - set(OF_ONE) - set(NOT_ONE_S_OWN)
    assert not unknown, f"say in this file whose these are: {sorted(unknown)}"
    for row in about_one:
        if row.endpoint in OF_ONE:
            assert ask(mine, row, own.of(row))[0] is Verdict.IN, row
            assert ask(mine, row, other.of(row))[0] is Verdict.ABSENT, row


def test_an_operator_finds_no_colleague_among_the_people_and_an_admin_does(app, make_user, ask):
    operator, admin, colleague = make_user(Role.OPERATOR), make_user(Role.ADMIN), make_user(Role.EDITOR)
    outsider = make_user(Role.COOPERATIVE)
    both = frozenset({Role.OPERATOR, Role.ADMIN})
    about_people = [row for row in rows(app) if "person_id" in row.arguments and row.access == both]
    assert len(about_people) >= 4
    for row in about_people:
        assert ask(operator, row, {"person_id": outsider.id})[0] is Verdict.IN, row
        assert ask(operator, row, {"person_id": colleague.id})[0] is Verdict.ABSENT, row
        assert ask(admin, row, {"person_id": colleague.id})[0] is Verdict.IN, row


@pytest.mark.parametrize("role", [None, Role.ADMIN], ids=lambda role: role or "nobody")
def test_no_change_is_taken_without_this_session_s_token(app, client_as, make_user, role):
    browser = client_as(make_user(*Role)) if role else app.test_client()
    browser.check_html = False
    taken = []
    for row in rows(app):
        if row.method == "GET":
            continue
        with app.test_request_context():
            address = address_of(row, filled(row))
        for token in ({}, {"csrf_token": "salah"}):
            with nothing_is_kept():
                answer = browser.open(address, method=row.method, data=token, csrf=False)
            if answer.status_code not in {400, 404}:
                taken.append(f"{row.method} {row.rule}: {answer.status_code}")
    assert not taken, "\n".join(taken)


def test_a_step_up_address_asks_everybody_whom_it_would_let_in(app, client_as, make_user):
    from app.accounts.step_up import PROVED

    person = make_user(Role.ADMIN, Role.OPERATOR)
    browser = client_as(person)
    with browser.session_transaction() as session:
        del session[PROVED]
    asking = [row for row in rows(app) if row.asks_again]
    assert len(asking) >= 12
    for row in asking:
        with app.test_request_context():
            address = address_of(row, filled(row))
        answer = browser.open(address, method=row.method)
        assert (row.rule, answer.status_code) == (row.rule, 401)
        assert "Pastikan ini Anda" in answer.text


def test_the_table_for_people_is_as_it_was_written_down(app):
    written = DOCUMENT.read_text(encoding="utf-8")
    assert table(app) == written, "run: .venv/bin/python -m tests.security.access_matrix"
    assert written.count("\n| ") > 400


def test_the_rules_of_the_matrix_hold(app):
    """It would notice a marker that is forgotten: the two kinds of a thing, and the two answers to a stranger."""
    own = Row("GET", "/x/<slug>", "x", "own_cooperative", frozenset({"slug"}), False)
    assert own.verdict(Role.COOPERATIVE, Whose.OWN) is Verdict.IN
    assert own.verdict(Role.COOPERATIVE, Whose.OTHER) is Verdict.ABSENT
    assert own.verdict(Role.ADMIN, Whose.OTHER) is Verdict.ABSENT
    assert own.verdict(None, Whose.OWN) is Verdict.SIGN_IN
    desk = Row("GET", "/x", "x", frozenset({Role.OPERATOR}), frozenset(), False)
    assert desk.verdict(Role.ADMIN, Whose.NOBODY) is Verdict.FORBIDDEN
