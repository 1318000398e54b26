"""``flask database move``: from SQLite to PostgreSQL."""

import click
from flask.cli import with_appcontext

from app.core.plain_words import in_one_sentence
from app.operations.moving.copying import Moved, move


@click.group()
def database() -> None:
    """Basis data: pindah ke PostgreSQL."""


@database.command("move")
@click.option(
    "--to", "target", required=True, envvar="SIMPUL_MOVE_TO", help="postgresql://pengguna:sandi@server/simpul, yang masih kosong; juga lewat SIMPUL_MOVE_TO."
)  # fmt: skip
@with_appcontext
@in_one_sentence()
def database_move(target: str) -> None:
    """Salin semua tabel ke PostgreSQL, dan buktikan jumlah baris dan sidiknya sama. Situs harus dimatikan."""
    click.echo(f"{'Tabel':<28}{'Baris':>10}  Sidik (sama di kedua sisi)")
    moved = move(target, told=show)
    click.echo(f"{len(moved)} tabel, {sum(one.rows for one in moved)} baris: sama di kedua sisi.")
    click.echo("Berikutnya: isi SIMPUL_DATABASE_URL di instance/simpul.env dengan alamat itu, lalu jalankan situs (./run). Berkas SQLite tidak diubah; simpan sampai situs berjalan baik.")  # fmt: skip


def show(moved: Moved) -> None:
    """One line for each table."""
    click.echo(f"{moved.table:<28}{moved.rows:>10}  {moved.digest[:16]}…")
