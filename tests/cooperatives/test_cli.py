"""``flask user create``: the first admin, and managers by command."""

import re

import pytest
from sqlalchemy import select

from app.accounts.models import User
from app.accounts.passwords import verify_password
from app.cooperatives.queries import memberships_of
from app.core.access import Role
from app.core.extensions import db

PASSWORD = "sepeda biru di bawah hujan"
LINK = re.compile(r"/sandi/[\w-]+")
ADMIN = ("user", "create", "--email", "Admin@uji.example", "--name", "Ratna Uji", "--role", "admin")


def the_person():
    db.session.rollback()
    return db.session.scalars(select(User)).one()


def test_the_first_admin_gets_a_one_time_link(command):
    done = command(*ADMIN)
    assert done.exit_code == 0
    assert len(done.output.strip().splitlines()) == 1
    assert "http://127.0.0.1:8000/sandi/" in done.output
    person = the_person()
    assert (person.email, person.roles, person.password_hash) == ("admin@uji.example", {Role.ADMIN}, None)


def test_a_password_from_standard_input_is_used(command):
    done = command(*ADMIN, "--password-stdin", input=f"{PASSWORD}\n")
    assert done.exit_code == 0
    assert "/sandi/" not in done.output
    assert PASSWORD not in done.output
    assert verify_password(the_person().password_hash, PASSWORD)


def test_a_manager_acts_for_the_cooperative_at_once(command, melati):
    done = command(
        "user", "create", "--phone", "0812-1111-2222", "--name", "Ratna Uji", "--role", "cooperative",
        "--cooperative", melati.slug, "--position", "ketua",
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    [membership] = memberships_of(the_person())
    assert (membership.cooperative.slug, membership.position) == (melati.slug, "Ketua")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--email", "x", "--name", "Ratna Uji", "--role", "admin"), "tidak lengkap"),
        (("--name", "Ratna Uji", "--role", "admin"), "Isi surel atau nomor telepon"),
        (("--email", "a@uji.example", "--name", "R", "--role", "admin"), "nama lengkap"),
        (
            (
                "--email",
                "a@uji.example",
                "--name",
                "Ratna Uji",
                "--role",
                "cooperative",
                "--cooperative",
                "tidak-ada",
            ),
            "tidak ada di register",
        ),
        (
            ("--email", "a@uji.example", "--name", "Ratna Uji", "--role", "admin", "--cooperative", "x"),
            "--role cooperative",
        ),
    ],
)
def test_a_failure_is_one_sentence_and_a_status(command, app, arguments, sentence):
    done = command("user", "create", *arguments)
    assert done.exit_code == 1
    assert sentence in done.output
    assert len(done.output.strip().splitlines()) == 1
    db.session.rollback()
    assert db.session.scalars(select(User)).all() == []


@pytest.mark.parametrize("password", ["", "pendek", "ratna uji ratna uji"])
def test_an_easy_password_is_refused(command, app, password):
    done = command(*ADMIN, "--password-stdin", input=f"{password}\n")
    assert done.exit_code == 1
    assert "Sandi" in done.output


def test_an_address_twice_is_refused(command):
    command(*ADMIN)
    again = command(*ADMIN)
    assert again.exit_code == 1
    assert "sudah dipakai" in again.output
    assert "user link --email Admin@uji.example" in again.output


def test_a_lost_link_is_printed_anew_and_the_old_one_is_dead(command, client):
    first = LINK.search(command(*ADMIN).output)[0]
    done = command("user", "link", "--email", "admin@uji.example")
    assert done.exit_code == 0
    assert client.get(first).status_code == 410
    assert client.get(LINK.search(done.output)[0]).status_code == 200
    assert command("user", "link", "--email", "tiada@uji.example").exit_code == 1
