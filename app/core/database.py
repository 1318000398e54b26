"""The declarative base and the column types that models share."""

from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import JSON, DateTime, Dialect, Enum, Index, MetaData, String, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column, registry
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """This moment in UTC, to the microsecond that both databases keep."""
    return datetime.now(UTC)


def office_zone() -> ZoneInfo:
    """The zone whose clock hangs in the office (``SIMPUL_TIMEZONE``)."""
    return ZoneInfo(current_app.config["TIMEZONE"])


def today() -> date:
    """The office's calendar day, which differs from UTC's between midnight and seven in Malang."""
    return now().astimezone(office_zone()).date()


class UtcDateTime(TypeDecorator[datetime]):
    """An instant. Stored in UTC, handed out aware; SQLite, which keeps no zone, is given one back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError("an instant without a time zone")
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def partial_index(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of only those rows for which ``where`` (SQL that both databases speak) holds."""
    condition = text(where)
    return Index(name, *columns, unique=unique, sqlite_where=condition, postgresql_where=condition)


JsonValue = JSON().with_variant(JSONB(), "postgresql")

Id = Annotated[int, mapped_column(primary_key=True)]
CreatedAt = Annotated[datetime, mapped_column(UtcDateTime, default=now)]
Instant = Annotated[datetime, mapped_column(UtcDateTime)]
Json = Annotated[dict[str, Any], mapped_column(JsonValue)]
JsonList = Annotated[list[Any], mapped_column(JsonValue)]
Code = Annotated[str, mapped_column(String(40))]
Name = Annotated[str, mapped_column(String(200))]


def _values(members: type[StrEnum]) -> list[str]:
    """Enums are stored by value, guarded by a CHECK."""
    return [member.value for member in members]


class Base(DeclarativeBase):
    """All tables. In-place changes of a JSON value are not seen: assign a new one."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={
            StrEnum: Enum(
                StrEnum, native_enum=False, create_constraint=True, length=24, values_callable=_values
            )
        },
    )
