"""The loaded city looks as if its people had used the site for three years."""

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import func, select

from app.accounts.models import OneTimeLink, Standing, User
from app.accounts.passwords import verify_password
from app.audit.models import TrailEntry
from app.cooperatives.models import (
    ActivationCode,
    Cooperative,
    Listing,
    Membership,
    MembershipState,
    TimelineEvent,
)
from app.cooperatives.queries import memberships_of, region, status_counts, waiting_claims
from app.cooperatives.rules import Status as Condition
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.search import find
from app.demo import loader, morning
from app.demo.accounts import SIGN_INS
from app.demo.generator import generate
from app.demo.records import Life
from app.factory import create_app
from app.notifications.models import MessageState, OutboxMessage
from app.questionnaire.models import AnswerChange, Comment, Help, Report, ReportEvent
from app.questionnaire.queries import (
    comments_of,
    current_edition,
    events_of,
    last_answers,
    remarks_of,
    report_of,
    years,
)
from app.questionnaire.rules import EventKind, Origin, Status
from app.review.models import Assignment
from app.review.queries import missing, progress
from app.review.queue import QueueFilter, queue_query
from tests.demo import invariants
from tests.support import second_step
from tests.support.client import Client, watch_safe_requests
from tests.support.databases import make_quick
from tests.support.sharing import compiled_templates, shared_folder

pytestmark = pytest.mark.xdist_group("demo, loaded once")
APP = Path(__file__).parents[2] / "app"
COOPERATIVES, UKM = 240, 60


@pytest.fixture(scope="module", autouse=True)
def site(databases, settings, tmp_path_factory, request):
    """A third of the city, loaded once on a day in August; tests of this module only look at it."""
    instance = tmp_path_factory.mktemp("demo")
    august = time_machine.travel(datetime(2026, 8, 3, 3, tzinfo=UTC), tick=True)
    with august, databases.fresh() as url:
        app = create_app(settings | {"DATABASE_URL": url, "INSTANCE": str(instance)})
        with app.app_context():
            make_quick(db.engine)
            db.create_all()
            if folder := shared_folder(request.config, "templates"):
                app.jinja_env.bytecode_cache = compiled_templates(folder)
            app.test_client_class = Client
            watch_safe_requests(app)
            loader.load(COOPERATIVES, enterprises=UKM)
            yield app
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(autouse=True)
def fresh(site):
    yield
    db.session.remove()


@pytest.fixture(scope="module")
def city(site):
    """What the generator says, as the loader asked it."""
    return generate(places=region().kelurahan, today=today(), cooperatives=COOPERATIVES)


@pytest.fixture(scope="module")
def kept(site):
    return invariants.read()


def person(email):
    return db.session.scalars(select(User).where(User.email == email)).one()


def count(*conditions):
    return db.session.scalar(select(func.count()).where(*conditions))


@pytest.mark.parametrize("demand", invariants.DEMANDS, ids=lambda demand: demand.__name__)
def test_the_city_is_as_its_people_would_have_left_it(demand, kept):
    demand(kept)


def test_the_register_holds_the_cooperatives_and_two_that_propose_themselves(city):
    listed = select(Cooperative).where(Cooperative.listing == Listing.LISTED)
    names = {one.nama_koperasi for one in db.session.scalars(listed)}
    assert names == {one.name for one in city.cooperatives}
    assert len(names) == COOPERATIVES
    assert count(Cooperative.listing == Listing.PROPOSED) == 2
    assert count(Cooperative.id > 0, ~Cooperative.is_demo) == 0
    counts = status_counts()
    assert all(counts[condition] for condition in (Condition.ACTIVE, Condition.INACTIVE, Condition.DISSOLVED))
    assert counts[Condition.DISSOLVED] == sum(one.life is Life.DISSOLVED for one in city.cooperatives)


def test_everything_happened_when_the_generator_says(city):
    ids = dict(db.session.execute(select(Cooperative.nama_koperasi, Cooperative.id)).all())
    told = {
        (ids[one.name], report.year, report.origin): [(event.kind.value, event.at) for event in report.events]
        for one in city.cooperatives
        for report in one.reports
    }
    kept = {}
    query = select(ReportEvent, Report).join(ReportEvent.report).order_by(ReportEvent.id)
    for event, report in db.session.execute(query.where(Report.id.not_in(select(Help.report_id)))):
        kept.setdefault((report.cooperative_id, report.year, report.origin), []).append(
            (event.kind, event.at)
        )
    assert kept == told


def test_the_register_says_what_the_generator_says_of_who_they_are(city):
    rows = {one.nama_koperasi: one for one in db.session.scalars(select(Cooperative))}
    for told in city.cooperatives:
        row = rows[told.name]
        for code, value in told.identity.items():
            assert str(getattr(row, code)) == str(value), code
        assert (row.dissolved_on, row.dissolved_decree) == (
            (told.dissolution.on, told.dissolution.number) if told.dissolution else (None, None)
        )


def test_every_state_and_origin_occurs_this_year():
    found = set(
        db.session.execute(select(Report.status, Report.origin).where(Report.year == years()[1])).all()
    )
    assert {status for status, _ in found} == set(Status)
    assert {Origin.FILED, Origin.ASSISTED, Origin.SPREADSHEET} <= {origin for _, origin in found}
    assert count(Report.origin == Origin.IMPORTED, Report.status == Status.DRAFT) > 5
    assert count(ReportEvent.kind == EventKind.REOPENED) > 0


def test_the_form_is_open_today_and_next_year_s_waits():
    edition = current_edition()
    assert edition.opens <= today() <= edition.closes
    assert edition.published_at <= now()
    assert years() == [edition.year + 1, edition.year, edition.year - 1, edition.year - 2]


def test_there_is_one_sign_in_per_role_and_each_password_works():
    assert {one.role for one in SIGN_INS} == set(Role)
    for sign_in in SIGN_INS:
        user = person(sign_in.email)
        assert user.roles == {sign_in.role}
        assert user.is_active
        assert verify_password(user.password_hash, sign_in.password)


@pytest.fixture
def signed_in(site):
    """``signed_in(role)``: a browser of the demonstration's person with that role."""

    def sign_in(role):
        account = next(one for one in SIGN_INS if one.role is role)
        client = site.test_client()
        answer = second_step.sign_in(client, account.email, account.password, account.secret)
        assert answer.status_code == 302
        assert answer.location.startswith(("/dinas", "/laporan", "/ukm", "/akun"))
        return client

    return sign_in


@pytest.mark.parametrize(
    ("role", "pages"),
    [
        (Role.COOPERATIVE, ["/", "/akun", "/laporan", "/koperasi", "/daftar/saya"]),
        (
            Role.OPERATOR,
            ["/dinas", "/dinas/periksa", "/dinas/koperasi", "/dinas/klaim", "/dinas/kotak-keluar"],
        ),
        (Role.ADMIN, ["/dinas/pengguna", "/dinas/jejak", "/dinas/kotak-keluar"]),
    ],
    ids=["cooperative", "operator", "admin"],
)
def test_the_first_screens_of_a_sign_in_have_something_to_show(signed_in, role, pages):
    client = signed_in(role)
    for page in pages:
        answer = client.get(page)
        assert (page, answer.status_code) == (page, 200)
        assert "Contoh" in answer.text


def test_each_report_state_can_be_looked_at(signed_in):
    filling, reviewing = signed_in(Role.COOPERATIVE), signed_in(Role.OPERATOR)
    year = current_edition().year
    for slug in [one.cooperative.slug for one in memberships_of(person("koperasi@contoh.example"))]:
        assert filling.get(f"/laporan/{slug}/{year}").status_code == 200
    shown = [Report.status == status for status in Status if status is not Status.DRAFT]
    for condition in (*shown, Report.origin == Origin.IMPORTED):
        report_id = db.session.scalar(
            select(Report.id).where(condition).order_by(Report.year.desc()).limit(1)
        )
        assert reviewing.get(f"/dinas/periksa/{report_id}").status_code == 200
    dissolved = select(Cooperative.slug).where(Cooperative.dissolved_on.is_not(None)).limit(1)
    assert reviewing.get(f"/dinas/koperasi/{db.session.scalar(dissolved)}").status_code == 200


def test_nobody_else_s_password_is_known_and_colleagues_stand_in_every_state():
    public = {person(one.email).password_hash for one in SIGN_INS}
    others = db.session.scalars(select(User).where(User.email.not_in([one.email for one in SIGN_INS]))).all()
    assert len(others) > COOPERATIVES * 2 / 3
    assert not {user.password_hash for user in others} & public
    assert not any(verify_password(others[0].password_hash, one.password) for one in SIGN_INS)
    assert {user.standing for user in others if user.is_staff} == set(Standing)
    assert count(User.id > 0, ~User.is_demo) == 0


def test_the_cooperative_s_sign_in_acts_for_a_half_filled_draft_and_a_returned_report():
    year = current_edition().year
    drafting, returned = sorted(
        (one.cooperative for one in memberships_of(person("koperasi@contoh.example"))),
        key=lambda one: report_of(one, year).status.value,
    )
    draft = report_of(drafting, year)
    assert (draft.status, draft.origin) == (Status.DRAFT, Origin.FILED)
    assert 2 <= len(draft.sections) <= 3
    assert report_of(drafting, year - 1).status is Status.APPROVED
    assert last_answers(drafting, year).year == year - 1
    back = report_of(returned, year)
    assert (back.status, back.origin) == (Status.RETURNED, Origin.FILED)
    assert back.open_codes
    assert set(remarks_of(back)) == set(back.open_codes)
    assert events_of(back)[-1].reason
    assert {one.author_name for one in comments_of(back)} == {events_of(back)[-1].actor_name}


def test_the_operator_has_a_real_queue():
    operator = person("operator@contoh.example")

    def size(**wanted):
        return db.session.scalar(
            select(func.count()).select_from(queue_query(QueueFilter(**wanted), person=operator).subquery())
        )

    assert size() > COOPERATIVES / 8
    assert size(warnings="ada") >= 5
    assert size(warnings="tanpa") >= 5
    assert size(origin="impor") > 5
    assert size(assignee="saya") >= 2
    assert size(assignee="bebas") > COOPERATIVES / 15
    assert count(Assignment.user_id != operator.id) >= 2
    assert waiting_claims() >= 3


def test_the_dashboard_shows_every_kecamatan_and_whom_to_call():
    year = current_edition().year
    found = progress(year)
    assert {area.code for area in found.by_kecamatan} == set(region().kecamatan)
    assert all(area.expected > area.approved > 0 for area in found.by_kecamatan)
    assert len(db.session.scalars(missing(year)).all()) > COOPERATIVES / 8


def test_claims_stand_in_every_state_and_letters_too():
    assert set(db.session.scalars(select(Membership.state))) == set(MembershipState)
    papers = db.session.scalars(select(ActivationCode)).all()
    moment = now()
    states = Counter(
        "used"
        if one.used_at
        else "revoked"
        if one.revoked_at
        else "over"
        if one.expires_at < moment
        else "open"
        for one in papers
    )
    assert states.keys() == {"used", "revoked", "over", "open"}


def test_the_outbox_holds_mail_that_waits_and_mail_that_was_handed_over_to_nobody_real():
    found = db.session.scalars(select(OutboxMessage)).all()
    assert {one.state for one in found} == {MessageState.WAITING, MessageState.HANDED}
    assert all(one.to_address.endswith(".example") for one in found)
    assert {"report", "claim.received", "claim.refused", "account.invite"} <= {one.kind for one in found}
    assert 8 <= len(found) <= 30
    assert count(OneTimeLink.id > 0) == 1


def test_a_proposal_can_be_merged_with_what_the_register_knows():
    proposals = db.session.scalars(select(Cooperative).where(Cooperative.listing == Listing.PROPOSED)).all()
    keys = [one.legal_number_key for one in proposals]
    twins = db.session.scalars(
        select(Cooperative).where(
            Cooperative.legal_number_key.in_(keys), Cooperative.listing == Listing.LISTED
        )
    ).all()
    assert len(twins) == 1


def test_every_cooperative_is_found_by_its_name():
    rows = db.session.scalars(select(Cooperative).order_by(Cooperative.id)).all()[::97]
    for row in rows:
        assert row.id in find("cooperative", row.nama_koperasi)[:3]
    assert len({row.slug for row in db.session.scalars(select(Cooperative))}) == COOPERATIVES + 2


def test_the_timeline_speaks_as_the_features_do():
    sources = "\n".join(
        path.read_text(encoding="utf-8") for path in APP.rglob("*.py") if "demo" not in path.parts
    )
    for template in set(db.session.scalars(select(TimelineEvent.template))):
        assert f'"{template}"' in sources, template


def test_the_mail_speaks_as_the_review_does():
    source = (APP / "review" / "services.py").read_text(encoding="utf-8")
    for text in (*morning.RETURNED, *morning.APPROVED):
        assert all(repr(line)[1:-1] in source for line in text.split("\n\n") if line), text


def test_the_trail_tells_of_each_batch():
    entries = db.session.scalars(select(TrailEntry).where(TrailEntry.action == "demo.loaded")).all()
    assert {"Register", "Akun"} < {one.subject_name for one in entries}
    assert sum(one.after.get("laporan", 0) for one in entries) == count(
        Report.id.not_in(select(Help.report_id))
    )
    actions = set(db.session.scalars(select(TrailEntry.action)))
    assert {"user.created", "edition.published", "membership.claimed", "link.issued"} <= actions


def test_comments_and_saves_are_of_people_who_are_here():
    names = set(db.session.scalars(select(User.name)))
    assert set(db.session.scalars(select(Comment.author_name).distinct())) <= names
    assert set(db.session.scalars(select(AnswerChange.actor_name).distinct())) <= names
