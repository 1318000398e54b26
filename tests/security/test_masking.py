"""What is private leaves the office masked, unless somebody chooses otherwise, shows who they are, and is noted."""

import pytest
from flask import url_for
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.step_up import PROVED
from app.audit.models import TrailEntry
from app.audit.verification import verify
from app.cooperatives import exports as cooperatives
from app.cooperatives.models import Listing
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.masking import MASKED, Private, masked
from app.core.writing import writing
from app.enterprises import exports as enterprise_lists
from app.enterprises import services as enterprises
from app.enterprises.rules import Purpose
from app.intake.enterprises.fields import ENTERPRISES
from app.intake.fields import COOPERATIVES
from app.intake.headings import meaning_of
from app.programs.application_models import ProgramApplication
from app.questionnaire import services as questionnaire
from tests.enterprises.conftest import VALUES
from tests.programs.conftest import make_program  # noqa: F401 - a fixture
from tests.security.access_matrix import rows
from tests.security.test_exports import TABLES, cells_of

PRIVATE = {
    "telepon_ketua": "+6281234500001",
    "nama_pengelola": "Rahasia Pengelola",
    "email": "rahasia.koperasi@uji.example",
    "owner_name": "Rahasia Pemilik",
    "owner_phone": "+6281234500002",
    "owner_email": "rahasia.pemilik@uji.example",
    "address": "Jalan Rahasia 7",
    "nib": "1234567890123",
    "contact_name": "Rahasia Pendaftar",
    "contact_phone": "+6281234500003",
}
TELLS = (
    "Rahasia",
    "rahasia",
    "34500001",
    "3450-0001",
    "34500002",
    "3450-0002",
    "34500003",
    "3450-0003",
    "1234567890",
)
NEED_THEM = {
    "year.export_file": "the ministry's and the province's own columns",
    "intake.show": "the rows that somebody of the office has just sent",
    "enterprise_intake.show": "the rows that somebody of the office has just sent",
}
"""Views whose tables stay as they are; docs/data-pribadi.md says so too."""


@pytest.fixture
def people(make_cooperative, make_program, make_user):  # noqa: F811 - the fixture
    """A cooperative, a UKM and an application full of private values; the parameters that lead to them."""
    values = {name: PRIVATE[name] for name in ("telepon_ketua", "nama_pengelola", "email")}
    cooperative_id = make_cooperative(listing=Listing.LISTED, kode_kelurahan="35.73.01.1001", **values).id
    applicant_id, program_id = (
        make_user(Role.COOPERATIVE).id,
        make_program(audience=["cooperative"], quota=5).id,
    )
    operator_id = make_user(Role.OPERATOR).id
    own = {name: PRIVATE[name] for name in ("owner_name", "owner_phone", "owner_email", "address", "nib")}
    with writing() as session:
        questionnaire.ensure_editions(now().date())
        enterprise = enterprises.add_enterprise(VALUES | {"name": "Keripik Uji", "products": "Keripik"} | own)
        enterprises.set_consents(enterprise, {Purpose.LISTING: True})
        enterprises.submit(enterprise)
        enterprises.verify(enterprise, by=session.get_one(User, operator_id))
        session.add(
            ProgramApplication(
                program_id=program_id, cooperative_id=cooperative_id, user_id=applicant_id, name="Koperasi Uji", facts={},
                contact_name=PRIVATE["contact_name"], contact_phone=PRIVATE["contact_phone"], agreed_at=now(),
            )
        )  # fmt: skip
    return {"program_id": program_id, "year": now().year - 1, "suffix": "csv", "layout": "kementerian"}


@pytest.fixture
def desk_of(make_user, client_as):
    """Somebody who may open every table."""
    browser = client_as(make_user(Role.OPERATOR, Role.EDITOR, Role.ADMIN))
    browser.check_html = False
    return browser


def test_no_table_tells_what_is_private_unasked(app, desk_of, people):
    told, masks = [], set()
    for row in rows(app):
        known = {name: people[name] for name in row.arguments if name in people}
        if row.method != "GET" or known.keys() != row.arguments or row.endpoint in NEED_THEM:
            continue
        for suffix in ("csv", "xlsx"):
            with app.test_request_context():
                values = {"suffix": suffix} if "suffix" in known else {"format": suffix}
                address = url_for(row.endpoint, **(known | values))
            answer = desk_of.get(address)
            if answer.status_code == 200 and answer.mimetype in TABLES:
                cells = cells_of(answer)
                told += [(address, cell) for cell in cells if any(one in cell for one in TELLS)]
                masks |= {row.rule for cell in cells if "(disamarkan)" in cell}
    assert not told
    assert len(masks) >= 4, masks


def test_whoever_wants_all_of_it_shows_who_they_are_and_is_noted(app, desk_of, people):
    whole = [row for row in rows(app) if row.rule.endswith("/lengkap") and row.arguments <= people.keys()]
    assert len(whole) >= 4
    with app.test_request_context():
        addresses = [url_for(row.endpoint, **{name: people[name] for name in row.arguments}) for row in whole]
    for address in addresses:
        answer = desk_of.post(address, data={"format": "csv"})
        assert (address, answer.status_code, answer.mimetype) == (address, 200, "text/csv")
        assert any(one in answer.text for one in TELLS), address
        assert "disamarkan" not in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
    noted = list(db.session.scalars(select(TrailEntry).where(TrailEntry.action == "export.whole")))
    assert [entry.subject_kind for entry in noted] == ["export"] * len(whole)
    assert all(entry.actor_id and entry.after["baris"] >= 1 for entry in noted)
    assert not verify().fault
    with desk_of.session_transaction() as session:
        del session[PROVED]
    for address in addresses:
        answer = desk_of.post(address, data={"format": "csv"})
        assert answer.status_code == 401
        assert not any(one in answer.text for one in TELLS)


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Private.PERSON, "siti aminah", "S. A."),
        (Private.NUMBER, "0812-3456-7890", "•••890"),
        (Private.NUMBER, "12345", "•••"),
        (Private.EMAIL, "siti@uji.example", "s•••@uji.example"),
        (Private.EMAIL, "tidak tahu", "disamarkan"),
        (Private.TEXT, "Jalan Melati 7", "disamarkan"),
        (Private.TEXT, None, None),
        (Private.PERSON, "", ""),
    ],
)
def test_what_is_masked_is_known_again_only_by_who_knows_it(kind, value, shown):
    assert masked(kind, value) == shown


def test_the_tables_that_stay_as_they_are_are_still_there(app):
    assert set(NEED_THEM) <= {row.endpoint for row in rows(app)}


def test_a_masked_table_that_is_imported_again_changes_nothing_that_it_hides():
    for exported, catalogue in ((cooperatives.STAFF, COOPERATIVES), (enterprise_lists.STAFF, ENTERPRISES)):
        private = [one.column.title for one in exported if one.column.private]
        assert len(private) >= 3
        assert any(meaning_of(title, catalogue).field for title in private)
        assert not [title for title in private if meaning_of(f"{title} ({MASKED})", catalogue).field]
