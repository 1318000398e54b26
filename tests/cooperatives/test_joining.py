"""Claims: who asks, who decides, what everybody is told, and what cannot happen twice."""

import pytest
from sqlalchemy import func, select

from app.accounts.models import User
from app.accounts.services import deactivate
from app.audit.models import TrailEntry
from app.cooperatives import services
from app.cooperatives.happenings import timeline_of
from app.cooperatives.models import Cooperative, Listing, Membership, MembershipState
from app.cooperatives.queries import (
    claims_of,
    members_of,
    membership_of,
    memberships_of,
    waiting_claims,
)
from app.core.access import Role
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from tests.support.parallel import endings

PROPOSAL = {
    "nama_koperasi": "Koperasi Teratai Baru",
    "nomor_badan_hukum": "AHU-1",
    "kode_kelurahan": "35.73.01.1001",
}


@pytest.fixture
def melati(make_cooperative):
    return make_cooperative(nama_koperasi="Koperasi Melati")


@pytest.fixture
def person(make_user):
    return make_user(name="Sekar Uji", email="sekar@uji.example")


@pytest.fixture
def operator(make_user):
    return make_user(Role.OPERATOR, name="Bagas Uji")


@pytest.fixture
def waiting(person, melati):
    with writing():
        return services.claim(person, melati, position="Ketua", note="Saya ketua sejak 2024.")


def mail(kind):
    db.session.rollback()
    return db.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == kind)).all()


def sentences(cooperative):
    db.session.rollback()
    return [str(happening.text) for happening in timeline_of(cooperative)]


def test_a_claim_waits_and_opens_nothing(waiting, person, melati):
    assert waiting.state is MembershipState.PENDING
    assert memberships_of(person) == []
    assert claims_of(person) == [waiting]
    assert waiting_claims() == 1
    assert not person.has_role(Role.COOPERATIVE)
    [message] = mail("claim.received")
    assert message.to_address == "sekar@uji.example"
    assert "Ketua Koperasi Melati" in message.body
    assert sentences(melati) == ["Sekar Uji mengajukan diri sebagai Ketua"]


def test_an_accepted_claim_lets_the_person_act_and_tells_them(waiting, person, melati, operator):
    with writing():
        services.decide_claim(waiting, accept=True, by=operator)
    assert [member.user for member in members_of(melati)] == [person]
    assert memberships_of(person) == [waiting]
    assert (waiting.decided_by, waiting.state) == (operator, MembershipState.ACTIVE)
    assert person.has_role(Role.COOPERATIVE)
    assert waiting_claims() == 0
    assert [message.to_name for message in mail("claim.accepted")] == ["Sekar Uji"]
    assert sentences(melati)[0] == "Sekar Uji menjadi pengelola sebagai Ketua"


def test_colleagues_learn_who_joined_them(waiting, melati, operator, make_user, make_membership):
    make_membership(make_user(name="Laras Uji"), melati)
    make_membership(make_user(name="Tanpa Surel", email=None, phone="+6281234567890"), melati)
    with writing():
        services.decide_claim(waiting, accept=True, by=operator)
    assert [message.to_name for message in mail("membership.joined")] == ["Laras Uji"]


def test_a_refusal_needs_a_reason_and_says_it(waiting, person, operator):
    with pytest.raises(RuleBroken) as refusal, writing():
        services.decide_claim(waiting, accept=False, by=operator, reason="  ")
    assert refusal.value.field == "alasan"
    with writing():
        services.decide_claim(waiting, accept=False, by=operator, reason="Nama tidak ada di akta.")
    assert waiting.state is MembershipState.REFUSED
    [message] = mail("claim.refused")
    assert "Nama tidak ada di akta." in message.body
    assert memberships_of(person) == []


def test_a_refused_claim_can_be_made_again(waiting, person, melati, operator):
    with writing():
        services.decide_claim(waiting, accept=False, by=operator, reason="Kurang jelas")
    with writing():
        again = services.claim(person, melati, position="Sekretaris", note="Ini SK saya.")
    assert again.id == waiting.id
    assert (again.state, again.position, again.reason, again.decided_at) == (
        MembershipState.PENDING,
        "Sekretaris",
        "",
        None,
    )


def test_a_decided_claim_is_not_decided_again(waiting, operator, make_user):
    other = make_user(Role.OPERATOR)
    with writing():
        services.decide_claim(waiting, accept=True, by=operator)
    with pytest.raises(RuleBroken, match="sudah diputuskan oleh Bagas Uji"), writing():
        services.decide_claim(waiting, accept=False, by=other, reason="x")
    assert waiting.state is MembershipState.ACTIVE


def test_of_two_operators_who_decide_at_once_one_is_told(app, waiting, operator, make_user):
    other = make_user(Role.OPERATOR)
    claim, people = waiting.id, (operator.id, other.id)

    def decide(user_id, accept):
        membership = db.session.get_one(Membership, claim)
        services.decide_claim(
            membership, accept=accept, by=db.session.get_one(User, user_id), reason="Bukan pengurus"
        )

    outcomes = endings(app, lambda: decide(people[0], True), lambda: decide(people[1], False))
    assert sorted(outcome == "done" for outcome in outcomes) == [False, True]
    assert any("sudah diputuskan oleh" in outcome for outcome in outcomes)
    decisions = select(func.count()).where(
        TrailEntry.action.in_(("membership.activated", "membership.refused"))
    )
    assert db.session.scalar(decisions) == 1


def test_one_person_who_claims_twice_at_once_has_one_claim(app, person, melati):
    user_id, cooperative_id = person.id, melati.id

    def ask():
        services.claim(
            db.session.get_one(User, user_id),
            db.session.get_one(Cooperative, cooperative_id),
            position="Ketua",
        )

    outcomes = endings(app, ask, ask, ask)
    assert outcomes.count("done") == 1
    assert db.session.scalar(select(func.count()).select_from(Membership)) == 1


def test_a_person_acts_for_several_and_a_cooperative_has_several(
    person, melati, make_cooperative, make_user, operator
):
    other, colleague = make_cooperative(nama_koperasi="Koperasi Anggrek"), make_user()
    with writing():
        services.add_member(person, melati, position="Ketua", by=operator)
        services.add_member(person, other, position="Bendahara")
        services.add_member(colleague, melati, position="Sekretaris")
    assert [m.cooperative.nama_koperasi for m in memberships_of(person)] == [
        "Koperasi Anggrek",
        "Koperasi Melati",
    ]
    assert [m.position for m in members_of(melati)] == ["Ketua", "Sekretaris"]


def test_who_acts_already_need_not_claim(waiting, person, melati, operator):
    with pytest.raises(RuleBroken, match="masih menunggu"), writing():
        services.claim(person, melati, position="Ketua")
    with writing():
        services.decide_claim(waiting, accept=True, by=operator)
    with pytest.raises(RuleBroken, match="sudah menjadi pengelola"), writing():
        services.claim(person, melati, position="Ketua")


@pytest.mark.parametrize("state", [{"listing": Listing.PROPOSED}, {"listing": Listing.REFUSED}])
def test_what_is_not_listed_cannot_be_claimed(person, make_cooperative, state):
    hidden = make_cooperative(**state)
    with pytest.raises(RuleBroken, match="belum ada di register"), writing():
        services.claim(person, hidden, position="Ketua")


def test_a_dissolved_cooperative_and_the_offices_own_people_make_no_claims(
    person, melati, operator, make_cooperative
):
    gone = make_cooperative(dissolved_on=today(), dissolved_decree="518/1")
    with pytest.raises(RuleBroken, match="tercatat bubar"), writing():
        services.claim(person, gone, position="Ketua")
    with pytest.raises(RuleBroken, match="petugas"), writing():
        services.claim(operator, melati, position="Ketua")


def test_ten_claims_may_wait_and_no_more(person, make_cooperative):
    cooperatives = [make_cooperative() for _ in range(11)]
    with writing():
        for cooperative in cooperatives[:10]:
            services.claim(person, cooperative, position="Ketua")
    with pytest.raises(RuleBroken, match="belum diperiksa"), writing():
        services.claim(person, cooperatives[10], position="Ketua")


def test_an_operator_ends_a_right_with_a_reason(waiting, person, melati, operator):
    with writing():
        services.decide_claim(waiting, accept=True, by=operator)
    with pytest.raises(RuleBroken, match="alasan"), writing():
        services.end_membership(waiting, by=operator, reason="")
    with writing():
        services.end_membership(waiting, by=operator, reason="Pengurus berganti")
    assert (waiting.state, waiting.reason) == (MembershipState.ENDED, "Pengurus berganti")
    assert memberships_of(person) == []
    assert "Pengurus berganti" in mail("membership.ended")[0].body
    with pytest.raises(RuleBroken, match="bukan pengelola lagi"), writing():
        services.end_membership(waiting, by=operator, reason="x")


def test_a_claim_can_be_taken_back_until_it_is_decided(waiting, person, melati, operator):
    with writing():
        services.withdraw_claim(waiting)
    assert waiting.state is MembershipState.ENDED
    assert waiting_claims() == 0
    with writing():
        again = services.claim(person, melati, position="Ketua")
        services.decide_claim(again, accept=True, by=operator)
    with pytest.raises(RuleBroken, match="sudah diputuskan"), writing():
        services.withdraw_claim(again)


def test_a_proposal_enters_the_register_with_its_claim(person, operator):
    with writing():
        proposal = services.propose(person, PROPOSAL, position="Ketua", note="Baru berdiri")
    assert proposal.cooperative.listing is Listing.PROPOSED
    with writing():
        services.decide_claim(proposal, accept=True, by=operator)
    assert proposal.cooperative.listing is Listing.LISTED
    assert memberships_of(person) == [proposal]
    assert "Usulan diterima; masuk register" in sentences(proposal.cooperative)


def test_a_refused_and_a_withdrawn_proposal_stay_out_of_the_register(person, operator):
    with writing():
        first = services.propose(person, PROPOSAL, position="Ketua")
        second = services.propose(person, PROPOSAL, position="Ketua")
    with writing():
        services.decide_claim(first, accept=False, by=operator, reason="Sudah ada")
        services.withdraw_claim(second)
    assert [p.cooperative.listing for p in (first, second)] == [Listing.REFUSED, Listing.REFUSED]


def test_a_proposal_of_what_is_there_already_is_pointed_there_and_still_waits(person, melati, operator):
    with writing():
        proposal = services.propose(person, PROPOSAL, position="Ketua", note="Saya ketua")
    proposed = proposal.cooperative
    with writing():
        services.merge_claim(proposal, into=melati, by=operator)
    assert proposal.cooperative == melati
    assert (proposal.state, proposal.note) == (MembershipState.PENDING, "Saya ketua")
    assert proposed.listing is Listing.REFUSED
    assert membership_of(person, proposed) is None
    with writing():
        services.decide_claim(proposal, accept=True, by=operator)
    assert memberships_of(person) == [proposal]


def test_a_merge_takes_the_place_of_an_earlier_refusal_but_not_of_a_standing_claim(
    person, melati, operator, waiting
):
    with writing():
        proposal = services.propose(person, PROPOSAL, position="Ketua")
    with pytest.raises(RuleBroken, match="sudah mengajukan diri"), writing():
        services.merge_claim(proposal, into=melati, by=operator)
    with writing():
        services.decide_claim(waiting, accept=False, by=operator, reason="Kurang jelas")
    with writing():
        services.merge_claim(proposal, into=melati, by=operator)
    assert claims_of(person) == [proposal]


def test_only_a_proposal_can_be_merged(waiting, make_cooperative, operator):
    other = make_cooperative()
    with pytest.raises(RuleBroken, match="Hanya usulan"), writing():
        services.merge_claim(waiting, into=other, by=operator)


@pytest.mark.parametrize(
    ("more", "field"), [({"position": " "}, "jabatan"), ({"note": "x" * 1001}, "catatan")]
)
def test_a_claim_says_what_it_lacks(person, melati, more, field):
    with pytest.raises(RuleBroken) as refusal, writing():
        services.claim(person, melati, **({"position": "Ketua"} | more))
    assert refusal.value.field == field


def test_a_closed_account_is_not_accepted(waiting, person, operator, make_user):
    with writing():
        deactivate(person, by=operator, reason="Permintaan sendiri")
    with pytest.raises(RuleBroken, match="nonaktif"), writing():
        services.decide_claim(waiting, accept=True, by=operator)
