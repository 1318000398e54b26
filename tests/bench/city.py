"""The UKM of the demonstration's city as rows of the register, without a database."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from app.demo.chance import dice
from app.demo.enterprise_rows import draw
from app.demo.enterprises import ENTERPRISES, SEED
from app.enterprises.clusters.records import COLUMNS
from app.enterprises.rules import State
from app.regions.rules import Region


def city_rows(here: Region, moment: datetime) -> Iterator[dict[str, Any]]:
    """Those of its register, numbered."""
    drawn = draw(dice(SEED, here.code, ENTERPRISES), here, moment, [], ENTERPRISES)
    listed = [one.row for one in drawn if one.row["state"] in (State.LISTED, State.HIDDEN)]
    for number, row in enumerate(listed, 1):
        yield {name: row.get(name) for name in COLUMNS} | {"id": number}
