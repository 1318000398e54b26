"""What becomes of bookings when cooperatives merge, a consultant leaves, and time passes."""

from datetime import timedelta

from sqlalchemy import func, select

from app.accounts import own_data
from app.accounts import signals as people
from app.accounts.models import User
from app.accounts.services import deactivate
from app.audit.models import TrailEntry
from app.clinic import booking, holding, line, plans, retention, timetable, waitlist
from app.clinic.calendar_models import ClinicConsultant
from app.clinic.models import ClinicBooking, ClinicEvent, ClinicFollowUp, ClinicWaiting
from app.clinic.rules import FollowUpOwner, State, Topic, WaitState
from app.cooperatives import signals as cooperatives
from app.cooperatives.models import Cooperative
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services
from app.enterprises import signals as enterprises
from app.enterprises.models import Enterprise
from app.notifications.models import InboxMessage, OutboxMessage
from tests.clinic.conftest import MONDAY, key, visitor
from tests.enterprises.conftest import VALUES


def test_bookings_go_along_when_cooperatives_turn_out_to_be_one_and_come_back(
    consultant, book, make_cooperative
):
    goes, stays = make_cooperative().id, make_cooperative().id
    mine = book(key(consultant, 9), cooperative_id=goes)
    with writing() as session:
        one, other = (session.get_one(Cooperative, id_) for id_ in (goes, stays))
        moved = cooperatives.answers(cooperatives.merging.send(one, into=other))
    assert mine.cooperative_id == stays
    with writing() as session:
        one, other = (session.get_one(Cooperative, id_) for id_ in (goes, stays))
        cooperatives.unmerging.send(one, out_of=other, moved={part.name: part.what for part in moved})
    assert mine.cooperative_id == goes


def test_of_a_consultant_who_leaves_bookings_wait_to_be_moved_and_follow_ups_go_to_the_successor(
    app, consultant, book, make_user, operator
):
    mine = book(key(consultant, 9))
    person, next_one, booked = consultant.user_id, operator.id, mine.id
    with writing() as session:
        session.add(
            ClinicFollowUp(
                booking_id=booked,
                text="Kirim contoh",
                due_on=MONDAY,
                owner=FollowUpOwner.OFFICE,
                user_id=person,
            )
        )
    with app.test_request_context():
        titles = [section.title for section in people.work_of(db.session.get_one(User, person))]
        assert {"Janji klinik yang harus dipindah", "Tindak lanjut klinik"} <= set(titles)
    with writing() as session:
        successor = session.get_one(User, next_one)
        people.person_deactivated.send(session.get_one(User, person), successor=successor)
    assert not db.session.get_one(ClinicConsultant, consultant.id).active
    assert timetable.free_slots() == []
    assert [one.id for one in plans.broken_by()] == [booked]
    assert db.session.scalars(select(ClinicFollowUp.user_id)).one() == next_one


def test_two_years_later_nobody_is_named_any_more_and_the_figures_stay(consultant, book, clock):
    mine = book(key(consultant, 9), question="Rahasia dapur kami", kode_kecamatan="35.73.01")
    with writing():
        holding.hold(key(consultant, 10), topic=Topic.FINANCE)
    clock.shift(timedelta(days=3))
    assert retention.anything_to_erase()
    with writing():
        assert retention.erase_due() == 0  # but the hold that came to nothing goes
    assert db.session.scalar(select(func.count(ClinicBooking.id))) == 1
    assert not retention.anything_to_erase()
    clock.shift(timedelta(days=731))
    with writing():
        assert retention.erase_due() == 1
    mine = db.session.get_one(ClinicBooking, mine.id)
    assert (mine.name, mine.phone, mine.question) == ("–", None, "")
    assert (mine.topic, mine.kode_kecamatan, mine.state) == (Topic.FINANCE, "35.73.01", State.BOOKED)
    assert db.session.scalar(select(func.count(ClinicEvent.id))) == 0
    emptied = select(TrailEntry).where(
        TrailEntry.subject_kind == "clinic_booking", TrailEntry.action == "booking.booked"
    )
    assert db.session.scalars(emptied).one().after is None
    assert not retention.anything_to_erase()


def test_neither_what_was_agreed_nor_who_gave_no_name_nor_who_still_waits_outlives_the_two_years(
    consultant, book, operator, clock
):
    mine, by = book(key(consultant, 9)), operator.id
    with writing() as session:
        session.add(
            ClinicFollowUp(
                booking_id=mine.id, text="Bu Rekaan kirim NIB", due_on=MONDAY, owner=FollowUpOwner.VISITOR
            )
        )
        caller = line.take_number(
            topic=Topic.FINANCE, phone="+6281200000077", by=session.get_one(User, by)
        ).id
        waitlist.join(visitor(5), topic=Topic.LEGAL)
        session.get_one(ClinicBooking, caller).notes = "Menyebut utangnya"
    clock.shift(timedelta(days=740))
    with writing():
        assert retention.erase_due() == 2
    gone = db.session.get_one(ClinicBooking, caller)
    assert (gone.phone, gone.notes) == (None, "")
    assert db.session.scalars(select(ClinicFollowUp.text)).one() == "–"
    assert db.session.scalar(select(func.count(ClinicWaiting.id))) == 0
    assert not retention.anything_to_erase()


def test_a_ukm_that_was_erased_is_no_longer_found_by_its_name(consultant, book):
    with writing():
        party = services.add_enterprise(VALUES | {"name": "Keripik Rekaan Sentosa"}).id
    mine = book(key(consultant, 9), enterprise_id=party)
    assert "sentosa" in mine.search_text
    with writing() as session:
        erased = session.get_one(Enterprise, party)
        enterprises.enterprise_erased.send(erased, slug=erased.slug)
    mine = db.session.get_one(ClinicBooking, mine.id)
    assert mine.enterprise_id is None
    assert "sentosa" not in mine.search_text
    assert mine.reference.lower().split("-")[0] in mine.search_text


def test_of_a_consultant_who_leaves_no_offer_is_open_any_more_and_whoever_had_it_keeps_their_place(
    make_consultant, book
):
    consultant = make_consultant(hours=[{"ends": 600, "valid_until": MONDAY}])
    made = book(key(consultant, 9), 1)
    with writing():
        waiting = waitlist.join(visitor(2), topic=Topic.FINANCE).id
    with writing():
        booking.cancel(made)
    assert db.session.get_one(ClinicWaiting, waiting).state is WaitState.OFFERED
    with writing() as session:
        people.person_deactivated.send(session.get_one(User, consultant.user_id), successor=None)
    assert db.session.get_one(ClinicWaiting, waiting).state is WaitState.WAITING
    assert db.session.get_one(ClinicConsultant, consultant.id).feed_digest is None


def test_who_asks_to_be_forgotten_sees_what_is_to_come_and_it_is_given_to_others(
    app, make_consultant, book, make_user, client_as
):
    consultant = make_consultant(hours=[{"ends": 660, "valid_until": MONDAY}])
    person, admin = make_user(Role.COOPERATIVE, name="Melati Uji"), make_user(Role.ADMIN).id
    mine = book(key(consultant, 9), 1, user_id=person.id, email="melati@uji.example")
    past = book(key(consultant, 10), 2, user_id=person.id, question="Rahasia dapur kami")
    with writing() as session:
        session.get_one(ClinicBooking, past.id).state = State.DONE
    book(key(consultant, 10), 5)
    with writing():
        place = waitlist.join(visitor(3, user_id=person.id), topic=Topic.FINANCE).id
        other = waitlist.join(visitor(4), topic=Topic.FINANCE).id
    page = client_as(person).get("/akun/data-saya")
    assert mine.reference in page.text
    address = page.text.split('href="/klinik/janji/')[1].split('"')[0]
    assert mine.reference in client_as(person).get(f"/klinik/janji/{address}").text
    assert mine.reference in str(client_as(person).get("/akun/data-saya.json").json)
    with writing() as session:
        forgotten = session.get_one(User, person.id)
        own_data.ask_erasure(forgotten)
        own_data.erase(forgotten, by=session.get_one(User, admin))
    assert db.session.get_one(ClinicBooking, mine.id).state is State.CANCELLED
    assert db.session.get(ClinicWaiting, place) is None
    assert db.session.get_one(ClinicWaiting, other).state is WaitState.OFFERED
    for one in (mine, past):
        kept = db.session.get_one(ClinicBooking, one.id)
        assert (kept.name, kept.phone, kept.question, kept.user_id) == ("–", None, "", None)
    assert past.state is State.DONE, "the figures stay"
    assert db.session.scalar(select(func.count(OutboxMessage.id))) == 0, "there is no address any more"
    assert (
        db.session.scalar(select(func.count(InboxMessage.id)).where(InboxMessage.user_id == person.id)) == 0
    )


def test_an_account_that_the_office_closes_takes_no_booking_with_it(consultant, book, make_user, operator):
    person, by = make_user(Role.COOPERATIVE), operator.id
    mine = book(key(consultant, 9), 1, user_id=person.id)
    with writing() as session:
        deactivate(session.get_one(User, person.id), by=session.get_one(User, by))
    assert db.session.get_one(ClinicBooking, mine.id).state is State.BOOKED
