"""Activation codes: shown once, good once, for ninety days; wrong ones are paced."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.cooperatives import services
from app.cooperatives.codes import LIFETIME, paper_of
from app.cooperatives.happenings import timeline_of
from app.cooperatives.models import ActivationCode, Membership, MembershipState
from app.cooperatives.queries import codes_of, memberships_of
from app.cooperatives.rules import format_activation_code, new_activation_code
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from tests.support.parallel import endings


@pytest.fixture
def melati(make_cooperative):
    return make_cooperative(nama_koperasi="Koperasi Melati")


@pytest.fixture
def person(make_user):
    return make_user(name="Sekar Uji")


@pytest.fixture
def operator(make_user):
    return make_user(Role.OPERATOR, name="Bagas Uji")


@pytest.fixture
def code(melati, operator):
    with writing():
        return services.issue_code(melati, by=operator)


def test_the_code_itself_is_nowhere_in_the_database(code, melati):
    [paper] = codes_of(melati)
    assert code not in paper.code_digest
    assert paper.hint == code[-4:]
    assert paper.expires_at - now() > timedelta(days=89)
    entries = db.session.scalars(select(TrailEntry)).all()
    assert all(code not in f"{entry.subject_name}{entry.after}" for entry in entries)
    assert all(code not in str(happening.text) for happening in timeline_of(melati))


def test_the_paper_confirms_at_once_whatever_the_spelling(code, melati, person):
    with writing():
        membership = services.redeem_code(
            person, f" {format_activation_code(code).lower()} ", position="Ketua"
        )
    assert membership.state is MembershipState.ACTIVE
    assert memberships_of(person) == [membership]
    assert person.has_role(Role.COOPERATIVE)
    [paper] = codes_of(melati)
    assert (paper.used_by, paper.used_at is not None) == (person, True)


def test_the_paper_settles_a_claim_that_waits(code, melati, person):
    with writing():
        waiting = services.claim(person, melati, position="Sekretaris", note="Tolong diperiksa")
    with writing():
        membership = services.redeem_code(person, code, position="Ketua")
    assert membership.id == waiting.id
    assert (membership.state, membership.position) == (MembershipState.ACTIVE, "Ketua")


def test_a_code_is_good_once(code, person, make_user):
    other = make_user()
    with writing():
        services.redeem_code(person, code, position="Ketua")
    with pytest.raises(RuleBroken, match="sudah dipakai") as refusal, writing():
        services.redeem_code(other, code, position="Ketua")
    assert refusal.value.field == "kode"
    assert memberships_of(other) == []


def test_of_those_who_redeem_one_code_at_once_exactly_one_wins(app, code, make_user):
    people = [make_user().id for _ in range(4)]

    def redeem(user_id):
        services.redeem_code(db.session.get_one(User, user_id), code, position="Ketua")

    outcomes = endings(app, *(lambda user_id=user_id: redeem(user_id) for user_id in people))
    assert outcomes.count("done") == 1
    assert sum("sudah dipakai" in outcome for outcome in outcomes) == 3
    active = select(func.count()).where(Membership.state == MembershipState.ACTIVE)
    assert db.session.scalar(active) == 1


def test_a_revoked_or_expired_code_opens_nothing(code, melati, person, operator):
    with writing():
        services.revoke_code(codes_of(melati)[0], by=operator)
    with pytest.raises(RuleBroken, match="tidak berlaku"), writing():
        services.redeem_code(person, code, position="Ketua")
    with writing():
        fresh = services.issue_code(melati, by=operator)
    later = now() + LIFETIME + timedelta(seconds=1)
    with time_machine.travel(later), pytest.raises(RuleBroken, match="tidak berlaku"), writing():
        services.redeem_code(person, fresh, position="Ketua")


def test_a_code_is_revoked_once_and_not_after_its_use(code, melati, person, operator):
    with writing():
        services.redeem_code(person, code, position="Ketua")
        services.issue_code(melati, by=operator)
    fresh, used = codes_of(melati)
    with pytest.raises(RuleBroken, match="sudah dipakai"), writing():
        services.revoke_code(used, by=operator)
    with writing():
        services.revoke_code(fresh, by=operator)
    with pytest.raises(RuleBroken, match="sudah dicabut"), writing():
        services.revoke_code(fresh, by=operator)


def test_a_code_that_is_not_needed_is_not_spent(code, melati, person):
    with writing():
        services.add_member(person, melati, position="Ketua")
    with pytest.raises(RuleBroken, match="sudah menjadi pengelola"), writing():
        services.redeem_code(person, code, position="Ketua")
    assert codes_of(melati)[0].used_at is None


def test_five_papers_may_be_under_way(code, melati, operator):
    with writing():
        for _ in range(4):
            services.issue_code(melati, by=operator)
    with pytest.raises(RuleBroken, match="Cabut"), writing():
        services.issue_code(melati, by=operator)
    with writing():
        services.revoke_code(codes_of(melati)[0], by=operator)
        services.issue_code(melati, by=operator)
    assert db.session.scalar(select(func.count()).select_from(ActivationCode)) == 6


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Isi kode"),
        ("ABCD", "salah ketik"),
        ("0000-0000-0000", "salah ketik"),
        (None, "tidak kami kenal"),
    ],
)
def test_a_wrong_code_is_named_politely(app, person, typed, sentence):
    with pytest.raises(RuleBroken, match=sentence) as refusal, writing():
        services.redeem_code(person, new_activation_code() if typed is None else typed, position="Ketua")
    assert refusal.value.field == "kode"


def test_after_five_wrong_codes_an_account_waits_and_others_do_not(app):
    for _ in range(5):
        with writing():
            services.admit_code("7", address="203.0.113.9")
    with (
        pytest.raises(RuleBroken, match=r"Terlalu banyak kode yang salah\. Coba lagi pukul") as refusal,
        writing(),
    ):
        services.admit_code("7", address="203.0.113.9")
    assert refusal.value.field == "kode"
    with writing():
        services.admit_code("8", address="203.0.113.9")
    with time_machine.travel(now() + timedelta(minutes=2)), writing():
        services.admit_code("7", address="203.0.113.9")


def test_a_right_code_forgets_the_wrong_tries(code, person):
    for _ in range(5):
        with writing():
            door = services.admit_code("7", address="203.0.113.9")
    with writing():
        services.redeem_code(person, code, position="Ketua", door=door)
    with writing():
        services.admit_code("7", address="203.0.113.9")


def test_a_paper_is_known_by_its_own_cooperative_only(code, melati, make_cooperative):
    assert paper_of(melati, code) == codes_of(melati)[0]
    assert paper_of(make_cooperative(), code) is None
    assert paper_of(melati, "ABCD") is None
