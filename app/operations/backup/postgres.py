"""PostgreSQL: ``pg_dump`` and ``pg_restore``, and databases beside the site's own."""

import errno
import os
import re
import shutil
import subprocess  # nosec B404
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from flask import current_app
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.operations.backup.contents import Contents, contents
from app.operations.backup.folder import disk_trouble, instance

DEBIAN = Path("/usr/lib/postgresql")
TRIAL, COMING = "_uji_pulih", "_pulih"
LONGEST_NAME = 63  # bytes
NO_RIGHT = N_("Pengguna PostgreSQL situs ini tidak boleh membuat basis data, padahal itu perlu untuk mencoba atau memulihkan "
              "cadangan. Jalankan di server basis data: ALTER ROLE %(role)s CREATEDB")  # fmt: skip
AS_LIBPQ = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "sslmode": "PGSSLMODE",  # nosec B105
            "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY", "passfile": "PGPASSFILE",
            "service": "PGSERVICE", "target_session_attrs": "PGTARGETSESSIONATTRS"}  # fmt: skip


InUse = psycopg.errors.ObjectInUse


class ToolFailed(RuleBroken):
    """``pg_dump`` or ``pg_restore`` stopped; ``said`` is why, in its own words."""

    def __init__(self, *, tool: str, said: str) -> None:
        super().__init__(N_("%(tool)s gagal: %(said)s"), tool=tool, said=said)


def coordinates() -> dict[str, Any]:
    """Where the site's database is, in libpq's words."""
    url = db.engine.url.set(drivername="postgresql")
    return dict(conninfo_to_dict(url.render_as_string(hide_password=False)))


def connect(database: str = "") -> psycopg.Connection[Any]:
    """A connection of our own to the site's database, or another on its server; each statement stands by itself."""
    where = coordinates() | ({"dbname": database} if database else {})
    return psycopg.connect(make_conninfo(**where), autocommit=True)


def maintenance() -> psycopg.Connection[Any]:
    """A connection to the server's own database, from which others can be made, renamed and dropped."""
    try:
        return connect("postgres")
    except psycopg.OperationalError:
        return connect("template1")


def database_name() -> str:
    """The name of the site's database."""
    return str(coordinates().get("dbname") or coordinates().get("user"))


def beside(ending: str) -> str:
    """The name of a database of ours beside the site's."""
    name = database_name().encode()[: LONGEST_NAME - len(ending)].decode(errors="ignore")
    return name + ending


def tool(name: str, server: int) -> str:
    """The path of ``pg_dump`` or ``pg_restore`` that knows servers of major version ``server``. Raises RuleBroken."""
    given = str(current_app.config["PG_TOOLS"])
    folders = [given] if given else [None, *_debian_folders()]
    seen = []
    for folder in folders:
        path = shutil.which(name, path=folder)
        if path and (major := _major(path)):
            if major >= server:
                return path
            seen.append(major)
    if seen:
        raise RuleBroken(
            N_("%(tool)s di komputer ini versi %(have)s, sedangkan server PostgreSQL versi %(want)s. Pasang postgresql-client-%(want)s, "
               "atau isi SIMPUL_PG_TOOLS dengan foldernya."),
            tool=name, have=max(seen), want=server,
        )  # fmt: skip
    raise RuleBroken(
        N_(
            "%(tool)s tidak ditemukan. Pasang postgresql-client-%(want)s, atau isi SIMPUL_PG_TOOLS dengan foldernya."
        ),
        tool=name,
        want=server,
    )


def _debian_folders() -> list[str]:
    """Where Debian keeps the tools of each version, newest first."""
    found = [path for path in DEBIAN.glob("*/bin") if path.parent.name.isdigit()]
    return [str(path) for path in sorted(found, key=lambda path: int(path.parent.name), reverse=True)]


def _major(path: str) -> int:
    done = subprocess.run([path, "--version"], capture_output=True, text=True, check=False, timeout=30)  # noqa: S603  # nosec B603
    found = re.search(r"(\d+)(?:\.\d+)?", done.stdout)
    return int(found[1]) if found and not done.returncode else 0


def run(path: str, *arguments: str, database: str) -> None:
    """Run a tool on ``database``. The password goes by the environment, where other people of the machine do not see it."""
    where = coordinates()
    known = {AS_LIBPQ[name]: str(value) for name, value in where.items() if name in AS_LIBPQ and value}
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | known
    done = subprocess.run(  # noqa: S603 - arguments of our own  # nosec B603
        [path, "--no-password", *arguments, f"--dbname={make_conninfo(dbname=database)}"],
        env=environment | {"LC_ALL": "C"},
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        _explain(path, done.stderr)


def _explain(path: str, stderr: str) -> None:
    lines = [line for line in stderr.splitlines() if "error:" in line] or stderr.splitlines() or ["?"]
    if "No space left on device" in stderr or "File too large" in stderr:
        raise OSError(errno.ENOSPC, "No space left on device")
    raise ToolFailed(tool=Path(path).name, said=lines[0].strip()[:300])


def dump(target: Path) -> tuple[Contents, str]:
    """Write all of the site's database, as it is at one moment, to ``target``; what it holds at that same moment, and the
    server's version. Nobody waits for it.
    """
    with connect() as connection:
        version = connection.info.server_version
        path = tool("pg_dump", version // 10000)
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        moment = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert moment is not None  # noqa: S101 - it answers or raises  # nosec B101
        found = contents(connection, "postgresql")
        run(path, "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={moment[0]}",
            f"--file={target}", database=database_name())  # fmt: skip
    return found, f"{version // 10000}.{version % 10000}"


def load(source: Path, database: str) -> None:
    """Read a dump into ``database``, which is empty."""
    with connect(database) as connection:
        path = tool("pg_restore", connection.info.server_version // 10000)
    with disk_trouble(instance()):
        run(path, "--exit-on-error", "--no-owner", "--no-privileges", str(source), database=database)


def make_database(name: str) -> None:
    """An empty database beside the site's, with the same order of letters; one of that name that was left behind goes first.
    Raises RuleBroken where that is not allowed.
    """
    with maintenance() as connection:
        own = connection.execute(
            "SELECT to_jsonb(d), pg_encoding_to_char(encoding) FROM pg_database d WHERE datname = %s",
            [database_name()],
        ).fetchone()
        assert own is not None  # noqa: S101 - we came through it  # nosec B101
        made = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING {} {}").format(
            sql.Identifier(name), sql.Literal(own[1]), _locale(own[0])
        )
        try:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
            connection.execute(made)
        except psycopg.errors.InsufficientPrivilege as refusal:
            raise RuleBroken(NO_RIGHT, role=connection.info.user) from refusal


def _locale(own: Mapping[str, Any]) -> sql.Composed:
    """The clauses that give a database the order of letters of another."""
    parts = [
        sql.SQL("LC_COLLATE {} LC_CTYPE {}").format(
            sql.Literal(own["datcollate"]), sql.Literal(own["datctype"])
        )
    ]
    other = own.get("datlocale") or own.get("daticulocale")
    match own.get("datlocprovider"):
        case "i":
            parts.append(sql.SQL("LOCALE_PROVIDER icu ICU_LOCALE {}").format(sql.Literal(other)))
        case "b":
            parts.append(sql.SQL("LOCALE_PROVIDER builtin BUILTIN_LOCALE {}").format(sql.Literal(other)))
    return sql.SQL(" ").join(parts)


def drop_database(name: str) -> None:
    """Remove a database of ours."""
    with maintenance() as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def database_beside(ending: str) -> Iterator[str]:
    """The name of an empty database, gone after the block."""
    name = beside(ending)
    make_database(name)
    try:
        yield name
    finally:
        drop_database(name)


def look(database: str = "") -> Contents:
    """What a database of the server holds."""
    with connect(database) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return contents(connection, "postgresql")


def others_connected() -> int:
    """How many other connections the site's database has."""
    with connect() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() "
            "AND backend_type = 'client backend'"
        ).fetchone()
    return int(row[0]) if row else 0


def swap(coming: str, kept: str) -> None:
    """Let the database ``coming`` take the name of the site's, which is called ``kept`` from now on: both or neither."""
    own = database_name()
    with maintenance() as connection, connection.transaction():
        for old, new in ((own, kept), (coming, own)):
            rename = sql.SQL("ALTER DATABASE {} RENAME TO {}")
            connection.execute(rename.format(sql.Identifier(old), sql.Identifier(new)))
