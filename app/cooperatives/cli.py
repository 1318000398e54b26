"""``flask user create``: it stands here because it may name a cooperative."""

import sys

import click
from flask.cli import with_appcontext

from app.accounts.cli import new_link, reset_second_factor
from app.accounts.models import Purpose, User
from app.accounts.password_rules import password_problem, personal_words
from app.accounts.queries import person_by_identifier
from app.accounts.rules import read_identifier
from app.accounts.services import create_user, hash_password, issue_link
from app.cooperatives.queries import listed_cooperative
from app.cooperatives.rules import Position
from app.cooperatives.services import add_member
from app.core.access import Role
from app.core.errors import RuleBroken
from app.core.formatting import moment
from app.core.office import office
from app.core.parsing import Unreadable
from app.core.writing import writing


@click.group()
def user() -> None:
    """Orang yang punya akun."""


user.add_command(reset_second_factor)
user.add_command(new_link)


@user.command("create")
@click.option("--email", default="", help="Surel; dipakai untuk masuk.")
@click.option("--phone", default="", help="Nomor telepon; juga dapat dipakai untuk masuk.")
@click.option("--name", required=True, help="Nama lengkap.")
@click.option(
    "--role", "roles", required=True, multiple=True, type=click.Choice([role.value for role in Role])
)
@click.option(
    "--cooperative", "slug", default="", help="Alamat koperasi yang diwakili, misalnya koperasi-melati."
)
@click.option(
    "--position",
    type=click.Choice([position.value for position in Position], case_sensitive=False),
    default=Position.STAFF.value,
    show_default=True,
    help="Jabatan di koperasi itu.",
)
@click.option(
    "--password-stdin",
    is_flag=True,
    help="Baca sandi dari masukan baku; tanpa ini, tautan sekali pakai dicetak.",
)
@with_appcontext
def create(
    email: str, phone: str, name: str, roles: tuple[str, ...], slug: str, position: str, password_stdin: bool
) -> None:
    """Make an account, with a password from standard input or with a one-time link."""
    try:
        click.echo(_create(email, phone, name, roles, slug, position, password_stdin))
    except RuleBroken as no:
        click.echo(f"{no.text}{_way_in(email or phone)}", err=True)
        sys.exit(1)


def _create(
    email: str, phone: str, name: str, roles: tuple[str, ...], slug: str, position: str, password_stdin: bool
) -> str:
    wanted = {Role(role) for role in roles}
    if slug and Role.COOPERATIVE not in wanted:
        raise RuleBroken("Pilihan --cooperative hanya untuk --role cooperative.")
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else ""
    site = office()
    personal = personal_words(name, email, phone, site.full_name, site.city)
    if password_stdin and (problem := password_problem(password, personal=personal)):
        raise RuleBroken(problem.template, **problem.params)
    password_hash = hash_password(password) if password_stdin else None
    with writing():
        person = create_user(
            name=name, email=email or None, phone=phone or None, password_hash=password_hash, roles=wanted
        )
        if slug:
            _join(person, slug, position)
        done = f"Akun {person.email or person.phone} ({', '.join(sorted(wanted))}) dibuat."
        if password_stdin:
            return done
        link = issue_link(person, purpose=Purpose.INVITE)
        return f"{done} Tautan sekali pakai, berlaku sampai {moment(link.expires_at)}: {link.url}"


def _way_in(identifier: str) -> str:
    """What to do when there is an account of ``identifier`` already; empty when there is none."""
    try:
        known = person_by_identifier(read_identifier(identifier) or "")
    except Unreadable:
        known = None
    return f" Tautan baru untuk akun itu: user link --email {identifier}" if known else ""


def _join(person: User, slug: str, position: str) -> None:
    cooperative = listed_cooperative(slug)
    if cooperative is None:
        raise RuleBroken("Koperasi %(slug)s tidak ada di register.", slug=slug)
    add_member(person, cooperative, position=position)
