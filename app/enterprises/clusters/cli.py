"""``flask cluster run``: group the register now."""

import sys

import click
from flask.cli import with_appcontext

from app.core.errors import RuleBroken
from app.core.writing import writing
from app.enterprises.clusters.queries import current_run
from app.enterprises.clusters.rules import FEWEST, LARGEST_SEED, MOST, WEIGHTS, Feature, Options, Origin
from app.enterprises.clusters.running import execute
from app.enterprises.clusters.services import request_run


@click.group()
def cluster() -> None:
    """Kelompok UKM."""


def read_weight(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> dict[Feature, float]:  # fmt: skip
    """``sector=2``: one trait and its weight."""
    found = {}
    for one in given:
        name, _equals, weight = one.partition("=")
        if (
            name not in set(Feature)
            or not weight.replace(".", "", 1).isdigit()
            or float(weight) not in WEIGHTS
        ):
            raise click.BadParameter(f"{one}: tulis CIRI=BOBOT, ciri salah satu dari {', '.join(Feature)}, bobot 0, 0.5, 1 atau 2")  # fmt: skip
        found[Feature(name)] = float(weight)
    return found


@cluster.command("run")
@click.option("--weight", multiple=True, callback=read_weight, help="CIRI=BOBOT, boleh berulang; tanpa ini seperti yang terakhir.")  # fmt: skip
@click.option("--count", type=click.IntRange(FEWEST, MOST), help="Banyaknya kelompok; tanpa ini dicari.")
@click.option("--seed", type=click.IntRange(0, LARGEST_SEED), help="Benih undian.")
@with_appcontext
def run(weight: dict[Feature, float], count: int | None, seed: int | None) -> None:
    """Kelompokkan semua UKM di register sekarang."""
    last = current_run()
    before = last.wanted if last else Options()
    weights = {one: value for one, value in {**before.weights, **weight}.items() if value}
    if not weights:
        click.echo("Paling sedikit satu ciri harus dipakai.", err=True)
        sys.exit(1)
    try:
        with writing():
            run_id = request_run(Options(weights, count, before.seed if seed is None else seed), origin=Origin.COMMAND).id  # fmt: skip
        click.echo(execute(run_id) + ".")
    except (RuleBroken, RuntimeError) as refusal:
        click.echo(str(refusal.text) if isinstance(refusal, RuleBroken) else f"Gagal: {refusal}", err=True)
        sys.exit(1)
