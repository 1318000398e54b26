"""Commands about accounts for whoever has the server itself; ``flask user`` takes them in."""

import click
from flask.cli import with_appcontext

from app.accounts import second_factor
from app.accounts.links import issue_link
from app.accounts.models import Purpose, User
from app.accounts.queries import person_by_identifier
from app.accounts.rules import read_identifier
from app.core.errors import RuleBroken
from app.core.formatting import moment
from app.core.parsing import Unreadable
from app.core.plain_words import fail
from app.core.writing import writing


@click.command("reset-second-factor")
@click.option("--email", "identifier", required=True, help="Surel atau nomor telepon orangnya.")
@with_appcontext
def reset_second_factor(identifier: str) -> None:
    """Let somebody whose telephone is lost sign in by password alone, once: the last admin has nobody else to ask."""
    try:
        with writing():
            person = _person_of(identifier)
            second_factor.reset(person)
            name, must = person.name, person.must_set_up_two_steps
    except (RuleBroken, Unreadable) as no:
        fail(no.text)
    after = " Sesudah masuk, ia diminta memasang kode lagi." if must else ""
    click.echo(f"Kode masuk {name} diatur ulang, semua perangkatnya keluar.{after}")


@click.command("link")
@click.option("--email", "identifier", required=True, help="Surel atau nomor telepon orangnya.")
@with_appcontext
def new_link(identifier: str) -> None:
    """Print a one-time link for choosing a password: the first was lost, or the last admin forgot theirs."""
    try:
        with writing():
            person = _person_of(identifier)
            issued = issue_link(person, purpose=Purpose.RESET if person.password_hash else Purpose.INVITE)
            told = f"Tautan sekali pakai untuk {person.name}, berlaku sampai {moment(issued.expires_at)}: {issued.url}"
    except (RuleBroken, Unreadable) as no:
        fail(no.text)
    click.echo(f"{told} Tautan sebelumnya tidak berlaku lagi.")


def _person_of(identifier: str) -> User:
    """Whose account it is; the command ends where nobody has one."""
    return person_by_identifier(read_identifier(identifier) or "") or fail(
        f"Tidak ada akun dengan {identifier}."
    )
