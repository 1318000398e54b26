"""What an operator asks of a run, as a form."""

from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.i18n import _, say
from app.enterprises.clusters.rules import (
    FEATURE_HINTS,
    FEATURE_NAMES,
    FEWEST,
    LARGEST_SEED,
    MOST,
    USUAL,
    WEIGHTS,
    Feature,
    Options,
)


def read_options(sent: "MultiDict[str, str]", before: Options) -> tuple[Options, dict[str, str]]:
    """The options that were sent, and what is wrong with them by input. ``before`` gives the seed where none is sent."""
    weights: dict[Feature, float] = {}
    problems: dict[str, str] = {}
    for feature in Feature:
        try:
            weight = float(sent.get(f"bobot_{feature}", str(USUAL.get(feature, 0.0))))
        except ValueError:
            weight = -1.0
        if weight not in WEIGHTS:
            problems[f"bobot_{feature}"] = _("Pilih salah satu bobot.")
        elif weight:
            weights[feature] = weight
    if not weights and not problems:
        problems["bobot_location"] = _("Pilih paling sedikit satu ciri.")
    count, seed = sent.get("banyak", "").strip(), sent.get("benih", str(before.seed)).strip()
    if count and not (count.isascii() and count.isdigit() and FEWEST <= int(count[:4]) <= MOST):
        problems["banyak"] = _("Pilih %(fewest)s sampai %(most)s, atau biarkan situs yang mencari.", fewest=FEWEST, most=MOST)  # fmt: skip
    if not (seed.isascii() and seed.isdigit() and len(seed) < 11 and int(seed) <= LARGEST_SEED):
        problems["benih"] = _("Isi bilangan bulat dari 0.")
    if problems:
        return before, problems
    return Options(weights, int(count) if count else None, int(seed)), {}


def fields_of(options: Options, typed: "MultiDict[str, str] | None", problems: dict[str, str]) -> list[dict[str, Any]]:  # fmt: skip
    """A select for the weight of each trait."""
    return [
        {
            "name": f"bobot_{feature}",
            "label": say(FEATURE_NAMES[feature]),
            "hint": say(FEATURE_HINTS[feature]),
            "value": typed.get(f"bobot_{feature}", "") if typed else f"{options.weights.get(feature, 0.0):g}",
            "choices": [(f"{weight:g}", say(words)) for weight, words in WEIGHTS.items()],
            "error": problems.get(f"bobot_{feature}", ""),
        }
        for feature in Feature
    ]


def count_choices() -> list[tuple[str, str]]:
    """How many groups can be asked for."""
    return [(str(number), str(number)) for number in range(FEWEST, MOST + 1)]
