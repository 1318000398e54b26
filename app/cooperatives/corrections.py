"""Two people correct one cooperative: what only one of them touched is kept, what both touched is theirs to choose."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from app.cooperatives.fields import BY_CODE
from app.cooperatives.models import Cooperative
from app.cooperatives.reading import as_typed
from app.cooperatives.registering import change_cooperative
from app.cooperatives.timeline import hold


@dataclass(frozen=True)
class Correction:
    """What came of a form: the codes that changed, or those that somebody else changed too (then nothing was written)."""

    changed: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    merged: bool = False  # somebody else's changes of other fields stand beside these


def typed_values(cooperative: Cooperative, codes: Collection[str]) -> dict[str, str]:
    """The register's values as they stand in a form: what a form began with, and what a later one is compared to."""
    return {code: as_typed(BY_CODE[code], getattr(cooperative, code)) for code in codes}


def correct_cooperative(
    cooperative: Cooperative, values: Mapping[str, Any], *, version: int, base: Mapping[str, str] | None
) -> Correction:
    """Write ``values`` over the register. ``version`` and ``base`` (see :func:`typed_values`) are what the form began with.

    Against a newer register, only what the form changed is written; a field that both changed is a conflict. Without a
    ``base`` every difference is one. Raises RuleBroken as :func:`change_cooperative` does.
    """
    hold(cooperative)
    if cooperative.version == version:
        return Correction(tuple(change_cooperative(cooperative, values)))
    theirs = typed_values(cooperative, values)
    mine = {code: as_typed(BY_CODE[code], value) for code, value in values.items()}
    differing = [code for code in values if mine[code] != theirs[code]]
    if base is not None:
        differing = [code for code in differing if mine[code] != base.get(code, "")]
    conflicts = [code for code in differing if base is None or theirs[code] != base.get(code, "")]
    if conflicts:
        return Correction(conflicts=tuple(conflicts))
    changed = change_cooperative(cooperative, {code: values[code] for code in differing})
    return Correction(tuple(changed), merged=True)
