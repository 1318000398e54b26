"""Public addresses that answer programs in JSON: what comes is what ``/api/v1/openapi.json`` says, whatever a program sends."""

import json

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.accounts.models import User
from app.cooperatives.models import Cooperative, Listing
from app.core.access import Role
from app.core.database import today
from app.core.extensions import db, limiter
from app.core.writing import writing
from app.enterprises import services as enterprises
from app.enterprises.rules import Purpose
from app.opendata.description import document
from app.questionnaire import services as questionnaire
from app.review import services as review
from tests.enterprises.conftest import VALUES
from tests.programs.conftest import make_program  # noqa: F401 - a fixture
from tests.security.access_matrix import rows
from tests.support.answers import sound_for

DESCRIPTION = "/api/v1/openapi.json"
CHECKS = [
    not_a_server_error,
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
]
PLAIN = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
ALIEN = st.lists(
    st.tuples(
        st.sampled_from(["q", "kecamatan", "after", "before", "kotak", "nib", "jenis", "urut", "x"]),
        st.text(max_size=30)
        | st.sampled_from(
            ["", "-1", "9" * 30, "1,2,3,4,5", "nan", "%00", "'", "a" * 3000, "[]", "\x00", "٣"]
        ),
    ),
    max_size=4,
)


def filled(path):
    """An address of the description with the format that it asks for, and nothing of that name."""
    return path.replace("{slug}", "tidak-ada"), {"format": "json"} | (
        {"kotak": "9,404,265,406,267"} if path == "/ukm/peta.json" else {}
    )


@pytest.fixture
def known(app, make_cooperative, make_user, make_program):  # noqa: F811 - the fixture
    """One thing behind each kind of address; its address by the path in the description."""
    program, manager_id = make_program(title="Pelatihan uji", slug="pelatihan-uji").slug, make_user().id
    operator_id = make_user(Role.OPERATOR).id
    cooperative = make_cooperative(listing=Listing.LISTED, kode_kelurahan="35.73.01.1001")
    cooperative_id, slug = cooperative.id, cooperative.slug
    with writing() as session:
        questionnaire.ensure_editions(today())
        manager, operator = session.get_one(User, manager_id), session.get_one(User, operator_id)
        found = session.get_one(Cooperative, cooperative_id)
        report = questionnaire.start_report(found, year=today().year - 1, by=manager)
        questionnaire.save_answers(
            report, values=sound_for(report.year), base_version=report.version, by=manager
        )
        questionnaire.submit(report, by=manager, declared_name="Cempaka Uji", declared_position="Ketua")
        review.approve(report, comments={}, by=operator, seen=report.version)
        slug = found.slug
        enterprise = enterprises.add_enterprise(VALUES | {"name": "Keripik Uji", "owner_name": "Melati Uji"})
        enterprises.set_consents(enterprise, {Purpose.LISTING: True})
        enterprises.submit(enterprise)
        enterprises.verify(enterprise, by=operator)
        ukm = enterprise.slug
    db.session.remove()
    return {"/koperasi/{slug}": slug, "/ukm/{slug}": ukm, "/program/{slug}": program}


@pytest.fixture
def described(app):
    """The description as schemathesis reads it from the site."""
    limiter.reset()
    return schemathesis.openapi.from_wsgi(DESCRIPTION, app)


def test_every_public_address_that_answers_json_is_described(app):
    client = app.test_client()
    client.check_html = False
    found = set()
    for row in rows(app):
        if row.method != "GET" or row.access != "public" or row.arguments:
            continue
        limiter.reset()
        address, query = filled(row.rule)
        answer = client.get(address, query_string=query)
        if answer.mimetype.endswith("json") and answer.status_code in {200, 503}:
            found.add(row.rule)
    assert found == {path for path in document()["paths"] if "{" not in path}


def test_what_stands_there_has_the_shape_that_is_promised(app, client, described, known):
    for path, item in document()["paths"].items():
        address, query = filled(path)
        address = address.replace("tidak-ada", known.get(path, ""))
        answer = client.get(address, query_string=query)
        assert answer.status_code in {200, 503}, address
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        described[path][next(iter(item)).upper()].validate_response(answer)
    assert "Melati" not in client.get("/ukm?format=json").text


def test_an_error_too_is_told_in_json(client):
    for path in ("/koperasi/tidak-ada", "/ukm/tidak-ada", "/program/tidak-ada"):
        answer = client.get(path, query_string={"format": "json"})
        assert (answer.status_code, answer.mimetype) == (404, "application/json")
        assert answer.json.keys() == {"code", "sentence"}
    assert client.get("/koperasi/tidak-ada").mimetype == "text/html"


@settings(PLAIN, max_examples=40)
@given(data=st.data())
def test_whatever_the_description_allows_is_answered_as_it_says(described, known, data):
    case = data.draw(described.as_strategy())
    if "slug" in case.path_parameters and data.draw(st.booleans()):
        case.path_parameters["slug"] = known[case.operation.path]
    limiter.reset()
    answer = case.call(headers={"Accept-Encoding": "identity"})
    told_unready = case.operation.path == "/readyz"  # whose 503 is an answer
    case.validate_response(answer, checks=CHECKS[1:] if told_unready else CHECKS)


@settings(PLAIN, max_examples=10)
@given(asked=ALIEN)
def test_whatever_else_is_asked_the_answer_is_json_or_a_clear_no(app, asked):
    client = app.test_client()
    client.check_html = False
    for path in document()["paths"]:
        limiter.reset()
        address, query = filled(path)
        answer = client.get(address, query_string=[*query.items(), *asked])
        assert answer.status_code in {200, 404} or path == "/readyz", (address, asked)
        assert answer.mimetype.endswith("json"), (address, asked)
        json.loads(answer.text)
