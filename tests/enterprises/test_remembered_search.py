"""A search is asked once while its pages are read, and anew as soon as anything has changed; a full square is counted once."""

from functools import partial

import pytest

from app.core.search import answer
from app.core.short_memory import ShortMemory
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.models import Enterprise
from app.enterprises.rules import Purpose
from tests.support.queries import count_queries

WIDE = "6,51,16,53,18"
MEMORIES = ("short memory", "answers", "kinds", "ids", "places", "squares")


@pytest.fixture
def remembering(app, monkeypatch):
    """A site that remembers, with nothing to remember yet."""
    monkeypatch.setitem(app.config, "KEEP_FIGURES", True)
    for name in MEMORIES:
        monkeypatch.setitem(app.extensions, name, ShortMemory())


def _looks_in_the_index(client, *addresses):
    with count_queries() as seen:
        for address in addresses:
            assert client.get(address).status_code == 200
    return sum("MATCH" in one or "trigrams(" in one for one in seen.statements)


def test_list_and_map_of_a_search_ask_the_index_once_until_something_changes(
    client, make_enterprise, remembering
):
    shown = make_enterprise()
    addresses = ("/ukm?q=keripik", "/ukm/peta?q=keripik", f"/ukm/peta.json?q=keripik&kotak={WIDE}")
    assert _looks_in_the_index(client, addresses[0]) > 0
    assert _looks_in_the_index(client, *addresses) == 0
    with writing() as session:
        services.save(session.get_one(Enterprise, shown.id), {"name": "Sambal Contoh", "products": "Sambal"})
    assert client.get("/ukm?format=json&q=keripik").json["jumlah"] == 0
    make_enterprise(name="Keripik Singkong Contoh")
    assert client.get("/ukm?format=json&q=keripik").json["jumlah"] == 1


def test_more_than_are_ranked_and_fewer_than_are_counted_are_looked_up_once(
    client, make_enterprise, remembering, monkeypatch
):
    monkeypatch.setattr("app.enterprises.lists.answer", partial(answer, limit=1))
    names = {make_enterprise(name=f"Keripik {word} Contoh").name for word in ("Singkong", "Pisang", "Talas")}
    addresses = ("/ukm?q=keripik", "/ukm?q=keripik&format=json")
    before = [client.get(address).text for address in addresses]
    assert all(name in before[0] for name in names)
    assert _looks_in_the_index(client, *addresses) == 0
    assert [client.get(address).text for address in addresses] == before
    gone = make_enterprise(name="Keripik Ubi Contoh")
    assert gone.name in client.get(addresses[0]).text
    with writing() as session:
        services.set_consents(session.get_one(Enterprise, gone.id), {Purpose.LISTING: False})
    assert gone.name not in client.get(addresses[0]).text
    assert client.get(addresses[1]).json["jumlah"] == 3


def test_what_is_taken_back_leaves_a_search_at_once(client, make_enterprise, remembering):
    shown = make_enterprise()
    address = f"/ukm/peta.json?q=keripik&kotak={WIDE}"
    assert [one["n"] for one in client.get(address).json] == [1]
    with writing() as session:
        services.set_consents(session.get_one(Enterprise, shown.id), {Purpose.LISTING: False})
    assert client.get(address).json == []
    assert "Keripik Tempe Melati" not in client.get("/ukm?q=keripik").text


def test_a_full_square_is_not_counted_again_for_a_moment_and_is_gone_when_it_is_empty(
    client, make_enterprise, remembering, monkeypatch
):
    monkeypatch.setattr("app.enterprises.map_queries.FEW_ENOUGH", -1)
    for place in ("map_queries", "map_screens"):
        monkeypatch.setattr(f"app.enterprises.{place}.COUNT_LIMIT", 1)
    rows = [make_enterprise(name=f"Usaha {number} Contoh").id for number in range(4)]
    address = f"/ukm/peta.json?kotak={WIDE}"

    def told_when(*gone):
        with writing() as session:
            for id_ in gone:
                services.set_consents(session.get_one(Enterprise, id_), {Purpose.LISTING: False})
        return [(one["n"], one["m"]) for one in client.get(address).json]

    assert told_when() == [(1, 1)]
    assert told_when(*rows[:3]) == [(1, 1)]
    assert told_when(*rows[3:]) == []
