"""Applying for a programme: seats in order of arrival, never one too many, and the waitlist behind them."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.cooperatives import merging
from app.cooperatives.models import Cooperative, CooperativeMerge, Membership, MembershipState, TimelineEvent
from app.core.access import Role
from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import Text
from app.core.writing import writing
from app.notifications.models import InboxMessage, OutboxMessage
from app.programs import applying
from app.programs.applicants import applicants_of
from app.programs.application_models import ProgramApplication
from app.programs.application_rules import Progress, free_seat
from app.programs.models import Program
from app.programs.rules import State
from tests.support.fuzzing import examples
from tests.support.parallel import at_once


@pytest.fixture
def make_program(app):
    def make(**overrides):
        values = {
            "slug": f"pelatihan-{len(overrides)}-{now().timestamp()}".replace(".", "-"),
            "title": "Pelatihan kasir", "search_text": "", "state": State.PUBLISHED, "publish_at": now(),
            "audience": ["cooperative"], "takes_applications": True, "quota": 2,
        }  # fmt: skip
        with writing() as session:
            program = Program(**(values | overrides))
            session.add(program)
        return program

    return make


@pytest.fixture
def apply(app, make_user, make_cooperative, make_membership):
    """``apply(program)``: a new cooperative applies; the application."""

    def send(program, **overrides):
        person, cooperative = make_user(Role.COOPERATIVE), make_cooperative()
        make_membership(person, cooperative)
        return apply_as(program, person, **overrides)

    def apply_as(program, person, **overrides):
        values = {
            "contact_name": "Bu Rekaan",
            "contact_phone": "0812 3456 7890",
            "answer": "",
            "agreed": True,
        }
        with writing():
            user = db.session.get_one(User, person.id)
            held = db.session.get_one(Program, program.id)
            applicant = applicants_of(user)[0]
            return applying.apply(held, applicant, by=user, **(values | overrides)).id

    send.by = apply_as
    return send


def get(id_):
    db.session.expire_all()
    return db.session.get_one(ProgramApplication, id_)


def standing(*ids):
    return [get(id_).state.value for id_ in ids]


def decide(id_, to, reason="", by=None):
    with writing():
        boss = by or User(id=None, name="Petugas Uji")
        applying.decide(db.session.get_one(ProgramApplication, id_), to, by=boss, reason=reason)


def inbox_of(id_):
    owner = get(id_).user_id
    rows = db.session.scalars(
        select(InboxMessage).where(InboxMessage.user_id == owner).order_by(InboxMessage.id)
    )
    return [str(Text(row.template, row.params)) for row in rows]


def test_seats_go_in_order_of_arrival_and_then_there_is_a_waitlist(make_program, apply):
    program = make_program(quota=2)
    ids = [apply(program) for _ in range(4)]
    assert standing(*ids) == ["accepted", "accepted", "waitlisted", "waitlisted"]
    assert [get(id_).seat for id_ in ids] == [1, 2, None, None]


def test_a_seat_given_back_goes_to_the_first_in_line_who_is_told(make_program, apply):
    program = make_program(quota=1)
    first, second, third = (apply(program) for _ in range(3))
    with writing():
        applying.withdraw(db.session.get_one(ProgramApplication, first))
    assert standing(first, second, third) == ["withdrawn", "accepted", "waitlisted"]
    name = get(second).name
    assert inbox_of(second) == [f"{name} diterima di program Pelatihan kasir."]
    mail = db.session.scalars(select(OutboxMessage.body)).one()
    assert f"/akun/program/{second}" in mail
    assert inbox_of(first) == []


def test_a_refusal_needs_a_reason_frees_the_seat_and_both_are_told(make_program, apply):
    program = make_program(quota=1)
    first, second = apply(program), apply(program)
    with pytest.raises(RuleBroken, match="alasan"):
        decide(first, "refused")
    decide(first, "refused", "Berkasnya belum lengkap.")
    assert standing(first, second) == ["refused", "accepted"]
    assert "ditolak: Berkasnya belum lengkap." in inbox_of(first)[0]
    assert "diterima" in inbox_of(second)[0]


def test_whoever_withdrew_may_come_back_at_the_end_of_the_line(make_program, apply):
    program = make_program(quota=1)
    first, second, third = (apply(program) for _ in range(3))
    with writing():
        applying.withdraw(db.session.get_one(ProgramApplication, second))
    again = apply.by(program, get(second).user)
    assert standing(first, second, third, again) == ["accepted", "withdrawn", "waitlisted", "waitlisted"]
    assert get(third).queued_at < get(again).queued_at


def test_where_staff_choose_all_wait_until_accepted(make_program, apply):
    program = make_program(quota=1)
    with writing():
        applying.set_intake(
            db.session.get_one(Program, program.id), mode="selection", question="Mengapa ikut?"
        )
    first, second = apply(program, answer="Belajar"), apply(program, answer="Butuh")
    assert standing(first, second) == ["waiting", "waiting"]
    decide(second, "accepted")
    with pytest.raises(RuleBroken, match="Kuota 1 sudah penuh"):
        decide(first, "accepted")
    decide(first, "waitlisted")
    decide(second, "refused", "Mengundurkan diri lewat telepon.")
    assert standing(first, second) == ["accepted", "refused"]


def test_who_does_not_fit_waits_for_staff_instead_of_taking_a_seat(make_program, apply):
    program = make_program(quota=1, target={"cooperative": {"jenis": ["Konsumen"]}})
    assert standing(apply(program)) == ["waiting"]


def test_without_a_quota_everybody_is_accepted(make_program, apply):
    program = make_program(quota=None)
    ids = [apply(program) for _ in range(3)]
    assert [get(id_).seat for id_ in ids] == [1, 2, 3]


def test_a_larger_quota_is_filled_from_the_waitlist_before_anybody_new(make_program, apply):
    program = make_program(quota=1)
    first, second = apply(program), apply(program)
    with writing():
        db.session.execute(update(Program).where(Program.id == program.id).values(quota=2))
    assert applying.anybody_to_seat(db.session.get_one(Program, program.id))
    third = apply(program)
    assert standing(first, second, third) == ["accepted", "accepted", "waitlisted"]
    assert not applying.anybody_to_seat(db.session.get_one(Program, program.id))


def test_nobody_applies_twice(make_program, apply):
    program = make_program()
    first = apply(program)
    with pytest.raises(RuleBroken, match="sudah terdaftar"):
        apply.by(program, get(first).user)


@pytest.mark.parametrize(
    ("overrides", "words"),
    [
        ({"takes_applications": False}, "tidak menerima pendaftaran"),
        ({"state": State.DRAFT, "publish_at": None}, "tidak menerima pendaftaran"),
        ({"deadline": now() - timedelta(hours=1), "closes_at": now()}, "sudah ditutup"),
        ({"audience": ["enterprise"]}, "bukan untuk"),
    ],
)
def test_a_programme_that_is_not_open_to_the_applicant_takes_nobody(make_program, apply, overrides, words):
    with pytest.raises(RuleBroken, match=words):
        apply(make_program(**overrides))


@pytest.mark.parametrize(
    ("overrides", "field"),
    [
        ({"contact_name": "  "}, "kontak"),
        ({"contact_phone": "telepon"}, "telepon"),
        ({"agreed": False}, "setuju"),
    ],
)
def test_what_is_missing_is_named(make_program, apply, overrides, field):
    with pytest.raises(RuleBroken) as refusal:
        apply(make_program(), **overrides)
    assert refusal.value.field == field


def test_the_application_stands_on_the_timeline_and_keeps_what_the_data_said(make_program, apply):
    program = make_program(quota=1)
    first = apply(program)
    event = db.session.scalars(select(TimelineEvent).where(TimelineEvent.kind == "program")).one()
    assert str(Text(event.template, event.params)) == "Diterima di program Pelatihan kasir"
    assert event.link == f"/program/{program.slug}"
    assert ["Nama koperasi", get(first).name] in get(first).facts["known"]


def test_a_decision_on_what_has_changed_meanwhile_is_refused(make_program, apply):
    program = make_program(quota=1)
    first = apply(program)
    with writing():
        applying.withdraw(db.session.get_one(ProgramApplication, first))
    with pytest.raises(RuleBroken, match="sudah berubah"):
        decide(first, "accepted")
    with pytest.raises(RuleBroken, match="tidak bisa ditarik"), writing():
        applying.withdraw(db.session.get_one(ProgramApplication, first))
    with pytest.raises(RuleBroken, match="sudah berubah"):
        decide(first, "hilang")


@pytest.mark.parametrize(
    "values",
    [
        {"seat": 1, "seats": 2},
        {"seat": 3, "seats": 2},
        {"seat": None, "seats": None},
        {"seat": 0, "seats": 2},
    ],
)
def test_the_database_itself_refuses_a_seat_too_many(make_program, apply, values):
    program = make_program(quota=1)
    _first, second = apply(program), apply(program)
    wrong = update(ProgramApplication).where(ProgramApplication.id == second)
    with pytest.raises(IntegrityError), writing():
        db.session.execute(wrong.values(state=Progress.ACCEPTED, **values))


@pytest.mark.parametrize(
    ("taken", "quota", "seat"),
    [(set(), 1, 1), ({1}, 1, None), ({1, 3}, 3, 2), ({1, 2}, None, 3), ({2}, None, 1)],
)
def test_the_lowest_free_seat_is_given(taken, quota, seat):
    assert free_seat(taken, quota) == seat


QUOTA = 20
APPLICANTS = min(200, max(60, examples(50)))  # ./test --hypothesis-profile explore: two hundred


def test_a_crowd_that_applies_at_once_for_twenty_seats_fills_exactly_twenty(app, client_as, make_program):
    """The whole way that a browser goes: the forms are posted, a dozen at any moment."""
    program = make_program(quota=QUOTA)
    slug, number = program.slug, program.id
    with writing() as session:
        people = [User(name=f"Ketua {n}", email=f"ketua{n}@uji.example") for n in range(APPLICANTS)]
        rows = [
            Cooperative(
                slug=f"ramai-{n}",
                region="35.73",
                nama_koperasi=f"Koperasi {n}",
                name_key=f"{n}",
                search_text="",
            )
            for n in range(APPLICANTS)
        ]
        session.add_all([*people, *rows])
        session.flush()
        session.add_all(
            Membership(
                user_id=person.id, cooperative_id=row.id, position="Ketua", state=MembershipState.ACTIVE
            )
            for person, row in zip(people, rows, strict=True)
        )
    browsers = [client_as(person) for person in people]
    db.session.remove()

    def send(browser):
        form = {"kontak": "Bu Rekaan", "telepon": "0812 3456 7890", "setuju": "1"}
        return browser.post(f"/program/{slug}/daftar", data=form).status_code

    with ThreadPoolExecutor(max_workers=12) as crowd:
        assert list(crowd.map(send, browsers)) == [303] * APPLICANTS

    query = (
        select(ProgramApplication)
        .where(ProgramApplication.program_id == number)
        .order_by(ProgramApplication.id)
    )
    found = db.session.scalars(query).all()
    assert len({row.cooperative_id for row in found}) == APPLICANTS
    assert [row.state for row in found] == [Progress.ACCEPTED] * QUOTA + [Progress.WAITLISTED] * (
        APPLICANTS - QUOTA
    )
    assert [row.seat for row in found[:QUOTA]] == list(range(1, QUOTA + 1))
    queue = [row.queued_at for row in found[QUOTA:]]
    assert queue == sorted(queue)


def test_seats_given_back_at_the_same_moment_go_to_different_people(app, make_program, apply):
    program = make_program(quota=2)
    ids = [apply(program) for _ in range(5)]

    def leave(id_):
        return lambda: applying.withdraw(db.session.get_one(ProgramApplication, id_))

    at_once(app, leave(ids[0]), leave(ids[1]))
    assert standing(*ids) == ["withdrawn", "withdrawn", "accepted", "accepted", "waitlisted"]
    assert {get(id_).seat for id_ in ids[2:4]} == {1, 2}


def test_the_last_seat_taken_by_staff_and_by_a_newcomer_at_once_is_taken_once(
    app, make_program, apply, make_user
):
    program = make_program(quota=1, target={"cooperative": {"jenis": ["Konsumen"]}})
    ids = [apply(program) for _ in range(2)]
    boss = make_user(Role.EDITOR).id

    def accept(id_):
        return lambda: applying.decide(
            db.session.get_one(ProgramApplication, id_), "accepted", by=db.session.get_one(User, boss)
        )

    outcomes = at_once(app, accept(ids[0]), accept(ids[1]))
    assert sorted(isinstance(outcome, RuleBroken) for outcome in outcomes) == [False, True]
    assert sorted(standing(*ids)) == ["accepted", "waiting"]


def test_when_two_rows_become_one_cooperative_its_applications_go_along_and_come_back(
    make_program, apply, make_user, make_cooperative
):
    shared, own = make_program(quota=2), make_program(quota=2, title="Bazar")
    kept_one, gone_one, gone_two = apply(shared), apply(shared), apply(own)
    stays = get(kept_one).cooperative_id
    with writing():
        goes = get(gone_one).cooperative_id
        get(gone_two).cooperative_id = goes
    boss = make_user(Role.OPERATOR)
    with writing():
        made = merging.merge(
            db.session.get_one(Cooperative, stays),
            db.session.get_one(Cooperative, goes),
            theirs=(),
            reason="Baris yang sama.",
            by=db.session.get_one(User, boss.id),
        ).id
    assert standing(kept_one, gone_one, gone_two) == ["accepted", "withdrawn", "accepted"]
    assert get(gone_two).cooperative_id == stays
    with writing():
        undone = db.session.get_one(CooperativeMerge, made)
        merging.undo_merge(undone, reason="Ternyata dua.", by=db.session.get_one(User, boss.id))
    assert get(gone_two).cooperative_id == goes
    assert get(kept_one).cooperative_id == stays
