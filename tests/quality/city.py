"""Sound answers of invented cooperatives, each a little different, over two years."""

import random
from typing import Any

from tests.support.answers import sound


def figures(chance: random.Random, **overrides: Any) -> dict[str, Any]:
    """Sound answers of a cooperative of about a hundred members."""
    assets = round(500_000_000 * chance.lognormvariate(0, 0.5))
    own = round(assets * chance.uniform(0.7, 0.9))
    men, women = chance.randint(35, 55), chance.randint(50, 70)
    answers = sound(
        anggota_pria=men,
        anggota_wanita=women,
        jumlah_anggota=men + women,
        modal_sendiri=own,
        modal_luar=assets - own,
        aset=assets,
        volume_usaha=round(assets * 1.8 * chance.lognormvariate(0, 0.3)),
        shu=round(assets * 0.05 * chance.lognormvariate(0, 0.3)),
    )
    return {**answers, **overrides}


def year_after(chance: random.Random, answers: dict[str, Any]) -> dict[str, Any]:
    """The same cooperative a year later."""
    later = {**answers}
    for code in ("modal_sendiri", "modal_luar", "volume_usaha", "shu"):
        later[code] = round(answers[code] * chance.lognormvariate(0.04, 0.06))
    return {**later, "aset": later["modal_sendiri"] + later["modal_luar"]}
