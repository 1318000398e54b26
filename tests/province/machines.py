"""What stands in for one machine of the province: processes that live, freeze and die together."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from tests.province.samples import filled, give_away, unprivileged

PATIENCE = 180.0
"""Seconds after which something that does not come up has failed."""


class Process:
    """One program of the province, with a log. It is in a group of its own: Ctrl-C is for us, who then stop it."""

    def __init__(self, command: Sequence[str], log: Path, environment: Mapping[str, str]) -> None:
        self.command, self.log = list(command), log
        self.environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"} | dict(environment)
        self.running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Begin, or begin again."""
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(
                self.command, env=self.environment, stdout=log, stderr=subprocess.STDOUT,
                cwd=self.log.parent, start_new_session=True,
            )  # fmt: skip

    def family(self) -> list[psutil.Process]:
        """It and all that came of it."""
        return with_children(self.running.pid) if self.running else []

    def wait(self) -> None:
        """Take note that it is dead."""
        if self.running:
            self.running.wait(20)

    def stop(self) -> None:
        """As the service manager would."""
        if self.running and self.running.poll() is None:
            self.running.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.running.wait(40)
            send(signal.SIGKILL, self.family())
            self.wait()


class Machine:
    """One of the three: etcd, Patroni and PostgreSQL, from the samples."""

    def __init__(self, number: int, folder: Path, given: Mapping[str, Any]) -> None:
        self.name, self.address = f"pg{number}", f"127.0.0.{10 + number}"
        self.folder, self.given = folder / self.name, given
        self.folder.mkdir(mode=0o700)
        home = {"HOME": str(self.folder)}
        config = self.folder / "config.yml"
        config.write_text(self._patroni())
        self.etcd = Process(unprivileged(["/usr/bin/etcd"]), self.folder / "etcd.log", home | self._etcd())
        self.patroni = Process(unprivileged([given["patroni"], config]), self.folder / "patroni.log", home)
        give_away(self.folder)

    def _patroni(self) -> str:
        ports = self.given["ports"]
        return filled(
            "patroni.yml",
            {
                "name: pg1": f"name: {self.name}",
                "10.0.0.11:8008": f"{self.address}:{ports['rest']}",
                "10.0.0.11:5432": f"{self.address}:{ports['postgres']}",
                "10.0.0.": "127.0.0.",
                ":2379": f":{ports['etcd']}",
                "/var/lib/postgresql/simpul": self.folder / "data",
                "/run/postgresql": self.folder,
                "ganti-yang-ini-juga": self.given["replicator"],
                "ganti-yang-ini": self.given["superuser"],
            },
        )

    def _etcd(self) -> dict[str, str]:
        ports = self.given["ports"]
        text = filled(
            "etcd.conf",
            {
                "ETCD_NAME=pg1": f"ETCD_NAME={self.name}",
                "URLS=http://10.0.0.11": f"URLS=http://{self.address}",
                "10.0.0.": "127.0.0.",
                "/var/lib/etcd/simpul": self.folder / "etcd",
                ":2379": f":{ports['etcd']}",
                ":2380": f":{ports['peer']}",
            },
        )
        lines = (line for line in text.splitlines() if line and not line.startswith("#"))
        return dict(line.split("=", 1) for line in lines)

    def start(self) -> None:
        """As when it is switched on."""
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)  # of before it was switched off
        self.etcd.start()
        self.patroni.start()

    def processes(self) -> list[psutil.Process]:
        """Everything that runs on it. PostgreSQL belongs to nobody once Patroni is dead."""
        found = [*self.patroni.family(), *self.etcd.family()]
        with suppress(OSError, ValueError, IndexError):
            pid = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
            found += with_children(pid)
        return list({process.pid: process for process in found}.values())

    def kill(self) -> None:
        """As a power cut: all of it at once."""
        found = self.processes()
        send(signal.SIGKILL, found)
        self.patroni.wait()
        self.etcd.wait()
        psutil.wait_procs(found, timeout=20)

    def freeze(self) -> None:
        """As a machine whose disk or hypervisor hangs: it holds every connection, and says nothing."""
        send(signal.SIGSTOP, self.processes())

    def thaw(self) -> None:
        """It goes on as if no time had passed."""
        send(signal.SIGCONT, self.processes())

    def stop(self) -> None:
        """Patroni stops PostgreSQL; whatever is left is killed."""
        self.thaw()
        self.patroni.stop()
        send(signal.SIGKILL, self.processes())
        self.etcd.stop()

    def tells(self, path: str, told: object = None) -> Any:
        """What Patroni says at ``path``; None when it says nothing."""
        body = json.dumps(told).encode() if told is not None else None
        url = f"http://{self.address}:{self.given['ports']['rest']}{path}"
        try:
            with urllib.request.urlopen(
                urllib.request.Request(url, body), timeout=3 if body is None else 90
            ) as answer:
                text = answer.read()
        except (OSError, urllib.error.URLError):
            return None
        return json.loads(text) if text.startswith(b"{") else text.decode()


def with_children(pid: int) -> list[psutil.Process]:
    """A process and all that came of it; nothing when it is gone."""
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def send(number: signal.Signals, processes: Iterable[psutil.Process]) -> None:
    """Send a signal to each that is still there."""
    for process in processes:
        with suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def wait_for(what: str, holds: Any, patience: float = PATIENCE) -> Any:
    """What ``holds()`` gives once it is true of itself.

    Raises:
        TimeoutError: it never was.
    """
    deadline = time.monotonic() + patience
    while not (found := holds()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {patience:.0f} s")
        time.sleep(0.2)
    return found
