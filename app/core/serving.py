"""How granian serves this installation: ``./run`` asks ``python -m app.core.serving`` whether it can, and later by ``serve`` lets it.

Light on purpose (no Flask): it runs at each start. Where each option comes from is told beside it; measured in
docs/adr/.
"""

import errno
import os
import socket
import sys
from collections.abc import Mapping
from ipaddress import ip_address
from pathlib import Path

from app.core.config import EVERYWHERE, database_url, instance_folder, read_settings

try:
    import fcntl
except ImportError:  # Windows has none, and no ./run either
    fcntl = None  # type: ignore[assignment]

NOT_HERE = (
    'simpul: SIMPUL_HOST berisi "{host}", yang bukan alamat komputer ini. Isi 127.0.0.1 untuk komputer ini saja, atau 0.0.0.0 '
    "untuk jaringan kantor."
)
TAKEN = "simpul: porta {port} sudah dipakai{by}. Hentikan yang itu{how}, atau pilih porta lain: SIMPUL_PORT=8001 ./run"


def server_options(settings: Mapping[str, str], *, sqlite: bool) -> list[str]:
    """Granian's command line, without the target.

    One worker on SQLite, whose writers queue anyway; two on PostgreSQL.
    """
    return [
        *("--interface", "wsgi"),
        *("--host", settings["HOST"]),
        *("--port", settings["PORT"]),
        *("--workers", "1" if sqlite else "2"),
        *("--blocking-threads", "32"),  # its default, half the backlog, is far above the pool of connections
        "--respawn-failed-workers",  # an invalid status would otherwise end the site
        *("--http1-header-read-timeout", "10000"),  # ms; a slow or idle client lets go
        *("--workers-kill-timeout", "15"),  # s; a signal during start-up can hang a worker
        *("--log-level", "error"),  # warnings are about its own defaults
    ]


def is_taken(host: str, port: int) -> bool:
    """Whether something answers there. Binding proves nothing: a second granian would share the port silently."""
    try:
        with socket.create_connection((EVERYWHERE.get(host, host), port), timeout=2):
            return True
    except OSError:
        return False


def refusal(host: str, port: int) -> str:
    """Why this machine does not let anybody listen there; empty when it does, or when the port is taken."""
    try:
        family = socket.AF_INET6 if ip_address(host).version == 6 else socket.AF_INET
        with socket.socket(family) as tried:
            tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            tried.bind((host, port))
    except PermissionError:
        return f"simpul: porta {port} hanya boleh dipakai administrator. Pilih yang lain, misalnya SIMPUL_PORT=8000."
    except (ValueError, OSError) as no:
        if getattr(no, "errno", None) != errno.EADDRINUSE:
            return NOT_HERE.format(host=host)
    return ""


def hold(folder: Path, port: int) -> bool:
    """Take the port for this process and what it becomes, until it ends; False when another has it. Of two that start at once
    neither answers yet, so :func:`is_taken` lets both pass.
    """
    if fcntl is None:
        return True
    lock = os.open(folder / f"porta-{port}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        return False
    os.ftruncate(lock, 0)
    os.write(lock, str(os.getpid()).encode())
    os.set_inheritable(lock, True)
    return True


def who_serves(folder: Path, port: int) -> int:
    """The number of the process that holds the port for this installation; 0 when none does, or it is gone."""
    if fcntl is None or not (file := folder / f"porta-{port}.lock").exists():
        return 0
    with file.open("rb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            number = lock.read(20)
            return int(number) if number.isdigit() and _lives(int(number)) else 0
    return 0


def _lives(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        pass
    return True


def taken(folder: Path, port: int) -> str:
    """The sentence for a port that is in use, with how to stop a Simpul whose window was closed: that does not end it."""
    if number := who_serves(folder, port):
        by, how = f" Simpul ini, proses {number}", f" (Ctrl-C di jendelanya, atau: kill {number})"
    else:
        by, how = ", mungkin oleh Simpul yang lain", ""
    return TAKEN.format(port=port, by=by, how=how)


def main(serve: bool = False) -> int:
    """Say on stderr why the site cannot start and return 1; with ``serve`` become granian."""
    folder = instance_folder()
    settings = read_settings(folder)
    host, port = settings["HOST"], settings["PORT"]
    if not port.isdigit() or not 0 < int(port) < 65536:
        print(f'simpul: SIMPUL_PORT harus angka 1 sampai 65535, bukan "{port}".', file=sys.stderr)
        return 1
    if no := refusal(host, int(port)):
        print(no, file=sys.stderr)
        return 1
    if is_taken(host, int(port)) or (serve and not hold(folder, int(port))):
        print(taken(folder, int(port)), file=sys.stderr)
        return 1
    if serve:
        sqlite = database_url(settings["DATABASE_URL"], folder).startswith("sqlite")
        options = server_options(settings, sqlite=sqlite)
        os.execv(sys.executable, [sys.executable, "-m", "granian", *options, "wsgi:app"])  # noqa: S606  # nosec B606
    return 0


if __name__ == "__main__":
    sys.exit(main(serve=sys.argv[1:] == ["serve"]))
