"""Telling those who agreed of a programme that fits them: each once, by the ways they chose."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.accounts.consents import choose
from app.accounts.models import ContactChannel, User
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import InboxMessage, OutboxMessage
from app.programs import services, telling
from app.programs.application_models import ProgramTelling
from app.programs.models import Program
from app.programs.rules import State
from tests.support.queries import count_queries

INBOX, EMAIL, WHATSAPP = ContactChannel


@pytest.fixture
def member(make_user, make_cooperative, make_membership):
    """``member("Konsumen", INBOX)``: somebody of a cooperative of that kind who agreed to these ways."""

    def make(jenis, *channels, **overrides):
        person, cooperative = make_user(Role.COOPERATIVE, **overrides), make_cooperative(jenis_koperasi=jenis)
        make_membership(person, cooperative)
        with writing():
            choose(db.session.get_one(User, person.id), channels)
        return person.id

    return make


@pytest.fixture
def program(app):
    with writing() as session:
        program = Program(
            slug="kasir", title="Pelatihan kasir", summary="Dua hari.", search_text="", state=State.PUBLISHED,
            publish_at=now(), audience=["cooperative"], target={"cooperative": {"jenis": ["Konsumen"]}},
        )  # fmt: skip
        session.add(program)
    return program.id


def told():
    rows = db.session.execute(select(ProgramTelling.user_id, ProgramTelling.channel))
    return {(user_id, channel.value) for user_id, channel in rows}


def test_those_who_fit_and_agreed_are_told_by_the_ways_they_chose_and_nobody_else(program, member):
    both, only_inbox = member("Konsumen", INBOX, EMAIL), member("Konsumen", INBOX)
    member("Jasa", INBOX, EMAIL), member("Konsumen"), member("Konsumen", WHATSAPP, phone="+6281200000001")
    assert telling.tell_all(program) == 2
    assert told() == {(both, "inbox"), (both, "email"), (only_inbox, "inbox")}
    assert set(db.session.scalars(select(InboxMessage.user_id))) == {both, only_inbox}
    mail = db.session.scalars(select(OutboxMessage)).one()
    assert mail.person_id == both
    assert "Pelatihan kasir cocok untuk Koperasi" in mail.body
    assert "/program/kasir" in mail.body
    assert "Berhenti kapan saja" in mail.body


def test_nobody_is_told_twice_however_often_it_runs(program, member):
    first = member("Konsumen", INBOX, EMAIL)
    assert telling.tell_waiting() == (1, 1)
    assert telling.tell_waiting() == (0, 0)
    late = member("Konsumen", INBOX)
    assert telling.tell_all(program) == 1
    assert {user for user, _channel in told()} == {first, late}
    assert len(db.session.scalars(select(OutboxMessage)).all()) == 1


def test_a_yes_that_was_taken_back_is_heeded_at_once(program, member):
    person = member("Konsumen", INBOX, EMAIL)
    with writing():
        choose(db.session.get_one(User, person), [INBOX])
    telling.tell_all(program)
    assert told() == {(person, "inbox")}


def test_a_programme_by_the_clock_is_told_once_its_moment_has_come(program, member):
    member("Konsumen", INBOX)
    with writing():
        later = now() + timedelta(days=366)
        values = {"state": State.SCHEDULED, "publish_at": later}
        db.session.execute(update(Program).where(Program.id == program).values(values))
    assert not telling.anything_to_tell()
    assert telling.tell_all(program) == 0
    with writing():
        db.session.execute(update(Program).where(Program.id == program).values(publish_at=now()))
    assert telling.anything_to_tell()
    assert telling.tell_waiting() == (1, 1)
    assert not telling.anything_to_tell()


def test_a_programme_that_has_closed_is_told_to_nobody_and_not_looked_at_again(program, member):
    member("Konsumen", INBOX)
    with writing():
        db.session.execute(
            update(Program).where(Program.id == program).values(deadline=now(), closes_at=now())
        )
    assert telling.tell_waiting() == (1, 0)
    assert not telling.anything_to_tell()


def test_published_again_it_reaches_those_who_have_come_since(program, member, make_user):
    editor = make_user(Role.EDITOR)
    member("Konsumen", INBOX)
    telling.tell_all(program)
    with writing():
        services.withdraw(db.session.get_one(Program, program), reason="Ditunda.", by=editor)
    member("Konsumen", INBOX)
    assert not telling.anything_to_tell()
    with writing():
        db.session.execute(
            update(Program).where(Program.id == program).values(body="x", contact_phone="0341")
        )
    with writing():
        services.publish(db.session.get_one(Program, program), by=editor)
    assert telling.tell_waiting() == (1, 1)


def test_who_acts_for_two_that_fit_gets_one_message_that_names_both(
    program, member, make_cooperative, make_membership
):
    person = member("Konsumen", INBOX)
    make_membership(
        db.session.get_one(User, person), make_cooperative(jenis_koperasi="Konsumen", nama_koperasi="Zamrud")
    )
    telling.tell_all(program)
    message = db.session.scalars(select(InboxMessage)).one()
    assert message.params["name"].endswith(", Zamrud")


def test_many_are_told_in_units_of_a_hundred_and_each_once(program, member, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 3)
    people = [member("Konsumen", INBOX) for _ in range(7)]
    assert telling.tell_all(program) == 7
    assert {user for user, _channel in told()} == set(people)


def test_a_run_that_was_cut_off_goes_on_where_it_stopped(program, member, monkeypatch):
    monkeypatch.setattr(telling, "BATCH", 2)
    people = [member("Konsumen", INBOX) for _ in range(5)]
    whole, calls = telling._tell_batch, []

    def cut(*arguments):
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        return whole(*arguments)

    monkeypatch.setattr(telling, "_tell_batch", cut)
    with pytest.raises(RuntimeError):
        telling.tell_all(program)
    assert len(told()) == 2
    assert telling.tell_waiting() == (1, 3)
    assert {user for user, _channel in told()} == set(people)


def test_whatsapp_is_noted_once_with_who_wrote_and_only_to_those_who_agreed(program, member, make_user):
    operator = make_user(Role.OPERATOR)
    person, other = member("Konsumen", WHATSAPP, phone="+6281200000001"), member("Konsumen", INBOX)

    def write(user_id):
        with writing():
            boss = db.session.get_one(User, operator.id)
            return telling.note_whatsapp(db.session.get_one(Program, program), user_id, by=boss)

    assert write(person)
    assert not write(person)
    with pytest.raises(RuleBroken, match="WhatsApp"):
        write(other)
    assert db.session.scalars(select(ProgramTelling.told_by)).one() == operator.name


def test_a_programme_for_citizens_tells_nobody(program, member):
    member("Konsumen", INBOX)
    with writing():
        db.session.execute(update(Program).where(Program.id == program).values(audience=["public"]))
    assert telling.tell_all(program) == 0


def test_the_unit_of_a_batch_asks_little(program, member):
    for _ in range(3):
        member("Konsumen", INBOX)
    with count_queries() as seen:
        telling.tell_all(program)
    assert seen.number < 25
