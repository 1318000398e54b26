"""A list of many people: a piece of a name, an address or a number is found by the index, as reading letter by letter finds it."""

import pytest
from sqlalchemy import delete, insert, select, text

from app.accounts import people_index
from app.accounts.models import Standing, User
from app.accounts.people_index import Piece
from app.accounts.queries import PeopleFilter, people, people_page, piece_of
from app.core.access import Role
from app.core.extensions import db
from app.core.paging import COUNT_LIMIT
from app.core.writing import is_sqlite, writing
from tests.support.queries import count_queries

PEOPLE = 1100  # more than are counted


@pytest.fixture
def crowd(app):
    """Eleven hundred whose names end in *melati uji*, every hundredth with a telephone; those who came first come last by name."""
    with writing() as session:
        session.execute(insert(User), [_row(number) for number in range(PEOPLE)])


def _row(number):
    return {
        "name": f'O\'Range "{PEOPLE - number:04}" Mélati Uji',
        "email": f"o_{number}@Uji.Example".lower(),
        "phone": f"+62812{number:07}" if number % 100 == 0 else None,
        "password_hash": None if number % 500 == 0 else "x",
    }


def _page(app, **wanted):
    with app.test_request_context("/dinas/pengguna"):
        page, count = people_page(PeopleFilter(**wanted))
    return [user.name for user in page.rows], count


PIECES = (
    'ge "00',
    "o'range",
    "RANGE",
    "ati uji",
    "o_12",
    "_12",
    "%12",
    "8120000100",
    "0812-0000-200",
    "lati uj\x00",
)


def test_the_index_finds_what_reading_letter_by_letter_finds(app, crowd):
    for piece in (*PIECES, "élati", "uj", "o_500@uji.ex", 'e"', "budi 62812", "( OR *"):
        if "\x00" in piece and not is_sqlite():
            continue  # PostgreSQL can hold none, and no form lets one through
        every = select(User).where(piece_of(piece).condition)
        if piece_of(piece).is_indexed:
            met = people_index.met(every, piece_of(piece)).with_only_columns(User.id)
            read = every.with_only_columns(User.id)
            assert set(db.session.scalars(met)) == set(db.session.scalars(read)), piece
        names, count = _page(app, wanted=piece)
        everybody = sorted(db.session.scalars(every.with_only_columns(User.name)))
        assert names == everybody[:25], piece
        assert count == min(len(everybody), COUNT_LIMIT + 1), piece


def test_few_letters_are_no_question_for_the_index():
    assert not any(Piece(words).is_indexed for words in ("", "ab", "é€é", "abc\x00"))
    assert not Piece("08 1", "81").is_indexed
    assert Piece("abc", "812").is_indexed


def test_the_index_keeps_step_with_people(app, make_user):
    kept, gone = make_user(name="Kenanga Uji"), make_user(name="Kemuning Uji")
    with writing() as session:
        session.get(User, kept.id).name = "Seruni Uji"
        session.execute(delete(User).where(User.id == gone.id))
    for piece, found in (("kenanga", []), ("kemuning", []), ("seruni", ["Seruni Uji"])):
        query = people_index.met(people(PeopleFilter(wanted=piece)), Piece(piece))
        assert [user.name for user in db.session.scalars(query)] == found


def test_nobody_is_looked_for_among_everybody(app, crowd):
    if not is_sqlite():
        pytest.skip("PostgreSQL has statistics of its own")
    for wanted, index in (
        ({"wanted": "melati"}, "search_user VIRTUAL TABLE"),
        ({"role": Role.EDITOR}, "ix_user_role_role"),
        ({"role": Role.EDITOR, "wanted": "melati"}, "ix_user_role_role"),
        ({"standing": Standing.INACTIVE}, "ix_user_inactive"),
        ({"standing": Standing.INVITED, "staff_too": False}, "ix_user_invited"),
    ):
        with count_queries() as seen:
            _page(app, **wanted)
        plans = [line for statement in seen.statements for line in _plan(statement)]
        assert any(index in line for line in plans), wanted
        assert not [line for line in plans if line in ("SCAN user", "SCAN user USING INDEX ix_user_name")]


def _plan(statement):
    plain = statement.replace("MATCH ?", "MATCH '\"abc\"'").replace("LIMIT ? OFFSET ?", "LIMIT 9")
    plain = plain.replace("?", "'1'").replace(":", "\\:")
    return [row[-1] for row in db.session.execute(text("EXPLAIN QUERY PLAN " + plain))]
