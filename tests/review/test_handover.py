"""What an operator who leaves was reviewing goes to whom the admin names, or back into the queue."""

import pytest
from sqlalchemy import select

from app.accounts import services as accounts
from app.accounts.models import User
from app.accounts.signals import work_of
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.review import services
from app.review.models import Assignment
from app.review.queue import QueueFilter


@pytest.fixture
def taken(operator, make_report):
    report = make_report()
    with writing():
        services.take(report, by=operator)
    return report


def leave(operator, successor=None):
    with writing():
        sheet = accounts.deactivate(
            db.session.get_one(User, operator.id),
            reason="Pindah tugas",
            successor=db.session.get_one(User, successor.id) if successor else None,
        )
        return sheet.work


def test_the_reports_taken_are_the_open_work(operator, taken, make_user):
    (part,) = work_of(operator)
    assert [line.text for line in part.lines] == [taken.cooperative.nama_koperasi]
    assert work_of(make_user(Role.OPERATOR)) == []


def test_a_successor_gets_them(operator, taken, make_user):
    successor = make_user(Role.OPERATOR)
    (part,) = leave(operator, successor)
    assert part["lines"] == [[taken.cooperative.nama_koperasi, "tahun buku 2025"]]
    assert db.session.scalars(select(Assignment.user_id)).all() == [successor.id]


def test_one_who_is_no_operator_any_more_keeps_no_report_from_the_others(operator, taken, make_user):
    other = make_user(Role.OPERATOR)
    with writing():
        accounts.set_roles(db.session.get_one(User, operator.id), [Role.EDITOR])
    with writing():
        following = services.take_next(QueueFilter(), by=db.session.get_one(User, other.id))
        assert following is not None
        assert following.id == taken.id


@pytest.mark.parametrize("role", [None, Role.EDITOR])
def test_without_one_who_may_review_they_go_back_into_the_queue(operator, taken, make_user, role):
    leave(operator, make_user(role) if role else None)
    assert db.session.scalars(select(Assignment)).all() == []
