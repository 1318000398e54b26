"""The real site under its real server, for tests that look at it from outside."""

import fcntl
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.core.serving import server_options

ROOT = Path(__file__).parents[2]
START_UP_SECONDS = 60
OWN = (
    "PATH",
    "HOME",
    "LANG",
    "LC_ALL",
    "TMPDIR",
    "SYSTEMROOT",
)  # nothing else of this machine reaches the site


@dataclass(frozen=True)
class Site:
    """A running site: where it listens, where its data lies, and its commands."""

    url: str
    instance: Path
    environment: dict[str, str]
    server: "Server"

    def flask(self, *arguments: str | Path, input: str | None = None) -> str:
        """Run ``flask --app wsgi …`` beside the running site; returns what it printed. Fails when the command does."""
        done = run_flask(self.environment, *arguments, input=input)
        assert done.returncode == 0, f"flask {' '.join(map(str, arguments))}:\n{done.stdout}{done.stderr}"
        return done.stdout


class Server:
    """The process that serves the site, with its workers a group of its own."""

    def __init__(self, command: list[str], environment: dict[str, str], log: Path) -> None:
        self.command, self.environment, self.log = command, environment, log
        self.start()

    def start(self) -> None:
        """On the same port as before; :func:`wait_until_healthy` tells when it answers."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                cwd=ROOT,
                env=self.environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def kill(self) -> None:
        """As a power cut would: SIGKILL for all of it, at once."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def stop(self) -> None:
        """As somebody who stops it at the terminal."""
        self.process.terminate()
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.kill()


def run_flask(
    environment: dict[str, str], *arguments: str | Path, input: str | None = None
) -> subprocess.CompletedProcess[str]:
    """One command in a process of its own."""
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *map(str, arguments)]
    return subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        input=input,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


@contextmanager
def running_site(
    instance: Path, database_url: str, *start_up: str, like: Path | None = None, **settings: str
) -> Iterator[Site]:
    """Start the site as ``./run`` does (``start_up``: its options, such as --empty) and stop it afterwards.

    ``like`` is what :func:`start_up_once` made, in place of a start-up. ``settings`` are SIMPUL_… variables without their prefix.
    """
    port = free_port()
    given = {"HOST": "127.0.0.1", "PORT": str(port), "BASE_URL": f"http://127.0.0.1:{port}"} | settings
    environment = environment_of(instance, database_url, given)
    if like:
        shutil.copytree(like / "instance", instance, dirs_exist_ok=True)
        shutil.copyfile(like / "site.db", database_url.removeprefix("sqlite:///"))
    else:
        start_site_up(environment, *start_up)
    options = server_options(given, sqlite=database_url.startswith("sqlite"))
    command = [sys.executable, "-m", "granian", *options, "wsgi:app"]
    site = Site(
        given["BASE_URL"], instance, environment, Server(command, environment, instance / "server.log")
    )
    try:
        wait_until_healthy(site)
        yield site
    finally:
        site.server.stop()


def environment_of(instance: Path, database_url: str, settings: Mapping[str, str]) -> dict[str, str]:
    """What the site's processes are given."""
    return {name: os.environ[name] for name in OWN if name in os.environ} | {
        "SIMPUL_INSTANCE": str(instance),
        "SIMPUL_DATABASE_URL": database_url,
        **{f"SIMPUL_{name}": value for name, value in settings.items()},
    }


def start_site_up(environment: dict[str, str], *options: str) -> None:
    """The tables, and what every site begins with; fails when that fails."""
    started = run_flask(environment, "start-up", *options)
    assert started.returncode == 0, started.stdout + started.stderr
    print(started.stdout)


def start_up_once(folder: Path) -> Path:
    """``folder``, holding an empty SQLite site after its start-up: its ``instance`` and ``site.db``. Whichever process comes
    first makes it; the others wait."""
    with open(f"{folder}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            making = folder.with_suffix(".making")
            (making / "instance").mkdir(parents=True)
            database = making / "site.db"
            start_site_up(environment_of(making / "instance", f"sqlite:///{database}", {}), "--empty")
            with closing(sqlite3.connect(database)) as connection:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            making.rename(folder)
    return folder


def wait_until_healthy(site: Site) -> None:
    """Return when /healthz answers; fail with the server's log when it does not."""
    deadline = time.monotonic() + START_UP_SECONDS
    while time.monotonic() < deadline and site.server.process.poll() is None:
        try:
            with urllib.request.urlopen(f"{site.url}/healthz", timeout=10):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise AssertionError(
        "the site does not answer:\n" + (site.instance / "server.log").read_text(errors="replace")
    )


def free_port() -> int:
    """A port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
