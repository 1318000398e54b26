"""Applications of UKM: the number to call, what waits at the desk, its history, merging, and what stays when it is deleted."""

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises.keeping import delete_enterprise
from app.enterprises.merging import merge, undo_merge
from app.enterprises.models import Enterprise, EnterpriseEvent, EnterpriseMerge, EnterpriseOwner
from app.enterprises.rules import State
from app.programs import applying
from app.programs.applicants import applicants_of
from app.programs.application_models import ProgramApplication
from app.programs.application_rules import Progress


@pytest.fixture
def owner(make_user):
    return make_user(Role.ENTERPRISE, name="Sekar Rekaan").id


@pytest.fixture
def make_ukm(app, owner):
    """``make_ukm(slug)``: a listed UKM that ``owner`` keeps; its id."""

    def make(slug="keripik"):
        with writing() as session:
            made = Enterprise(
                slug=slug, region="35.73", name=f"Usaha {slug}", state=State.LISTED, confirmed_at=now(),
                owner_name="Sekar Rekaan", owner_phone="+6281234567890",
            )  # fmt: skip
            session.add(made)
            session.flush()
            session.add(EnterpriseOwner(user_id=owner, enterprise_id=made.id))
            return made.id

    return make


@pytest.fixture
def make_open(make_program):
    def make(title, mode="first"):
        id_ = make_program(title=title, takes_applications=True, quota=1).id
        with writing() as session:
            applying.set_intake(session.get_one(applying.Program, id_), mode=mode, question="")
        return id_

    return make


@pytest.fixture
def apply(owner):
    """``apply(program, enterprise)``: its application's id."""

    def send(program, enterprise):
        with writing() as session:
            by = session.get_one(User, owner)
            one = next(found for found in applicants_of(by) if found.id == enterprise)
            return applying.apply(
                session.get_one(applying.Program, program), one, by=by,
                contact_name="Sekar Rekaan", contact_phone="0812 3456 7890", answer="", agreed=True,
            ).id  # fmt: skip

    return send


def get(id_):
    db.session.expire_all()
    return db.session.get_one(ProgramApplication, id_)


def test_the_form_offers_the_number_that_the_register_has(client_as, owner, make_ukm, make_open):
    make_ukm()
    program = db.session.get_one(applying.Program, make_open("Foto produk"))
    browser = client_as(db.session.get_one(User, owner))
    assert 'value="0812-3456-7890"' in browser.get(f"/program/{program.slug}/daftar").text


def test_what_waits_for_a_decision_is_counted_in_the_menu_and_linked_in_the_list(
    desk, make_ukm, make_open, apply
):
    chosen, first = make_open("Pameran", "selection"), make_open("Pelatihan")
    assert "menunggu" not in desk.get("/dinas/program").text
    for slug in ("keripik", "batik"):
        enterprise = make_ukm(slug)
        apply(chosen, enterprise)
        apply(first, enterprise)
    page = desk.get("/dinas/program").text
    assert "2 pendaftaran menunggu" in page
    assert f'href="/dinas/program/{chosen}/pendaftar"' in page
    assert (
        f'href="/dinas/program/{first}/pendaftar"' not in page
    )  # its seat went to the first; the other is in line
    menu = page[page.index('href="/dinas/program"') :]
    assert ">2<" in menu[: menu.index("</a>")]


def test_a_ukm_remembers_its_applications_which_follow_a_merge_and_come_back(
    client_as, make_user, make_ukm, make_open, apply
):
    operator, (kept, other) = make_user(Role.OPERATOR), (make_ukm("keripik"), make_ukm("kripik"))
    shared, own = make_open("Pameran"), make_open("Pelatihan")
    kept_one, other_one, moved = apply(shared, kept), apply(shared, other), apply(own, other)
    card = client_as(operator).get("/dinas/ukm/keripik").text
    assert "Diterima di program Pameran" in card
    assert 'href="/program/pameran"' in card
    with writing() as session:
        rows = [session.get_one(Enterprise, id_) for id_ in (kept, other)]
        made = merge(*rows, reason="Usaha yang sama", by=session.merge(operator)).id
    assert [get(id_).state for id_ in (kept_one, other_one)] == [Progress.ACCEPTED, Progress.WITHDRAWN]
    assert get(moved).enterprise_id == kept
    with writing() as session:
        undo_merge(session.get_one(EnterpriseMerge, made), by=session.merge(operator))
    assert get(moved).enterprise_id == other


def test_a_deleted_ukm_leaves_its_seat_and_nothing_about_its_owner(make_ukm, make_open, apply):
    leaves, stays = make_ukm("keripik"), make_ukm("batik")
    program = make_open("Pameran")
    gone, next_in_line = apply(program, leaves), apply(program, stays)
    with writing() as session:
        delete_enterprise(session.get_one(Enterprise, leaves))
    row = get(gone)
    assert (row.state, row.seat) == (Progress.WITHDRAWN, None)
    assert (row.name, row.contact_name, row.contact_phone, row.answer, row.facts) == ("–", "–", "", "", {})
    assert get(next_in_line).state == Progress.ACCEPTED
    values = db.session.execute(
        select(TrailEntry.before, TrailEntry.after)
        .where(
            TrailEntry.subject_kind == applying.KIND,
            TrailEntry.subject_id == gone,
            TrailEntry.action != "trail.erased",
        )
        .order_by(TrailEntry.id)
    ).all()
    assert [after for before, after in values] == [None, {"state": "withdrawn", "reason": ""}]
    told = db.session.scalars(select(EnterpriseEvent.note).where(EnterpriseEvent.enterprise_id == leaves))
    assert set(told) == {""}
