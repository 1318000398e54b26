"""What a database holds, asked past the models: a backup may be older than the code. The same questions on both databases."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY tablename",
}
REVISION, TRAIL = "alembic_version", "trail_entry"
BOOKKEEPING = (REVISION, "sqlite_", "search_")


@dataclass(frozen=True)
class Contents:
    """How many rows each table has, the migration, and the moment of the last change on the trail."""

    tables: Mapping[str, int]
    revision: str
    newest: datetime | None


def contents(connection: Any, kind: str) -> Contents:
    """Count what is behind ``connection`` (of sqlite3 or psycopg), in the snapshot that it sees."""
    names = [row[0] for row in connection.execute(TABLES[kind]).fetchall()]
    counted = {name: _one(connection, f'SELECT count(*) FROM "{name}"') for name in names if is_ours(name)}  # noqa: S608  # nosec B608
    revision = _one(connection, f"SELECT max(version_num) FROM {REVISION}") if REVISION in names else None  # noqa: S608  # nosec B608
    newest = _one(connection, f"SELECT max(at) FROM {TRAIL}") if TRAIL in names else None  # noqa: S608  # nosec B608
    return Contents(counted, revision or "", _moment(newest))


def is_ours(table: str) -> bool:
    """Whether a table holds what people entered, and not what is derived from it."""
    return not table.startswith(BOOKKEEPING)


def _one(connection: Any, query: str) -> Any:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _moment(stored: Any) -> datetime | None:
    """SQLite keeps moments as text without a zone, in UTC."""
    if stored is None:
        return None
    found = datetime.fromisoformat(stored) if isinstance(stored, str) else stored
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)


def differences(noted: Mapping[str, int], found: Mapping[str, int]) -> list[str]:
    """Tables whose rows are not as many as was noted."""
    return sorted(name for name in noted.keys() | found.keys() if noted.get(name, 0) != found.get(name, 0))
