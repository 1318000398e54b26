"""What ``./run`` does before it serves, and the demonstration data's commands."""

from pathlib import Path
from urllib.parse import urlsplit

import click
from alembic import command
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import exists, select

from app.accounts.models import User
from app.accounts.one_time_codes import code_at
from app.content import seeds
from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.plain_words import fail, in_one_sentence
from app.core.spreadsheets import write_csv
from app.core.writing import writing
from app.demo import kutai_timur, loader, removal
from app.demo.accounts import SIGN_INS
from app.demo.enterprises import ENTERPRISES
from app.enterprises import upkeep
from app.operations.backup.rules import keep_of
from app.questionnaire import services as questionnaire

few_enterprises = click.option(
    "--ukm",
    type=click.IntRange(min=60),
    default=ENTERPRISES,
    show_default=True,
    help="Banyaknya UKM peragaan.",
)
LOCAL = frozenset({"127.0.0.1", "localhost", "::1"})


@click.command("start-up")
@click.option("--empty", is_flag=True, help="Tanpa data peragaan.")
@click.option("--production", is_flag=True, help="Untuk server sungguhan: menolak akun peragaan.")
@few_enterprises
@with_appcontext
@in_one_sentence()
def start_up(empty: bool, production: bool, ukm: int) -> None:
    """Bring the database up to date, load demonstration data into an empty one, and say where the site is."""
    production = production or bool(current_app.config["PRODUCTION"])
    check_readable()
    if production:
        check_settings()
    upgrade()
    derive_older_rows()
    if production and loader.is_loaded():
        fail("Masih ada akun peragaan. Hapus dulu dengan: .venv/bin/flask --app wsgi demo remove")
    with writing():
        questionnaire.ensure_editions(today())
        seeds.ensure_pages()
    if not (production or empty) and loader.is_empty():
        load_if_possible(ukm)
    warn()
    click.echo(f"Simpul: {current_app.config['BASE_URL']}")
    if loader.is_loaded():
        print_sign_ins()
    elif not db.session.scalar(select(exists().where(User.id > 0))):
        click.echo("Belum ada akun. Buat yang pertama dengan:")
        click.echo("  .venv/bin/flask --app wsgi user create --email … --name … --role admin")


def upgrade() -> None:
    """Bring the tables to the newest version. Raises CommandError when a newer Simpul has changed them."""
    command.upgrade(current_app.extensions["migrate"].migrate.get_config(), "head")


def derive_older_rows() -> None:
    """Give rows that are older than a derived column its value, some at a time, so that nobody waits long behind them."""
    left = 1
    while left:
        with writing():
            left = upkeep.fill_in()


def check_readable() -> None:
    """Refuse settings that nobody would miss until much later: in the first letter's link, at the first backup."""
    site = urlsplit(current_app.config["BASE_URL"])
    if site.scheme not in {"http", "https"} or not site.hostname:
        fail(
            f'SIMPUL_BASE_URL berisi "{current_app.config["BASE_URL"]}". Isi alamat lengkap di instance/simpul.env, '
            "misalnya https://koperasi.contoh.go.id."
        )
    try:
        keep_of(str(current_app.config["BACKUP_KEEP"]))
    except ValueError:
        fail(
            f'SIMPUL_BACKUP_KEEP berisi "{current_app.config["BACKUP_KEEP"]}". Isi banyaknya cadangan harian, mingguan, '
            "dan bulanan, misalnya 7,4,12."
        )


def check_settings() -> None:
    """Refuse settings with which nobody should face real people: a key or an address that nobody chose."""
    if not current_app.config["SECRET_KEY_GIVEN"]:
        fail("SIMPUL_SECRET_KEY belum diisi. Isi di instance/simpul.env, misalnya dengan 48 huruf acak.")
    site = urlsplit(current_app.config["BASE_URL"])
    if site.scheme not in {"http", "https"} or not site.hostname or site.hostname in LOCAL:
        fail(
            "SIMPUL_BASE_URL belum diisi, atau hanya alamat komputer ini. Isi alamat situs di instance/simpul.env, "
            "misalnya https://koperasi.contoh.go.id."
        )


def load_if_possible(enterprises: int) -> None:
    """The demonstration, or a sentence that says why there is none here: the site works without it."""
    try:
        click.echo(loader.load(enterprises=enterprises))
    except RuleBroken as refusal:
        click.echo(str(refusal.text), err=True)


def warn() -> None:
    """Say what works, but not as it should."""
    config = current_app.config
    site = urlsplit(config["BASE_URL"])
    if site.hostname in LOCAL and config["HOST"] not in LOCAL:
        click.echo(
            "Peringatan: SIMPUL_BASE_URL belum diisi, jadi tautan di surel dan kode QR hanya terbuka di komputer ini.",
            err=True,
        )
    elif site.hostname not in LOCAL and site.scheme != "https":
        click.echo(
            "Peringatan: alamat situs bukan https, jadi sandi melewati jaringan tanpa disandikan. Pasang TLS di depan situs.",
            err=True,
        )


def print_sign_ins() -> None:
    """One line for each demonstration account: role, e-mail, password, and the key of its codes where it has one."""
    for account in SIGN_INS:
        key = f"  kunci kode masuk {account.secret}" if account.secret else ""
        click.echo(f"  {account.role:<12} {account.email:<26} {account.password}{key}")
    click.echo("  Kode masuk enam angka yang berlaku sekarang: .venv/bin/flask --app wsgi demo code")


@click.group()
def demo() -> None:
    """Data peragaan: muat, hapus, tampilkan akun."""


@demo.command("load")
@few_enterprises
@with_appcontext
@in_one_sentence()
def demo_load(ukm: int) -> None:
    """The office's region with fictional cooperatives and UKM, into an empty database."""
    click.echo(loader.load(enterprises=ukm))
    print_sign_ins()


@demo.command("kutai-timur")
@click.argument("out", type=click.Path(dir_okay=False, writable=True, path_type=Path))
def demo_kutai_timur(out: Path) -> None:
    """A list of fictional UKM, as many in each kecamatan as Kutai Timur publishes, to try the import with."""
    rows = list(kutai_timur.rows())
    out.write_bytes(write_csv(kutai_timur.COLUMNS, rows))
    click.echo(f"{len(rows)} UKM rekaan di {len(kutai_timur.PUBLISHED)} kecamatan ditulis ke {out}.")
    click.echo(f"Impor dengan: SIMPUL_REGION={kutai_timur.CODE} flask --app wsgi enterprise import {out}")


@demo.command("remove")
@with_appcontext
@in_one_sentence()
def demo_remove() -> None:
    """Take the demonstration accounts and their data out."""
    click.echo(removal.remove())
    if not db.session.scalar(select(exists().where(User.id > 0))):
        click.echo("Sekarang tidak ada akun lagi. Buat admin pertama dengan: flask --app wsgi user create")


@demo.command("signins")
@with_appcontext
@in_one_sentence()
def demo_signins() -> None:
    """Print the demonstration accounts, if they are loaded."""
    if loader.is_loaded():
        print_sign_ins()
    else:
        click.echo("Tidak ada data peragaan.")


@demo.command("code")
def demo_code() -> None:
    """Print the code that the demonstration's admin is asked for now; it changes every half minute."""
    for account in SIGN_INS:
        if account.secret:
            click.echo(f"{account.email}: {code_at(account.secret, now())}")
