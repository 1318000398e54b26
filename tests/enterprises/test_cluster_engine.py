"""Finding the groups of UKM: known kinds are found again, the same way each time, and what says too little is refused.

No database here: records are what the engine reads. scikit-learn takes seconds to load, so only this file loads it.
"""

import random

import pytest

from app.enterprises.clusters import encoding, engine
from app.enterprises.clusters.encoding import open_records
from app.enterprises.clusters.records import COLUMNS, Ground, pack, values_of
from app.enterprises.clusters.rules import Feature, Options, Refusal
from app.regions.centroids import centroids
from app.regions.queries import office_region

SUKUN, KLOJEN, BLIMBING = "35.73.04", "35.73.02", "35.73.01"
KINDS = (
    ("makanan-kemasan", SUKUN, "mikro", ["chat_sales"]),
    ("toko", KLOJEN, "mikro", ["none"]),
    ("bengkel", BLIMBING, "kecil", ["marketplace", "digital_payment"]),
)
GROUND = Ground(tuple(office_region("35.73").kecamatan), centroids())
PLACES = len(GROUND.kecamatan)
EACH = 30


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Fewer tries: what is grouped here is plain."""
    for name, fewer in {"RESAMPLES": 2, "MOST": 4, "STARTS": 1, "FEW_STARTS": 1}.items():
        monkeypatch.setattr(engine, name, fewer)


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    """``EACH`` UKM of every kind in turn, scattered about the middle of their kecamatan."""
    chance, file = random.Random(7), tmp_path_factory.mktemp("records") / "records"
    with file.open("wb") as written:
        for number in range(EACH * len(KINDS)):
            activity, place, size, digital = KINDS[number % len(KINDS)]
            latitude, longitude = (part + chance.uniform(-0.01, 0.01) for part in GROUND.middles[place])
            row = dict.fromkeys(COLUMNS) | {
                "id": number + 1, "latitude": latitude, "longitude": longitude, "kode_kecamatan": place, "activity": activity,
                "size_class": size, "digital": digital, "workers_men": 1,
            }  # fmt: skip
            written.write(pack(values_of(row, GROUND, consented=True, countable=True)))
    return open_records(file)


def kinds_of(labels):
    """The groups of each kind's members, as one number where they all are in the same."""
    return sorted("".join(map(str, sorted(set(labels[kind :: len(KINDS)])))) for kind in range(len(KINDS)))


def test_known_kinds_are_found_the_same_way_each_time_and_far_better_than_by_chance(records):
    labels, report = engine.group(records, Options(), PLACES)
    assert kinds_of(labels) == ["0", "1", "2"]
    assert report["count"] == 3
    assert report["silhouette"] > max(0.3, 2 * report["by_chance"])
    assert report["stability"] > 0.8
    again, told = engine.group(records, Options(), PLACES)
    assert list(again) == list(labels)
    assert told == report


def test_so_many_that_they_are_read_in_stretches_fall_into_the_same_groups(records, monkeypatch):
    monkeypatch.setattr(engine, "WHOLE", 80)
    monkeypatch.setattr(encoding, "CHUNK", 32)
    labels, _report = engine.group(records, Options(count=3), PLACES)
    assert kinds_of(labels) == ["0", "1", "2"]


def test_what_is_all_alike_is_not_grouped(records):
    alike = records[::3].repeat(2)
    options = Options({Feature.SECTOR: 1.0, Feature.SCALE: 1.0})
    assert engine.group(alike, options, PLACES) == (None, {"rows": 60, "refusal": Refusal.SAME, "tried": [], "dropped": ["sector", "scale"]})  # fmt: skip


@pytest.mark.parametrize(
    ("limit", "refusal"),
    [
        ("LEAST_SILHOUETTE", Refusal.FLAT),
        ("LEAST_STABILITY", Refusal.UNSTABLE),
        ("LEAST_OVER_CHANCE", Refusal.CHANCE),
    ],
)
def test_meaningless_groups_are_not_drawn(records, monkeypatch, limit, refusal):
    monkeypatch.setattr(engine, limit, 99.0)
    labels, report = engine.group(records, Options(count=3), PLACES)
    assert labels is None
    assert report["refusal"] == refusal
