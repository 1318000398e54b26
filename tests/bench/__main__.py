"""``python -m tests.bench``: the site and the peer side by side, rounds interleaved, medians and ratios printed.

Never a test: machines are noisy, so nothing here passes or fails; the ratios stand beside the budgets of the design.
"""

import argparse
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

from app.core.serving import server_options
from tests.bench import seed
from tests.bench.load import Figures, drive, request_bytes
from tests.support.site import ROOT, free_port

SUBMITS = 300
TOKEN = re.compile(r'name="csrf_?(?:token|middlewaretoken)" (?:type="hidden" )?value="([^"]+)"')


@dataclass(frozen=True)
class Served:
    """A running server and how a signed-in browser speaks to it."""

    port: int
    cookie: str = ""
    token: str = ""


@contextmanager
def served(target: str, port: int, environment: dict[str, str], log: Path) -> Iterator[None]:
    """``target`` under the site's own server with the site's own options."""
    options = server_options({"HOST": "127.0.0.1", "PORT": str(port)}, sqlite=True)
    command = [sys.executable, "-m", "granian", *options, target]
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=out, stderr=out)
    try:
        _wait(port)
        yield
    finally:
        server.terminate()
        server.wait(20)


def run_module(*command: str, **environment: str) -> str:
    """``python -m …`` to its end; returns what it printed."""
    done = subprocess.run(
        [sys.executable, "-m", *command],
        cwd=ROOT,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"{command}: {done.stdout}{done.stderr}")
    return done.stdout


def _wait(port: int) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/koperasi", timeout=5).read()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError("the server did not start")


def sign_in_to_site(port: int) -> Served:
    """Through the sign-in page, as a person does."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{port}"
    form = opener.open(f"{address}/masuk").read().decode()
    sent = {"email": seed.EMAIL, "password": seed.PASSWORD, "csrf_token": _token(form)}
    opener.open(f"{address}/masuk", urlencode(sent).encode()).read()
    page = opener.open(f"{address}/laporan/kop-1/{seed.YEAR}").read().decode()
    return Served(port, "; ".join(f"{c.name}={c.value}" for c in jar), _token(page))


def enter_peer(port: int, session: str) -> Served:
    """With the session that the seed made."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/laporan/kop-1/{seed.YEAR}", headers={"Cookie": f"sessionid={session}"}
    )
    answer = urllib.request.urlopen(request)
    csrf = next(
        c.split(";")[0] for c in answer.headers.get_all("Set-Cookie") or [] if c.startswith("csrftoken")
    )
    return Served(port, f"sessionid={session}; {csrf}", _token(answer.read().decode()))


def _token(page: str) -> str:
    found = TOKEN.search(page)
    assert found, f"no token in {page[:2000]}"
    return found[1]


def measure(
    label: str, budget: str, rounds: int, ours: Callable[[int], Figures], theirs: Callable[[int], Figures]
) -> None:
    """``rounds`` of each in turn; prints the medians and the ratio of the rates."""
    pairs = [(ours(n), theirs(n)) for n in range(rounds)]
    mine = statistics.median(pair[0].rate for pair in pairs)
    other = statistics.median(pair[1].rate for pair in pairs)
    ratios = sorted(pair[0].rate / pair[1].rate for pair in pairs)
    size = f"{pairs[0][0].bytes / 1024:.1f} / {pairs[0][1].bytes / 1024:.1f}"
    print(
        f"{label:<44} {mine:>8.0f} {other:>8.0f} {mine / other:>6.1f}x  ({ratios[0]:.1f}–{ratios[-1]:.1f})"
        f"  {size:>13}  {pairs[0][0].median_ms:>6.1f} / {pairs[0][1].median_ms:<6.1f} {budget}"
    )


def get(path: str, seconds: float) -> Callable[[Served], Callable[[int], Figures]]:
    """One page again and again."""
    return lambda server: (
        lambda _round: drive(
            server.port, [request_bytes("GET", path, server.port, cookie=server.cookie)] * 4, seconds=seconds
        )
    )


def walk(paths: list[str], seconds: float) -> Callable[[Served], Callable[[int], Figures]]:
    """Several pages in turn."""
    return lambda server: (
        lambda _round: drive(
            server.port,
            [request_bytes("GET", path, server.port, cookie=server.cookie) for path in paths] * 4,
            seconds=seconds,
        )
    )


def submit(server: Served, rounds: int, **fields: str) -> Callable[[int], Figures]:
    """A fresh share of the drafts each round, each submitted once."""

    def run(number: int) -> Figures:
        share = SUBMITS // rounds
        body = urlencode(fields)
        requests = [
            request_bytes(
                "POST", f"/laporan/kop-{n}/{seed.YEAR}/kirim", server.port, cookie=server.cookie, body=body
            )
            for n in range(1 + number * share, 1 + (number + 1) * share)
        ]
        return drive(server.port, requests, expect=(302, 303))

    return run


def main() -> None:
    """Seed, serve, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=3)
    chosen = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        site_folder = folder / "site"
        site_folder.mkdir()
        ours = {"SIMPUL_INSTANCE": str(site_folder), "SIMPUL_SECRET_KEY": "only for measuring"}
        theirs = {"PEER_DATABASE": str(folder / "peer.db")}
        run_module("flask", "--app", "wsgi", "start-up", "--empty", **ours)
        run_module("tests.bench.seed", "site", str(site_folder), **ours)
        session = run_module("tests.bench.seed", "peer", **theirs).split()[-1]
        mine_at, theirs_at = free_port(), free_port()
        stack.enter_context(served("wsgi:app", mine_at, ours, folder / "site.log"))
        stack.enter_context(served("tests.bench.peer.wsgi:app", theirs_at, theirs, folder / "peer.log"))
        print_table(sign_in_to_site(mine_at), enter_peer(theirs_at, session), chosen.rounds, chosen.seconds)


def print_table(site: Served, peer: Served, rounds: int, seconds: float) -> None:
    """Each measure on a line: answers per second, ratio with its range, KB over the wire, median milliseconds, budget."""
    print(
        f"\n{rounds} rounds of {seconds:g} s, 4 connections, {seed.COOPERATIVES} cooperatives, SQLite WAL FULL"
    )
    print(f"{'':<44} {'site/s':>8} {'peer/s':>8}  ratio (range)   KB site/peer   ms site/peer   budget")
    anonymous = Served(site.port), Served(peer.port)
    page = f"/laporan/kop-1/{seed.YEAR}"
    parts = walk([f"{page}?bagian={n}" for n in (1, 2, 3, 4)], seconds)
    for label, budget, mine, other, pair in (
        ("public list", ">= 3x", get("/koperasi", seconds), get("/koperasi", seconds), anonymous),
        (
            "public list, search",
            "",
            get("/koperasi?q=melati", seconds),
            get("/koperasi?q=melati", seconds),
            anonymous,
        ),
        (
            "questionnaire, a section (peer: all 24)",
            ">= 5x",
            get(f"{page}?bagian=4", seconds),
            get(page, seconds),
            (site, peer),
        ),
        ("questionnaire, mean of its 4 sections", ">= 5x", parts, get(page, seconds), (site, peer)),
    ):
        measure(label, budget, rounds, mine(pair[0]), other(pair[1]))
    measure(
        "submit",
        ">= 2x",
        rounds,
        submit(site, rounds, csrf_token=site.token, nama="Ketua Uji", jabatan="Ketua", pernyataan="1"),
        submit(peer, rounds, csrfmiddlewaretoken=peer.token, nama="Ketua Uji"),
    )


if __name__ == "__main__":
    main()
