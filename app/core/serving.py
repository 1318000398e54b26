"""How granian serves this installation: ``python -m app.core.serving`` prints its options for ``./run``.

Light on purpose (no Flask): it runs at each start. Where each option comes from is told beside it; measured in
docs/adr/.
"""

import socket
import sys
from collections.abc import Mapping

from app.core.config import EVERYWHERE, database_url, instance_folder, read_settings


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


def main() -> int:
    """Print the options, or say on stderr why the site cannot start and return 1."""
    folder = instance_folder()
    settings = read_settings(folder)
    host, port = settings["HOST"], settings["PORT"]
    if not port.isdigit() or not 0 < int(port) < 65536:
        print(f'simpul: SIMPUL_PORT harus angka 1 sampai 65535, bukan "{port}".', file=sys.stderr)
        return 1
    if is_taken(host, int(port)):
        print(
            f"simpul: porta {port} sudah dipakai, mungkin oleh Simpul yang lain. "
            "Hentikan yang itu, atau pilih porta lain: SIMPUL_PORT=8001 ./run",
            file=sys.stderr,
        )
        return 1
    sqlite = database_url(settings["DATABASE_URL"], folder).startswith("sqlite")
    print(" ".join(server_options(settings, sqlite=sqlite)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
