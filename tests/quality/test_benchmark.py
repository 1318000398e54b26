"""The benchmark's aim, held on three small cities: what it prints for twelve large ones stands in docs/adr/0013-anomalies.md."""

from collections import Counter
from random import Random

import pytest

from tests.bench.anomalies import SOUND, STAGES, Tally, sent_reports, spoiled
from tests.bench.injected import MONEY, SLIPS, TELLING, inject

CITIES = {seed: list(sent_reports(seed, 320)) for seed in (21, 22, 23)}


def test_known_errors_are_caught_and_sound_reports_left_in_peace():
    tally = Tally()
    for seed, city in CITIES.items():
        tally.look(spoiled(city, seed, 0.4), lambda rows: [])
    whole = sum(tally.injected.values(), Counter())
    sound = tally.flagged[SOUND]
    assert whole["telling"] > 100
    assert whole[f"telling {STAGES[-1]}"] / whole["telling"] >= 0.95
    assert whole[STAGES[-1]] >= whole[STAGES[0]]
    assert sound[STAGES[-1]] / sound["all"] <= 0.07


@pytest.mark.parametrize("kind", SLIPS)
def test_an_injected_error_changes_what_it_says_and_only_that(kind):
    for one in [report for report in CITIES[21] if report.earlier][:40]:
        error = inject(Random(one.name), kind, one.answers, one.earlier[0][1])
        if error is None:
            continue
        changed = {key for key in one.answers if one.answers[key] != error.answers.get(key)}
        assert set(error.fields) <= changed <= {*error.fields, "jumlah_anggota"}
        assert error.is_telling == (error.change > TELLING or kind == "last year copied")
        if kind.startswith("x "):
            assert all(abs(error.answers[f]) > abs(one.answers[f]) for f in error.fields if f in MONEY)
