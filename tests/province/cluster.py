"""The whole province on one machine: three database machines, HAProxy, two site processes, a town that works there."""

import secrets
import shutil
import ssl
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from app.core.serving import server_options
from tests.faults import town as towns
from tests.province.machines import Machine, Process, wait_for
from tests.province.samples import (
    NAME,
    NODES,
    SAMPLES,
    SITES,
    certificate,
    filled,
    free_ports,
    give_away,
    unprivileged,
)
from tests.support.site import ROOT, environment_of, run_flask

NEAR = 1 << 20
"""Bytes of the log by which a replica may lag and still count as following."""
PORTS = ("postgres", "rest", "etcd", "peer", "database", "door", "site")


class SiteProcess:
    """One of the two that serve, as ``./run --production`` does it."""

    def __init__(self, number: int, here: "Province") -> None:
        self.address, self.port = SITES[number], here.ports["site"]
        self.instance = here.folder / f"site{number + 1}"
        self.instance.mkdir()
        given = here.settings | {"HOST": self.address, "PORT": str(self.port)}
        lines = (f"SIMPUL_{name}={value}\n" for name, value in given.items())
        (self.instance / "simpul.env").write_text("".join(lines))
        self.environment = environment_of(self.instance, given["DATABASE_URL"], {})
        options = server_options(given, sqlite=False)
        self.process = Process(
            [sys.executable, "-m", "granian", *options, "wsgi:app"],
            self.instance / "site.log",
            self.environment | {"PYTHONPATH": str(ROOT)},
        )

    def prepare(self) -> None:
        """Tables, and the settings looked at."""
        done = run_flask(self.environment, "start-up", "--production")
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)

    def asked(self, path: str) -> int:
        """The status that it answers with, asked past HAProxy; 0 when it does not."""
        request = urllib.request.Request(
            f"http://{self.address}:{self.port}{path}", headers={"Host": "localhost"}
        )
        try:
            with urllib.request.urlopen(request, timeout=5) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as refused:
            return refused.code
        except OSError:
            return 0


class Province:
    """All of it, in ``folder``."""

    def __init__(self, folder: Path, patroni: Path) -> None:
        self.folder = folder
        self.ports = dict(zip(PORTS, free_ports(len(PORTS)), strict=True))
        self.words = {name: secrets.token_hex(12) for name in ("superuser", "replicator", "simpul", "key")}
        given: dict[str, Any] = {"ports": self.ports, "patroni": patroni, **self.words}
        self.machines = [Machine(number, folder, given) for number in range(1, len(NODES) + 1)]
        crt, key = certificate(folder)
        self.trust = ssl.create_default_context(cafile=str(crt))
        (folder / "simpul.pem").write_text(key.read_text() + crt.read_text())
        (folder / "haproxy.cfg").write_text(self._haproxy())
        give_away(folder / "simpul.pem")
        command = ["/usr/sbin/haproxy", "-db", "-f", folder / "haproxy.cfg"]
        self.haproxy = Process(unprivileged(command), folder / "haproxy.log", {})
        (folder / "cadangan").mkdir()

    def _haproxy(self) -> str:
        ports = self.ports
        return filled(
            "haproxy.cfg",
            {
                "10.0.0.": "127.0.0.",
                ":5432": f":{ports['postgres']}",
                "port 8008": f"port {ports['rest']}",
                "127.0.0.1:5000": f"127.0.0.1:{ports['database']}",
                ":8000": f":{ports['site']}",
                "bind :443": f"bind 127.0.0.1:{ports['door']}",
                "/etc/haproxy/simpul.pem": self.folder / "simpul.pem",
                "/etc/haproxy/simpul-503.http": SAMPLES / "simpul-503.http",
            },
        )

    @property
    def url(self) -> str:
        """The database, wherever it is led."""
        return f"postgresql://simpul:{self.words['simpul']}@127.0.0.1:{self.ports['database']}/simpul"

    @property
    def settings(self) -> dict[str, str]:
        """What stands in each site's ``simpul.env``, as docs/operasi.md asks."""
        return {
            "DATABASE_URL": self.url,
            "SECRET_KEY": self.words["key"] * 2,
            "BASE_URL": f"https://{NAME}",
            "PROXY": "127.0.0.1",
            "BACKUP_DIR": str(self.folder / "cadangan"),
            "METRICS_TOKEN": self.words["key"],
        }

    def cluster(self) -> dict[str, Any]:
        """What the first Patroni that answers knows of all members, by name."""
        for machine in self.machines:
            told = machine.tells("/cluster")
            if isinstance(told, dict) and told.get("members"):
                return {member["name"]: member for member in told["members"]}
        return {}

    def leader(self) -> str:
        """Who leads; empty while nobody does."""
        found = [name for name, member in self.cluster().items() if member["role"] == "leader"]
        return found[0] if len(found) == 1 else ""

    def is_whole(self) -> bool:
        """All three run, and all of them say so: one leads, two follow without lagging, one of them synchronously."""
        views = [
            machine.tells("/cluster") for machine in self.machines
        ]  # one that hung remembers how it was before
        return all(isinstance(view, dict) and is_whole(view["members"]) for view in views) and (
            len({one["name"] for view in views for one in view["members"] if one["role"] == "leader"}) == 1
        )

    def machine(self, name: str) -> Machine:
        """The machine of that name."""
        return next(machine for machine in self.machines if machine.name == name)

    def of_role(self, role: str) -> Machine:
        """The one with this role."""
        return self.machine(next(name for name, one in self.cluster().items() if one["role"] == role))

    def start_database(self) -> None:
        """Three machines at once, then the role and the database as docs/operasi.md makes them."""
        for machine in self.machines:
            machine.start()
        wait_for("a whole cluster", self.is_whole)
        leader = self.machine(self.leader())
        to = f"host={leader.address} port={self.ports['postgres']} dbname=postgres user=postgres password={self.words['superuser']}"
        with psycopg.connect(to, autocommit=True) as connection:
            make = sql.SQL("CREATE ROLE simpul LOGIN CREATEDB PASSWORD {}").format(
                sql.Literal(self.words["simpul"])
            )
            connection.execute(make)
            connection.execute(
                "CREATE DATABASE simpul OWNER simpul TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'"
            )
        self.haproxy.start()
        wait_for("HAProxy", self._answers)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self.url, connect_timeout=3).close()
        except psycopg.OperationalError:
            return False
        return True

    def agrees(self) -> bool:
        """Whether the trail is as long and ends in the same digest on each of the three machines."""
        try:
            return len(set(self._trails())) == 1
        except psycopg.OperationalError:  # one that is just coming back
            return False

    def _trails(self) -> list[tuple[Any, ...]]:
        found = []
        for machine in self.machines:
            to = f"host={machine.address} port={self.ports['postgres']} dbname=simpul user=simpul password={self.words['simpul']}"
            with psycopg.connect(to) as connection:
                rows = connection.execute("SELECT length, digest FROM trail_head").fetchall()
            found.append(tuple(rows))
        return found

    def copy_logs(self, folder: Path) -> None:
        """Leave behind what all programs wrote."""
        folder.mkdir(parents=True, exist_ok=True)
        for log in self.folder.rglob("*.log"):
            shutil.copyfile(log, folder / f"{log.parent.name}-{log.name}")

    def stop(self) -> None:
        """Everything that was started, the door first."""
        self.haproxy.stop()
        for machine in self.machines:
            machine.stop()


def is_whole(members: list[dict[str, Any]]) -> bool:
    """What one Patroni says of all: see :meth:`Province.is_whole`."""
    if sorted(member["role"] for member in members) != ["leader", "replica", "sync_standby"]:
        return False
    lags = [member.get("lag", 0) for member in members]
    near = all(isinstance(lag, int) and lag < NEAR for lag in lags)  # Patroni says "unknown" of who is away
    return near and all(member["state"] in {"running", "streaming"} for member in members)


@contextmanager
def province(people: int, patroni: Path) -> Iterator[tuple[Province, list[SiteProcess], towns.Town]]:
    """Build it, let a town be founded in it, and take it away afterwards, also on Ctrl-C."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="sp-")))
        folder.chmod(0o755)
        here = Province(folder, patroni)
        stack.callback(here.stop)
        here.start_database()
        sites = [SiteProcess(number, here) for number in range(len(SITES))]
        with ThreadPoolExecutor() as both:  # two machines that are switched on together
            list(both.map(SiteProcess.prepare, sites))
        town = towns.found_town(towns.beside(sites[0].instance, here.url), people)
        for site in sites:
            stack.callback(site.process.stop)
            site.process.start()
        for site in sites:
            wait_for(f"the site on {site.address}", lambda site=site: site.asked("/readyz") == 200)
        yield here, sites, town


def versions(patroni: Path) -> str:
    """What was tried, as its packages call it."""
    names = ("etcd-server", "haproxy", "postgresql-15")
    asked = (["dpkg-query", "-W", "-f=${Package} ${Version}, ", *names], [str(patroni), "--version"])
    done = (subprocess.run(one, capture_output=True, text=True, check=False) for one in asked)
    return "".join(one.stdout for one in done).strip()
