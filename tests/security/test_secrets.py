"""What is secret stands in no log, and error pages show nothing of the inside."""

import re

import pytest
import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.accounts.models import User
from app.accounts.services import issue_link
from app.audit.models import TrailEntry
from app.core import logs
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing
from app.notifications.models import OutboxMessage
from app.operations.records import reason
from tests.accounts.conftest import GOOD
from tests.factories import PASSWORD
from tests.support import second_step


def test_neither_passwords_nor_links_nor_codes_nor_the_app_s_secret_reach_the_log_or_the_trail(
    app, client_as, make_user, capfd
):
    operator = make_user(Role.OPERATOR, phone="+6281234567890")
    browser = app.test_client()
    browser.post("/masuk", data={"email": operator.email, "password": "salah-sekali-ini"})
    browser.post("/masuk", data={"email": operator.email, "password": PASSWORD})
    browser.post("/akun/kode-masuk/mulai")
    page = browser.get("/akun/kode-masuk/pasang").text
    secret = re.search(r'code-link">([A-Z2-7 ]+)</p>', page)[1].replace(" ", "")
    code = second_step.code(secret)
    paper = browser.post("/akun/kode-masuk/pasang", data={"kode": code}).text
    recovery = re.findall(r"<code>([A-Z0-9-]+)</code>", paper)
    cookie = browser.get_cookie("simpul").value
    with writing():
        issued = issue_link(db.session.get_one(User, operator.id), purpose="reset")
        token, spoken = issued.token, issued.code
    app.test_client().get(f"/sandi/{token}")
    app.test_client().post("/sandi/kode", data={"email": operator.email, "kode": spoken})
    with writing():
        token = issue_link(db.session.get_one(User, operator.id), purpose="reset").token
    last = app.test_client()
    last.post(f"/sandi/{token}", data={"new_password": GOOD})
    last.post("/masuk/kode", data={"kode": recovery[0]})

    captured = capfd.readouterr()
    logged = captured.out + captured.err
    assert logged.count('"request"') >= 9
    trail = [
        f"{one.before}{one.after}{one.actor_name}{one.subject_name}"
        for one in db.session.scalars(select(TrailEntry))
    ]
    kept = logged + "".join(trail)
    secrets = [
        PASSWORD,
        "salah-sekali-ini",
        GOOD,
        secret,
        code,
        token,
        issued.token,
        spoken,
        cookie,
        *recovery,
    ]
    secrets += [one.replace("-", "") for one in recovery]
    assert not [one for one in secrets if one in kept]
    assert operator.email not in logged
    assert "81234567890" not in logged
    for message in db.session.scalars(select(OutboxMessage)):
        assert not [one for one in (secret, PASSWORD, GOOD, *recovery) if one in message.body]


def test_what_people_wrote_stands_in_no_log_when_the_database_refuses_it(app, make_user, capfd):
    logs.configure()
    known = make_user(email="rahasia.sekali@uji.example", phone="+6281234567890")
    address, phone = known.email, known.phone
    for taken in ({"email": address}, {"email": "lain@uji.example", "phone": phone}, {"name": None}):
        values = {"name": "Melati Rahasia Uji", "email": "baru@uji.example"} | taken
        with pytest.raises(IntegrityError) as refused, writing() as session:
            session.add(User(**values))
        fault = refused.value
        structlog.get_logger("simpul").error("fault", error=repr(fault), exc_info=fault)
        assert "uji.example" not in reason(fault)
    logged = capfd.readouterr().err
    assert logged.count("IntegrityError") >= 3
    assert not [one for one in (address, "81234567890", "Melati Rahasia", "uji.example") if one in logged]


def test_a_person_is_a_number_in_the_log(client_as, make_user, capfd):
    user = make_user(name="Melati Rahasia Uji")
    client_as(user).get("/akun")
    logged = capfd.readouterr().err
    assert f'"person": {user.id}' in logged
    assert "Rahasia" not in logged


def test_addresses_that_are_themselves_a_secret_are_not_written_down(app, client, capfd):
    """Every public address with a token in it, whatever feature it belongs to."""
    told = []
    for rule in app.url_map.iter_rules():
        if "token" not in rule.arguments or "GET" not in rule.methods or rule.endpoint.startswith("files."):
            continue
        address = rule.rule
        for name, value in {
            "token": "RAHASIARAHASIARAHASIA1",
            "step": "1",
            "product_id": "1",
            "slug": "x",
        }.items():
            address = re.sub(rf"<[^<>]*{name}>", value, address)
        client.check_html = False
        client.get(address)
        if "RAHASIARAHASIA" in capfd.readouterr().err:
            told.append(rule.rule)
    assert not told
