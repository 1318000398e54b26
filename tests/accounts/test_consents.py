"""Who wants to be told of programmes, by what way: asked once, changed at any time, each change on record."""

import pytest
from sqlalchemy import select

from app.accounts.consents import agreed, channels_of, choices_of, choose, was_asked
from app.accounts.models import ContactChannel, ContactConsent, User
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from tests.support.parallel import at_once

INBOX, EMAIL, WHATSAPP = ContactChannel


@pytest.fixture
def me(make_user):
    return make_user(Role.COOPERATIVE, phone="+6281234567890")


@pytest.fixture
def browser(client_as, me):
    return client_as(me)


def rows():
    return db.session.scalars(select(ContactConsent).order_by(ContactConsent.id)).all()


def set_to(user, *channels):
    with writing():
        return choose(db.session.get_one(User, user.id), channels)


def test_a_yes_counts_until_it_is_taken_back_and_both_stay_on_record(me):
    assert set_to(me, INBOX, EMAIL)
    assert channels_of(me.id) == {INBOX, EMAIL}
    assert set_to(me, EMAIL)
    assert channels_of(me.id) == {EMAIL}
    assert set_to(me, INBOX, EMAIL)
    told = [(row.channel, row.revoked_at is None) for row in rows()]
    assert sorted(told) == [(EMAIL, True), (INBOX, False), (INBOX, True)]
    actions = db.session.scalars(select(TrailEntry.action)).all()
    assert actions.count("user.consents") == 3


def test_saying_the_same_again_changes_nothing(me):
    set_to(me, INBOX)
    assert not set_to(me, INBOX)
    assert len(rows()) == 1


def test_a_no_is_remembered_so_that_nobody_asks_again(me):
    assert not was_asked(me.id)
    assert not set_to(me)
    assert not set_to(me)
    assert was_asked(me.id)
    assert channels_of(me.id) == frozenset()
    assert len(rows()) == 1


def test_only_ways_that_reach_the_person_are_offered(make_user):
    assert choices_of(make_user(email=None, phone="+62341551234")) == (INBOX,)
    person = make_user(phone="+6281234567890")
    assert choices_of(person) == (INBOX, EMAIL, WHATSAPP)
    other = make_user(phone=None)
    set_to(other, INBOX, WHATSAPP)
    assert channels_of(other.id) == {INBOX}


def test_who_left_is_not_told_any_more(me):
    set_to(me, INBOX)
    assert db.session.scalars(select(User.id).where(agreed(INBOX))).all() == [me.id]
    with writing():
        db.session.get_one(User, me.id).deactivated_at = me.created_at
    assert db.session.scalars(select(User.id).where(agreed(INBOX))).all() == []


def test_the_same_yes_from_two_devices_is_one_yes(app, me):
    mine = me.id

    def deed():
        return choose(db.session.get_one(User, mine), [INBOX, EMAIL])

    assert sorted(at_once(app, deed, deed)) == [False, True]
    assert len(rows()) == 2


def test_the_overview_asks_once_and_the_account_page_can_change_it(
    browser, me, make_cooperative, make_membership
):
    make_membership(me, make_cooperative())
    question = "Boleh kami kabari"
    assert question in browser.get("/laporan").text
    answer = browser.post("/akun/kabari", data={"saluran": ["inbox"], "next": "/laporan"})
    assert (answer.status_code, answer.location) == (303, "/laporan")
    assert question not in browser.get("/laporan").text
    assert 'name="saluran" value="inbox" checked' in browser.get("/akun").text
    browser.post("/akun/kabari", data={})
    assert channels_of(me.id) == frozenset()
    assert question not in browser.get("/laporan").text


def test_no_thanks_is_taken_at_its_word(browser, me):
    browser.post("/akun/kabari", data={"saluran": ["inbox"], "tidak": "1", "next": "//lain.example"})
    assert channels_of(me.id) == frozenset()
    assert was_asked(me.id)


def test_a_made_up_channel_is_ignored(browser, me):
    answer = browser.post("/akun/kabari", data={"saluran": ["merpati", "inbox"], "next": "//lain.example"})
    assert answer.location == "/akun"
    assert channels_of(me.id) == {INBOX}


def test_staff_are_not_asked(client_as, make_user):
    assert "Kabari saya tentang program" not in client_as(make_user(Role.OPERATOR)).get("/akun").text
