"""How migrations run here, on both databases (docs/adr/). Not Alembic's stock file, which destroyed data.

SQLite changes a table by building it anew (batch mode) and dropping the old one; with foreign keys on, the drop deletes
what refers to it. So they are off while a migration runs, and checked before it commits. One transaction holds the whole
upgrade: a failure leaves the database as it was.
"""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext
from alembic.util import CommandError
from flask import current_app
from sqlalchemy import Connection, text
from sqlalchemy.types import TypeDecorator

from app.core.database import Base

SEARCH = (
    "search_",
    "ix_search_",
)  # kept by app.core.search: a virtual table with its shadow tables, an index by expression

TURN = 0x53494D50
"""What those who migrate queue for."""


def ours(_thing: object, name: str | None, _kind: str, reflected: bool, _other: object) -> bool:
    """Whether ``db migrate`` and ``db check`` should look at it."""
    return not (reflected and name is not None and name.startswith(SEARCH))


def as_stored(kind: str, thing: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our own types into a version as what the database stores, so that old versions need no code of ours."""
    return f"sa.{thing.impl!r}" if kind == "type" and isinstance(thing, TypeDecorator) else False


def broken_references(connection: Connection) -> list[str]:
    """Tables with rows that refer to nothing."""
    return sorted({str(row[0]) for row in connection.execute(text("PRAGMA foreign_key_check"))})


def back_up_first(connection: Connection) -> None:
    """Whatever moves a database that holds something leaves a backup of how it was; ``db check`` moves nothing."""
    try:
        wanted = context.get_revision_argument()
    except KeyError:
        return
    except CommandError:  # "+1" and the like
        wanted = None
    current = MigrationContext.configure(connection).get_current_heads()
    connection.rollback()
    if hook := current_app.extensions.get("simpul.before_migration"):
        hook(current, (wanted,) if isinstance(wanted, str) else wanted or ())


@contextmanager
def alone(connection: Connection) -> Iterator[None]:
    """Of two machines that start together on PostgreSQL one migrates; the other waits, and finds it done."""
    if connection.dialect.name == "sqlite":  # there BEGIN IMMEDIATE says so
        yield
        return
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": TURN})
    connection.commit()
    try:
        yield
    finally:
        connection.rollback()
        connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": TURN})
        connection.commit()


def migrate(connection: Connection) -> None:
    """Run the migrations that were asked for, in one transaction."""
    sqlite = connection.dialect.name == "sqlite"
    back_up_first(connection)
    if sqlite:
        raw = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")  # means nothing inside a transaction, so: before it
        connection = connection.execution_options(sqlite_begin="IMMEDIATE")
    options: MutableMapping[str, Any] = current_app.extensions["migrate"].configure_args
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_object=ours,
        render_item=as_stored,
        transactional_ddl=True,
        **options,
    )
    try:
        with context.begin_transaction():
            context.run_migrations()
            if sqlite and (broken := broken_references(connection)):
                raise RuntimeError(f"a migration broke foreign keys of {', '.join(broken)}")
        connection.commit()
    finally:
        connection.rollback()
        if sqlite:
            raw.execute("PRAGMA foreign_keys=ON")


if context.is_offline_mode():
    raise RuntimeError("migrations look at the data, so they need a database: --sql is not offered")
with current_app.extensions["migrate"].db.engine.connect() as connection, alone(connection):
    migrate(connection)
