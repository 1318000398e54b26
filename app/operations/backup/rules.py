"""What a backup is called, what stands beside it, which ones are kept, and when it is time. Plain Python."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

PLAIN, SEALED = ".tar.gz", ".tar.gz.sandi"
NOTE = ".json"
"""Ends the name of what is noted beside a backup."""
UNFINISHED = ".sementara-"
"""Begins the name of a file that is still being written: no such file is ever taken for a backup."""
NAME = re.compile(r"simpul-(\d{8}T\d{6}Z)(?:-([a-z]+(?:-[a-z]+)*))?\.tar\.gz(\.sandi)?")
STAMP = "%Y%m%dT%H%M%SZ"
BEFORE_MIGRATION, BEFORE_RESTORE = "sebelum-migrasi", "sebelum-pulih"
NEWEST_KEPT = 3
"""The newest so many stay in any case: one made by hand before a large change must not go with the next of that day."""
LABELLED_KEPT = 5
"""Of the backups that were taken before a migration or a restore, the newest so many stay."""

EVERY = timedelta(days=1)
DRILL_EVERY = timedelta(days=7)
OLD, TOO_OLD = timedelta(hours=36), timedelta(days=3)
"""Ages at which a backup is worth a warning, and at which it is no safety any longer."""
DRILL_OLD = timedelta(days=15)
SLACK = timedelta(minutes=5)
"""How far ahead of the clock a backup may be called: two of one second get names a second apart."""


@dataclass(frozen=True)
class Note:
    """What is noted about a backup: inside it, and (with size and digest) in a small file beside it.

    ``database`` is ``sqlite`` or ``postgresql``; ``tables`` holds how many rows each has; ``newest`` is the moment of the last
    change on the trail; ``size`` is in bytes; ``digest`` is the SHA-256 of the file.
    """

    made_at: datetime
    database: str
    server: str
    simpul: str
    revision: str
    tables: Mapping[str, int]
    newest: datetime | None = None
    sealed: bool = False
    size: int = 0
    digest: str = ""

    def to_json(self) -> dict[str, Any]:
        """As it is written."""
        moments = {"made_at": self.made_at.isoformat(), "newest": self.newest and self.newest.isoformat()}
        return asdict(self) | {"format": 1, "tables": dict(self.tables)} | moments

    @classmethod
    def from_json(cls, stored: Any) -> "Note":
        """What :meth:`to_json` wrote. Raises ValueError for anything else."""
        try:
            values = {name: stored[name] for name in cls.__dataclass_fields__}
            if stored["format"] != 1 or not isinstance(values["size"], int):
                raise ValueError("format")
            values["tables"] = {str(name): int(count) for name, count in values["tables"].items()}
            values["made_at"] = datetime.fromisoformat(values["made_at"])
            values["newest"] = datetime.fromisoformat(values["newest"]) if values["newest"] else None
        except (AttributeError, KeyError, TypeError) as wrong:
            raise ValueError(f"no note of a backup: {wrong}") from wrong
        return cls(**values)


@dataclass(frozen=True)
class Named:
    """What a backup's name says."""

    name: str
    made_at: datetime
    label: str = ""
    sealed: bool = False


def name_of(made_at: datetime, *, label: str = "", sealed: bool = False) -> str:
    """``simpul-20261122T054512Z-sebelum-migrasi.tar.gz``: the moment in UTC, so that names sort as they were made."""
    middle = f"-{label}" if label else ""
    return f"simpul-{made_at.astimezone(UTC).strftime(STAMP)}{middle}{SEALED if sealed else PLAIN}"


def read_name(name: str) -> Named | None:
    """What :func:`name_of` wrote; None for any other file."""
    found = NAME.fullmatch(name)
    if not found:
        return None
    try:
        made_at = datetime.strptime(found[1], STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Named(name, made_at, found[2] or "", bool(found[3]))


def keep_of(text: str) -> tuple[int, int, int]:
    """``7,4,12``: how many daily, weekly and monthly backups stay. Raises ValueError for anything else."""
    parts = [int(part) for part in text.split(",")]
    if len(parts) != 3 or any(not 0 <= part <= 400 for part in parts) or not any(parts):
        raise ValueError(f"SIMPUL_BACKUP_KEEP: {text}")
    return parts[0], parts[1], parts[2]


def is_ahead(made_at: datetime, moment: datetime) -> bool:
    """Whether a backup was named by a clock that was ahead: nobody knows how old it is."""
    return made_at > moment + SLACK


def outworn(found: Iterable[Named], keep: tuple[int, int, int]) -> set[str]:
    """Names of the backups that may go.

    The newest of each of the last so many days, weeks and months *that have one* stay: counting those rather than the calendar, a
    clock that jumped ahead or a laptop that slept for a season costs nothing.
    """
    newest_first = sorted(found, key=lambda one: (one.made_at, one.name), reverse=True)
    usual = [one for one in newest_first if not one.label]
    kept = {one.name for one in usual[:NEWEST_KEPT]}
    periods: tuple[Callable[[datetime], Any], ...] = (
        lambda at: at.date(),
        lambda at: at.isocalendar()[:2],
        lambda at: (at.year, at.month),
    )
    for period, many in zip(periods, keep, strict=True):
        first_of: dict[Any, str] = {}
        for one in usual:
            first_of.setdefault(period(one.made_at), one.name)
        kept.update(list(first_of.values())[:many])
    kept.update(one.name for one in [one for one in newest_first if one.label][:LABELLED_KEPT])
    return {one.name for one in newest_first} - kept
