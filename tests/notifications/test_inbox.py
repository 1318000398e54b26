"""The site inbox: who is told, how often, and what they have read."""

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.core.extensions import db
from app.core.i18n import say
from app.core.text import N_, Text
from app.core.writing import writing
from app.notifications import inbox
from app.notifications.models import InboxMessage
from tests.support.parallel import at_once
from tests.support.queries import count_queries

NEWS = N_("Program %(title)s cocok untuk %(who)s, sampai %(day)s.")
ABOUT = {"title": "Pelatihan", "who": Text("koperasi Anda"), "day": "2026-08-17"}


@pytest.fixture
def people(make_user):
    return [make_user().id for _ in range(3)]


def messages_of(user_id):
    return db.session.scalars(inbox.inbox_of(user_id)).all()


def unread(user_id):
    return db.session.scalar(select(inbox.unread_count(user_id)))


def test_everybody_is_told_once_about_one_subject_however_often_it_is_said(app, people):
    with writing():
        assert inbox.tell(people[:2], NEWS, ABOUT, kind="program", subject="program:1") == people[:2]
    with writing():
        assert inbox.tell(people, NEWS, ABOUT, kind="program", subject="program:1") == people[2:]
    assert [len(messages_of(one)) for one in people] == [1, 1, 1]


def test_another_subject_another_kind_and_a_message_without_subject_are_told_each_time(app, people):
    with writing():
        for kind, subject in (("program", "program:1"), ("program", "program:2"), ("news", "program:1")):
            inbox.tell(people[:1], NEWS, ABOUT, kind=kind, subject=subject)
        for _ in range(2):
            inbox.tell(people[:1], NEWS, ABOUT, kind="news")
    assert len(messages_of(people[0])) == 5


def test_two_who_tell_at_the_same_moment_tell_each_person_once(app, people):
    def deed():
        return inbox.tell(people, NEWS, ABOUT, kind="program", subject="program:1")

    told = at_once(app, deed, deed)
    assert sorted(told[0] + told[1]) == people
    assert [unread(one) for one in people] == [1, 1, 1]


def test_a_message_is_read_in_the_words_of_its_reader(app, people):
    with writing():
        inbox.tell(people, NEWS, ABOUT, kind="program", link="/program/pelatihan")
    message = messages_of(people[0])[0]
    with app.test_request_context():
        words = say(inbox.text_of(message))
    assert words == "Program Pelatihan cocok untuk koperasi Anda, sampai 17 Agustus 2026."


def test_reading_one_message_leaves_the_others_unread(app, people):
    with writing():
        for number in range(3):
            inbox.tell(people[:2], NEWS, ABOUT, kind="program", subject=f"program:{number}")
    first = messages_of(people[0])[0]
    with writing():
        assert inbox.mark_read(people[0], first.id) == 1
    assert (unread(people[0]), unread(people[1])) == (2, 3)
    with writing():
        assert inbox.mark_read(people[0]) == 2
        assert inbox.mark_read(people[0]) == 0


def test_what_is_no_longer_true_is_taken_back_from_those_who_have_not_read_it(app, people):
    with writing():
        inbox.tell(people, NEWS, ABOUT, kind="program", subject="program:1")
        inbox.mark_read(people[0])
    with writing():
        assert inbox.take_back("program", "program:1") == 2
    assert db.session.scalars(select(InboxMessage.user_id)).all() == people[:1]


def test_seven_hundred_people_are_told_in_two_statements(app):
    with writing() as session:
        many = [User(name=f"Orang {n}", email=f"banyak{n}@uji.example") for n in range(700)]
        session.add_all(many)
        session.flush()
        ids = [person.id for person in many]
    with count_queries() as seen, writing():
        told = inbox.tell(ids, NEWS, ABOUT, kind="program", subject="program:1")
    assert (told, seen.number) == (ids, 2)
