"""From the SQLite file to an empty PostgreSQL database, in one transaction there: all of it, or nothing."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from sqlalchemy import (
    JSON,
    Connection,
    Engine,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    Table,
    Text,
    cast,
    create_engine,
    func,
    insert,
    inspect,
    select,
    text,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import AddConstraint, DropConstraint

from app.core.config import database_url
from app.core.database import NAMES, Base
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import is_sqlite, turn
from app.operations import health
from app.operations.backup.restoring import refuse_while_running
from app.operations.moving.digests import digest_of_rows

TOGETHER = 2000  # rows
LEAST_VERSION = 15


@dataclass(frozen=True)
class Moved:
    """One table: how many rows, and their digest, which is the same on both sides."""

    table: str
    rows: int
    digest: str


def move(target: str, *, told: Callable[[Moved], None] = lambda _moved: None) -> list[Moved]:
    """Copy every table of this site's SQLite database to the empty PostgreSQL database at ``target``, and prove them equal.
    The SQLite file stays as it is. Raises RuleBroken; then ``target`` is as empty as before.
    """
    if not is_sqlite():
        raise RuleBroken(N_("Situs ini sudah memakai PostgreSQL."))
    refuse_while_running()
    if health.current_revisions() != health.expected_revisions():
        raise RuleBroken(N_("Tabel situs ini belum mutakhir. Jalankan dulu: flask --app wsgi db upgrade"))
    engine = opened(target)
    try:
        with turn(), db.engine.connect() as source, engine.begin() as connection:
            return _moved(source, connection, told)
    except DBAPIError as problem:
        said = str(problem.orig).strip().splitlines()[0]
        raise RuleBroken(
            N_("Pemindahan gagal, basis data tujuan tetap kosong: %(said)s"), said=said
        ) from problem
    finally:
        engine.dispose()


def opened(target: str) -> Engine:
    """An engine for ``target``, once it answers and is known to be empty. Raises RuleBroken."""
    url = database_url(target, Path(current_app.instance_path))
    if not url.startswith("postgresql"):
        raise RuleBroken(N_("Tujuan harus PostgreSQL, misalnya postgresql://pengguna:sandi@server/simpul"))
    try:
        engine = create_engine(url, poolclass=NullPool)
        with engine.connect() as connection:
            version = int(connection.scalar(text("SHOW server_version_num")) or 0) // 10000
            tables = inspect(connection).get_table_names()
    except (SQLAlchemyError, ValueError) as problem:
        said = str(getattr(problem, "orig", None) or problem).strip().splitlines()[0]
        raise RuleBroken(N_("Basis data tujuan tidak dapat dihubungi: %(said)s"), said=said) from problem
    if version < LEAST_VERSION:
        raise RuleBroken(N_("PostgreSQL di tujuan versi %(have)s; perlu 15 atau lebih baru."), have=version)
    if tables:
        raise RuleBroken(
            N_(
                "Basis data tujuan tidak kosong: ada %(count)s tabel, misalnya %(name)s. Buat basis data baru yang kosong."
            ),
            count=len(tables),
            name=min(tables),
        )
    return engine


def _moved(source: Connection, target: Connection, told: Callable[[Moved], None]) -> list[Moved]:
    tables = Base.metadata.sorted_tables
    Base.metadata.create_all(target)
    keys = _references()
    for key in keys:  # rows may refer to later ones: the references are checked when all are there
        target.execute(DropConstraint(key))
    done = []
    for table in tables:
        _copy(source, target, table)
        done.append(_equal(source, target, table))
        told(done[-1])
    for key in keys:
        target.execute(AddConstraint(key))
    for table in tables:
        _set_sequence(target, table)
    MigrationContext.configure(target).stamp(
        ScriptDirectory(current_app.extensions["migrate"].directory), "heads"
    )
    return done


def _references() -> list[ForeignKeyConstraint]:
    """Every foreign key, of tables that are copies: SQLAlchemy remembers that one was added by itself, and would leave it out
    wherever it makes the table later."""
    copies = MetaData(naming_convention=NAMES)
    tables = [table.to_metadata(copies) for table in Base.metadata.sorted_tables]
    return [key for table in tables for key in table.foreign_key_constraints]


def _copy(source: Connection, target: Connection, table: Table) -> None:
    """All rows; the triggers of the target keep its search in step as they come."""
    into = _taking(table)
    json_columns = [column.name for column in table.columns if isinstance(column.type, JSON)]
    for rows in _rows(source, table).partitions(TOGETHER):
        values = [dict(row._mapping) for row in rows]
        for one in values:
            for name in json_columns:
                one[name] = _given(one[name])
        target.execute(insert(into), values)


def _taking(table: Table) -> Table:
    """``table`` as rows are written to it: nothing in a JSON column is nothing, and not the word ``null``."""
    into = table.to_metadata(MetaData())
    for column in into.columns:
        if isinstance(column.type, JSON):
            column.type = JSONB(none_as_null=True)
    return into


def _given(written: Any) -> Any:
    """A JSON value as it was written, for a column of :func:`_taking`."""
    value = _read(written)
    return JSON.NULL if value is None and written is not None else value


def _read(written: Any) -> Any:
    """JSON as it stands in a row. SQLite makes a number of text that is nothing but one."""
    return json.loads(written) if isinstance(written, str) else written


def _rows(connection: Connection, table: Table) -> Any:
    """The rows of a table, JSON as it is written."""
    columns = [_as_written(connection, column) for column in table.columns]
    query = select(*columns).order_by(*table.primary_key.columns)
    return connection.execute(query.execution_options(yield_per=TOGETHER))


def _as_written(connection: Connection, column: Any) -> Any:
    if not isinstance(column.type, JSON):
        return column
    return (type_coerce if connection.dialect.name == "sqlite" else cast)(column, Text).label(column.name)


def _readable(table: Table, rows: Iterable[Any]) -> Iterator[list[Any]]:
    """``rows`` with their JSON read: two databases space it differently."""
    at = [place for place, column in enumerate(table.columns) if isinstance(column.type, JSON)]
    for row in rows:
        values = list(row)
        for place in at:
            if values[place] is not None:
                values[place] = {"json": _read(values[place])}
        yield values


def _equal(source: Connection, target: Connection, table: Table) -> Moved:
    before, after = (digest_of_rows(_readable(table, _rows(side, table))) for side in (source, target))
    if before != after:
        raise RuleBroken(
            N_(
                "Tabel %(table)s tidak sama sesudah disalin (%(before)s dan %(after)s baris). Basis data tujuan tetap kosong."
            ),
            table=table.name,
            before=before[0],
            after=after[0],
        )
    return Moved(table.name, *after)


def _set_sequence(target: Connection, table: Table) -> None:
    """Let new rows be numbered after those that came."""
    for column in _numbered(table):
        highest = target.scalar(select(func.max(column)))
        sequence = func.pg_get_serial_sequence(f'"{table.name}"', column.name)
        target.execute(select(func.setval(sequence, highest or 1, highest is not None)))


def _numbered(table: Table) -> Iterator[Any]:
    column = table.autoincrement_column
    if column is not None and isinstance(column.type, Integer):
        yield column
