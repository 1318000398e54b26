"""Clean reports are approved together; a sample of them, drawn before anybody saw the list, is not."""

from contextlib import contextmanager
from threading import Barrier, Thread

import pytest

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from app.questionnaire import queries as reports
from app.questionnaire import totals
from app.questionnaire.models import KeptTotal, Report
from app.questionnaire.rules import EventKind, Status
from app.review import batches, rules
from app.review.flags import CLEAN
from app.review.models import CleanBatch, CleanBatchItem, Fate
from app.review.queue import QueueFilter, next_report
from tests.support.queries import count_queries

PATH = "/dinas/periksa/bersih"


@pytest.fixture
def make_clean(make_report):
    """``make_clean(n)``: so many submitted reports that nothing speaks against; their ids."""

    def make(count):
        ids = [make_report().id for _ in range(count)]
        with writing() as session:
            for report in session.scalars(db.select(Report).where(Report.id.in_(ids))):
                report.calm = CLEAN
        return ids

    return make


def gathered(client):
    page = client.post(PATH)
    assert page.status_code == 302
    return page.location


def fates():
    db.session.rollback()
    return {item.report_id: item.fate for item in db.session.scalars(db.select(CleanBatchItem))}


def statuses(ids):
    db.session.rollback()
    db.session.expire_all()
    return [db.session.get_one(Report, id_).status for id_ in ids]


def test_clean_reports_are_approved_in_one_action_and_a_sample_is_held_back(client_as, operator, make_clean):
    ids = make_clean(12)
    client = client_as(operator)
    assert "12 laporan bersih" in client.get(PATH).text
    address = gathered(client)
    drawn = fates()
    assert list(drawn.values()).count(Fate.SAMPLED) == 2  # 10 % of 12, rounded up
    page = client.get(address).text
    assert page.count('name="keluar"') == 10
    done = client.post(address, data={"aksi": "setujui"}, follow_redirects=True).text
    assert "10 laporan disetujui." in done
    for id_ in ids:
        [status] = statuses([id_])
        assert status is (Status.SUBMITTED if drawn[id_] is Fate.SAMPLED else Status.APPROVED)
    waiting = client.get("/dinas/periksa?peringatan=sampel").text
    assert waiting.count(">sampel<") == 2


def test_each_report_of_a_batch_is_approved_as_if_alone(client_as, operator, make_clean):
    ids = make_clean(3)
    client = client_as(operator)
    client.post(gathered(client), data={"aksi": "setujui"})
    approved = [id_ for id_, fate in fates().items() if fate is Fate.APPROVED]
    assert len(approved) == 2
    for id_ in approved:
        report = db.session.get_one(Report, id_)
        event = reports.events_of(report)[-1]
        assert (event.kind, event.actor_name) == (EventKind.APPROVED, "Operator Satu")
        assert report.cooperative.nama_ketua == report.answers["nama_ketua"]
    assert len(db.session.scalars(db.select(OutboxMessage)).all()) == 2
    kept = {
        (row.year, row.region, row.question): row.total for row in db.session.scalars(db.select(KeptTotal))
    }
    with writing():
        totals.rebuild()
    assert kept == {
        (row.year, row.region, row.question): row.total for row in db.session.scalars(db.select(KeptTotal))
    }
    assert ids


def test_reloading_or_asking_again_draws_nothing_anew(client_as, operator, make_user, make_clean):
    make_clean(6)
    client = client_as(operator)
    address = gathered(client)
    drawn = fates()
    assert gathered(client) == address
    assert gathered(client_as(make_user(Role.OPERATOR))) == address
    client.get(address)
    assert fates() == drawn


def test_the_recorded_draw_can_be_repeated(client_as, operator, make_clean):
    make_clean(6)
    client = client_as(operator)
    address = gathered(client)
    batch = db.session.scalars(db.select(CleanBatch)).one()
    assert (batch.drawn_by_name, batch.share, batch.is_open) == ("Operator Satu", 10, True)
    sampled = {id_ for id_, fate in fates().items() if fate is Fate.SAMPLED}
    assert rules.draw(fates(), seed=batch.seed, share=batch.share) == sampled
    assert "hasilnya sama" in client.get(address).text
    entry = db.session.scalars(db.select(TrailEntry).where(TrailEntry.action == "clean_batch.drawn")).one()
    assert entry.after["seed"] == batch.seed
    assert set(entry.after["sampled"]) == sampled


def test_a_report_can_be_taken_out_and_is_then_looked_at_alone(client_as, operator, make_clean):
    make_clean(4)
    client = client_as(operator)
    address = gathered(client)
    out, *rest = [id_ for id_, fate in fates().items() if fate is Fate.WAITING]
    page = client.post(address, data={"aksi": "keluarkan", "keluar": str(out)}, follow_redirects=True).text
    assert "1 laporan dikeluarkan." in page
    assert "Dikeluarkan Operator Satu" in page
    client.post(address, data={"aksi": "setujui", "keluar": str(rest[0])})
    assert statuses([out, rest[0]]) == [Status.SUBMITTED] * 2
    assert statuses(rest[1:]) == [Status.APPROVED]
    with writing() as session:
        person = session.scalars(db.select(User).where(User.name == "Operator Satu")).one()
        assert next_report(QueueFilter(), person=person).id in {out, rest[0], *sampled_ids()}


def sampled_ids():
    return {id_ for id_, fate in fates().items() if fate is Fate.SAMPLED}


def test_one_that_changed_meanwhile_is_skipped_and_named(client_as, operator, make_user, make_clean):
    make_clean(4)
    client = client_as(operator)
    address = gathered(client)
    changed = next(id_ for id_, fate in fates().items() if fate is Fate.WAITING)
    report = db.session.get_one(Report, changed)
    name = report.cooperative.nama_koperasi
    sent_back = {"aksi": "kembalikan", "versi": report.version, "perbaiki": "aset", "alasan": "Cek."}
    client_as(make_user(Role.OPERATOR)).post(f"/dinas/periksa/{changed}", data=sent_back)
    page = client.post(address, data={"aksi": "setujui"}, follow_redirects=True).text
    assert "1 laporan dilewati." in page
    assert name in page.split("Tidak ikut disetujui sekaligus")[1]
    assert statuses([changed]) == [Status.RETURNED]


def test_what_turned_out_odd_after_the_draw_is_not_approved_with_the_others(client_as, operator, make_clean):
    make_clean(4)
    client = client_as(operator)
    address = gathered(client)
    odd = next(id_ for id_, fate in fates().items() if fate is Fate.WAITING)
    with writing() as session:
        session.get_one(Report, odd).calm = 400
    client.post(address, data={"aksi": "setujui"})
    assert fates()[odd] is Fate.SKIPPED
    assert statuses([odd]) == [Status.SUBMITTED]


def test_pressing_twice_approves_once(client_as, operator, make_clean):
    ids = make_clean(3)
    client = client_as(operator)
    address = gathered(client)
    client.post(address, data={"aksi": "setujui"})
    page = client.post(address, data={"aksi": "setujui"}, follow_redirects=True).text
    assert "sudah diputuskan" in page
    kinds = [event.kind for id_ in ids for event in reports.events_of(db.session.get_one(Report, id_))]
    assert kinds.count(EventKind.APPROVED) == 2
    assert not db.session.scalars(db.select(CleanBatch)).one().is_open


def test_a_big_batch_is_approved_in_small_units(operator, make_clean, monkeypatch, client_as):
    make_clean(8)
    client, units = client_as(operator), []
    address = gathered(client)

    @contextmanager
    def counted():
        with writing() as session:
            units.append(session)
            yield session

    monkeypatch.setattr("app.review.clean_routes.writing", counted)
    monkeypatch.setattr(batches.approve_some, "__kwdefaults__", {"limit": 3})
    client.post(address, data={"aksi": "setujui"})
    assert len(units) == 4  # 3 + 3 + 1, and one that finds nothing left
    assert list(fates().values()).count(Fate.APPROVED) == 7


def test_an_impatient_press_says_how_far_it_came_and_the_next_goes_on(
    operator, make_clean, monkeypatch, client_as
):
    make_clean(6)
    client = client_as(operator)
    address = gathered(client)
    monkeypatch.setattr(batches.approve_some, "__kwdefaults__", {"limit": 2})
    monkeypatch.setattr("app.review.clean_routes.PATIENCE", 1e-9)
    page = client.post(address, data={"aksi": "setujui"}, follow_redirects=True).text
    assert "belum" in page
    monkeypatch.setattr("app.review.clean_routes.PATIENCE", 60)
    client.post(address, data={"aksi": "setujui"})
    assert list(fates().values()).count(Fate.APPROVED) == 5


def test_a_report_in_somebodys_hands_is_in_no_batch(client_as, operator, make_user, make_clean):
    ids = make_clean(3)
    client_as(make_user(Role.OPERATOR)).post(f"/dinas/periksa/{ids[0]}/ambil")
    client = client_as(operator)
    gathered(client)
    assert set(fates()) == set(ids[1:])


def test_a_version_is_drawn_once_and_a_corrected_report_may_be_drawn_again(client_as, operator, make_clean):
    ids = make_clean(2)
    client = client_as(operator)
    client.post(gathered(client), data={"aksi": "setujui"})
    sampled = next(iter(sampled_ids()))
    assert client.post(PATH).location.endswith(PATH)  # nothing is ready
    with writing() as session:
        session.get_one(Report, sampled).version += 1
    assert gathered(client) != PATH
    assert ids


def test_with_nothing_clean_the_page_says_what_would_come_here(client_as, operator):
    client = client_as(operator)
    assert "Belum ada laporan bersih" in client.get(PATH).text
    assert client.post(PATH).location.endswith(PATH)
    assert db.session.scalars(db.select(CleanBatch)).all() == []


@pytest.mark.parametrize("path", [PATH, f"{PATH}/1"])
def test_the_batch_is_closed_to_everybody_else(client, client_as, make_user, operator, make_clean, path):
    make_clean(2)
    gathered(client_as(operator))
    assert client.get(path).status_code == 302
    for role in (Role.COOPERATIVE, Role.EDITOR, Role.ADMIN, Role.CONSULTANT):
        stranger = client_as(make_user(role))
        assert stranger.get(path).status_code == 403
        assert stranger.post(path, data={"aksi": "setujui"}).status_code == 403
    assert client_as(operator).get(f"{PATH}/99").status_code == 404


@pytest.mark.parametrize(
    "sent", [{}, {"keluar": "x"}, {"keluar": "99999999999"}, {"aksi": "lain", "keluar": "2147483600"}]
)
def test_what_makes_no_sense_changes_nothing(client_as, operator, make_clean, sent):
    make_clean(2)
    client = client_as(operator)
    address = gathered(client)
    before = fates()
    assert client.post(address, data=sent).status_code == 302
    assert fates() == before


def test_the_batch_costs_the_same_number_of_queries_however_long_it_is(client_as, operator, make_clean):
    client = client_as(operator)
    make_clean(3)
    with count_queries() as few:
        client.get(gathered(client))
    client.post(f"{PATH}/1", data={"aksi": "setujui"})
    make_clean(7)
    address = gathered(client)
    with count_queries() as many:
        client.get(address)
    with count_queries() as overview:
        client.get(PATH)
    assert many.number <= few.number
    assert overview.number < 12


def test_a_sampled_report_opens_with_all_its_answers(client_as, operator, make_clean):
    make_clean(2)
    client = client_as(operator)
    gathered(client)
    page = client.get(f"/dinas/periksa/{next(iter(sampled_ids()))}").text
    assert "Sampel undian" in page
    assert page.count('class="compare-row') == 24


def test_two_operators_who_press_at_the_same_time_approve_each_report_once(
    app, operator, make_user, make_clean
):
    ids = make_clean(9)
    people = [operator.id, make_user(Role.OPERATOR).id]
    with writing() as session:
        number = batches.gather(by=session.get_one(User, people[0])).id
    db.session.remove()
    start, wrong = Barrier(2), []

    def press(person):
        try:
            with app.app_context():
                start.wait(10)
                while True:
                    with writing() as session:
                        done = batches.approve_some(number, by=session.get_one(User, person), limit=2)
                    if not done.total:
                        return
        except Exception as error:
            wrong.append(error)

    threads = [Thread(target=press, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not wrong
    kinds = [event.kind for id_ in ids for event in reports.events_of(db.session.get_one(Report, id_))]
    assert kinds.count(EventKind.APPROVED) == 8


def test_two_operators_who_gather_at_the_same_time_get_one_batch(app, operator, make_user, make_clean):
    make_clean(5)
    people = [operator.id, make_user(Role.OPERATOR).id]
    db.session.remove()
    start, got = Barrier(2), []

    def gather(person):
        with app.app_context():
            start.wait(10)
            with writing() as session:
                got.append(batches.gather(by=session.get_one(User, person)).id)

    threads = [Thread(target=gather, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(got) == 2
    assert len(set(got)) == 1
    assert len(fates()) == 5
