"""The servers that are measured: each under the site's own server with the site's own options, and a browser signed in."""

import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode

import psutil

from app.core.serving import server_options
from tests.bench import seed
from tests.support.site import ROOT

TOKEN = re.compile(r'name="csrf_?(?:token|middlewaretoken)" (?:type="hidden" )?value="([^"]+)"')


@dataclass
class Served:
    """A running server, and how a signed-in browser speaks to it. ``started``: seconds from its start to its first answer."""

    port: int
    cookie: str = ""
    token: str = ""
    started: float = 0.0
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def anonymous(self) -> "Served":
        """The same for somebody who is not signed in."""
        return Served(self.port)

    def cpu(self) -> float:
        """Seconds of CPU (user and system) that its processes took so far: what a busy machine does not change much."""
        assert self.process is not None
        main = psutil.Process(self.process.pid)
        times = [one.cpu_times() for one in [main, *main.children(recursive=True)]]
        return sum(one.user + one.system for one in times)

    def memory(self) -> float:
        """MB that its processes have for themselves."""
        assert self.process is not None
        main = psutil.Process(self.process.pid)
        return sum(one.memory_full_info().uss for one in [main, *main.children(recursive=True)]) / 1e6


@contextmanager
def served(
    target: str, port: int, environment: dict[str, str], log: Path, probe: str = "/koperasi"
) -> Iterator[Served]:
    """``target`` on ``port``; it answers ``probe``."""
    options = server_options({"HOST": "127.0.0.1", "PORT": str(port)}, sqlite=True)
    command = [sys.executable, "-m", "granian", *options, target]
    environment = environment | {"SIMPUL_BASE_URL": f"http://127.0.0.1:{port}"}
    begun = time.perf_counter()
    with log.open("wb") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=os.environ | environment, stdout=out, stderr=out)
    try:
        _wait(port, probe, log)
        yield Served(port, started=time.perf_counter() - begun, process=server)
    finally:
        server.terminate()
        server.wait(20)


def _wait(port: int, probe: str, log: Path) -> None:
    for _ in range(3000):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{probe}", timeout=5).read()
        except urllib.error.HTTPError as answer:
            raise RuntimeError(f"{probe}: {answer}\n{log.read_text()}") from None
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"the server did not start: {log.read_text()}")


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


def enter_site(site: Served) -> None:
    """Through the sign-in page, as a person does."""
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    address = f"http://127.0.0.1:{site.port}"
    form = opener.open(f"{address}/masuk").read().decode()
    sent = {"email": seed.EMAIL, "password": seed.PASSWORD, "csrf_token": token_in(form)}
    opener.open(f"{address}/masuk", urlencode(sent).encode()).read()
    page = opener.open(f"{address}/laporan/kop-1/{seed.YEAR}").read().decode()
    site.cookie, site.token = "; ".join(f"{c.name}={c.value}" for c in jar), token_in(page)


def enter_peer(peer: Served, session: str) -> None:
    """With the session that the seed made."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{peer.port}/laporan/kop-1/{seed.YEAR}", headers={"Cookie": f"sessionid={session}"}
    )
    answer = urllib.request.urlopen(request)
    csrf = next(
        c.split(";")[0] for c in answer.headers.get_all("Set-Cookie") or [] if c.startswith("csrftoken")
    )
    peer.cookie, peer.token = f"sessionid={session}; {csrf}", token_in(answer.read().decode())


def enter_flask_admin(peer: Served, database: Path) -> None:
    """With a session of its own making; the token of a form belongs to the session that it came with."""
    told = run_module("tests.bench.peer.flask_cookie", PEER_DATABASE=str(database))
    peer.cookie = told.split()[-1]
    request = urllib.request.Request(
        f"http://127.0.0.1:{peer.port}/admin/laporan/edit/?id=1", headers={"Cookie": peer.cookie}
    )
    answer = urllib.request.urlopen(request)
    given = [c.split(";")[0] for c in answer.headers.get_all("Set-Cookie") or []]
    peer.cookie, peer.token = (given or [peer.cookie])[0], token_in(answer.read().decode())


def token_in(page: str) -> str:
    """The token of the page's form."""
    found = TOKEN.search(page)
    assert found, f"no token in {page[:2000]}"
    return found[1]


class Filled(HTMLParser):
    """What a browser would send of the fields on a page, as they stand."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.name = self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = {name: value or "" for name, value in attrs}
        name = about.get("name", "")
        if tag == "input" and name and about.get("type") not in {"submit", "checkbox", "radio", "file"}:
            self.fields[name] = about.get("value", "")
        elif tag in {"select", "textarea"}:
            self.name, self.text = name, ""
        elif tag == "option" and self.name and "selected" in about:
            self.fields[self.name] = about.get("value", "")

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self.name:
            self.fields[self.name] = self.text.strip()
        if tag in {"select", "textarea"}:
            self.name = ""


def form_at(server: Served, path: str) -> dict[str, str]:
    """The fields of the form at ``path``, to be sent back."""
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.port}{path}", headers={"Cookie": server.cookie}
    )
    reader = Filled()
    reader.feed(urllib.request.urlopen(request).read().decode())
    return reader.fields
