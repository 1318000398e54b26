"""What is measured: for each thing that people do, the request that does it on the site and on each peer that can."""

import itertools
import json
import secrets
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.bench import seed
from tests.bench.load import request_bytes
from tests.bench.servers import Served, form_at

YEAR = seed.YEAR
SAVED = seed.COOPERATIVES - 60  # from this cooperative on figures are saved; the first ones submit
SITE, DJANGO, ADMIN, FLASK = "site", "Django", "Django admin", "Flask-Admin"
MAP = "/ukm/peta.json?kotak=14,13310,4454,13325,4463"
Maker = Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Measure:
    """One line of the table. ``makers``: server → what gives its requests, without end. ``budget``: site against Django."""

    title: str
    makers: Mapping[str, Maker]
    budget: str = ""
    site_gives: int = 200
    peers_give: int = 200
    each_once: int = 0  # how many requests of one round, where each can be sent only once


def again(server: Served, *paths: str) -> Maker:
    """The same pages in turn."""
    made = [request_bytes("GET", path, server.port, cookie=server.cookie) for path in paths]
    return lambda: itertools.cycle(made)


def anew(server: Served, path: str) -> Maker:
    """The same page for somebody who is not signed in, under an address that nobody asked for before: it is never kept."""
    numbers = itertools.count(secrets.randbelow(10_000_000))
    mark = "&" if "?" in path else "?"

    def make() -> Iterator[bytes]:
        for number in numbers:
            yield request_bytes("GET", f"{path}{mark}ukur={number}", server.port)

    return make


def posts(server: Served, path: Callable[[int], str], fields: Mapping[str, str], figure: str) -> Maker:
    """The same form again and again, each time with another ``figure`` in it."""

    def make() -> Iterator[bytes]:
        for number in itertools.count(secrets.randbelow(10_000_000)):
            body = urlencode({**fields, figure: str(900_000_000 + number)})
            yield request_bytes("POST", path(number), server.port, cookie=server.cookie, body=body)

    return make


def autosaves(server: Served) -> Maker:
    """One figure after the other, each in another report."""

    def make() -> Iterator[bytes]:
        for number in itertools.count(secrets.randbelow(10_000_000)):
            fields = {"volume_usaha": str(900_000_000 + number)}
            told = {"id": secrets.token_urlsafe(18), "version": "", "fields": fields}
            path = f"/laporan/kop-{SAVED + number % 50}/{YEAR}/simpan"
            head = f"X-CSRFToken: {server.token}\r\nAccept: application/json"
            yield request_bytes(
                "POST", path, server.port, cookie=server.cookie, body=json.dumps(told), head=head
            )

    return make


def submits(server: Served, start: int, fields: Mapping[str, str]) -> Maker:
    """Each draft once; the next call goes on where the last one ended."""
    numbers = itertools.count(start)

    def make() -> Iterator[bytes]:
        body = urlencode(fields)
        for number in numbers:
            path = f"/laporan/kop-{number}/{YEAR}/kirim"
            yield request_bytes("POST", path, server.port, cookie=server.cookie, body=body)

    return make


def measures(servers: Mapping[str, Served]) -> Iterator[Measure]:
    """The lines of the table, in its order."""
    site, django, admin, flask = (servers[name] for name in (SITE, DJANGO, ADMIN, FLASK))
    page = f"/laporan/kop-1/{YEAR}"
    lists = {ADMIN: again(admin, "/admin/peer/cooperative/"), FLASK: again(flask, "/admin/koperasi/")}
    yield Measure("hello, nothing behind it", _hello(servers))
    yield Measure(
        "public list, kept",
        {SITE: again(site.anonymous(), "/koperasi"), DJANGO: again(django.anonymous(), "/koperasi")},
        "≥ 10×",
    )
    yield Measure(
        "public list, made anew",
        {SITE: anew(site, "/koperasi"), DJANGO: anew(django, "/koperasi")},
        "≥ 3×",
    )
    yield Measure(
        "public list, signed in",
        {SITE: again(site, "/koperasi"), DJANGO: again(django, "/koperasi"), **lists},
        "≥ 3×",
    )
    yield Measure(
        "search, made anew",
        {SITE: anew(site, "/koperasi?q=melati"), DJANGO: anew(django, "/koperasi?q=melati")},
    )
    yield Measure(
        "search, signed in",
        {
            SITE: again(site, "/koperasi?q=melati"),
            DJANGO: again(django, "/koperasi?q=melati"),
            ADMIN: again(admin, "/admin/peer/cooperative/?q=melati"),
            FLASK: again(flask, "/admin/koperasi/?search=melati"),
        },
    )
    forms = {
        DJANGO: again(django, page),
        ADMIN: again(admin, "/admin/peer/report/2/change/"),
        FLASK: again(flask, "/admin/laporan/edit/?id=2"),
    }
    parts = (f"{page}?bagian={number}" for number in (1, 2, 3, 4))
    yield Measure("questionnaire (site: mean of its sections)", {SITE: again(site, *parts), **forms}, "≥ 5×")
    yield Measure(
        "review queue",
        {
            SITE: again(site, "/dinas/periksa"),
            ADMIN: again(admin, "/admin/peer/report/?status=submitted"),
            FLASK: again(flask, "/admin/laporan/?flt1_9=submitted"),
        },
    )
    yield Measure("map, kept", {SITE: again(site.anonymous(), MAP), DJANGO: again(django, "/ukm/peta.json")})
    yield Measure("map, made anew", {SITE: again(site, MAP), DJANGO: again(django, "/ukm/peta.json")})
    export = f"/dinas/ekspor/{YEAR - 1}/kementerian.csv?semua=1"
    yield Measure(
        "export of a year, CSV",
        {SITE: again(site, export), DJANGO: again(django, f"/dinas/ekspor/{YEAR - 1}.csv")},
    )
    yield _saving(site, django, admin, flask)
    yield Measure(
        "submit",
        {
            SITE: submits(
                site,
                1,
                {"csrf_token": site.token, "nama": "Ketua Uji", "jabatan": "Ketua", "pernyataan": "1"},
            ),
            DJANGO: submits(django, 1, {"csrfmiddlewaretoken": django.token, "nama": "Ketua Uji"}),
        },
        "≥ 2×",
        303,
        302,
        each_once=40,
    )


def _hello(servers: Mapping[str, Served]) -> dict[str, Maker]:
    bare = {SITE: again(servers["bare"], "/halo")}
    return bare | {name: again(servers[name].anonymous(), "/halo") for name in (DJANGO, ADMIN, FLASK)}


def _saving(site: Served, django: Served, admin: Served, flask: Served) -> Measure:
    ours = {SITE: autosaves(site)}
    theirs = {
        DJANGO: (django, f"/laporan/kop-{SAVED}/{YEAR}"),
        ADMIN: (admin, f"/admin/peer/report/{2 * SAVED}/change/"),
        FLASK: (flask, f"/admin/laporan/edit/?id={2 * SAVED}"),
    }
    for name, (server, path) in theirs.items():
        fields = form_at(server, path)
        ours[name] = posts(server, lambda _number, path=path: path, fields, "volume_usaha")  # type: ignore[misc]
    return Measure("saving one figure (peers: the form)", ours, peers_give=302)
