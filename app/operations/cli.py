"""Commands about running the site."""

import click
from flask.cli import with_appcontext

from app.operations.settings import settings as shown_settings


@click.group()
def settings() -> None:
    """Pengaturan: tampilkan."""


@settings.command("show")
@with_appcontext
def settings_show() -> None:
    """Tampilkan setiap pengaturan, asalnya, dan gunanya; rahasia disembunyikan."""
    found = shown_settings()
    width = max(len(setting.name) for setting in found)
    for setting in found:
        click.echo(f"{setting.name:<{width}}  {setting.value}  [{setting.source}]  {setting.meaning}")
    click.echo(
        f"{len(found)} pengaturan. Ubah lewat lingkungan atau instance/simpul.env, lalu jalankan ulang situs."
    )
