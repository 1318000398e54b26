"""Writing the trail. Entries are sealed into the chain at the end of the write unit, in one short stretch."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import has_request_context
from flask_login import current_user
from flask_sqlalchemy.session import Session
from sqlalchemy import Table, bindparam, event, insert, inspect, null, select, text, update

from app.audit import rules
from app.audit.models import TrailEntry, TrailHead
from app.core.database import now
from app.core.extensions import db

CHAIN_LOCK = 7_215_010  # PostgreSQL advisory lock: one writer at a time appends to the chain
OFFICE = "Simpul"
ERASABLE = {"before", "after", "salt"}
COVERED = (
    "id",
    "at",
    "actor_id",
    "actor_name",
    "action",
    "subject_kind",
    "subject_id",
    "subject_name",
    "fields",
)
ENTRIES: Table = TrailEntry.__table__  # type: ignore[assignment]
ENDS: Table = TrailHead.__table__  # type: ignore[assignment]
HEAD = select(ENDS.c.length, ENDS.c.digest)
ADD = insert(ENTRIES)
BEGIN = insert(ENDS)
MOVE = (
    update(ENDS).where(ENDS.c.id == 1).values(length=bindparam("new_length"), digest=bindparam("new_digest"))
)


def record(
    action: str,
    *,
    kind: str,
    subject_id: int | None,
    name: str,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    actor: tuple[int | None, str] | None = None,
) -> None:
    """Note one change; it is written with the unit that made it, or not at all.

    ``action`` is a dotted code such as ``report.approved``; ``kind`` and ``subject_id`` say what it happened to and
    ``name`` how people call it; ``before`` and ``after`` hold the values of the fields concerned (dates, enums and the like
    are written as text). Never passwords, their hashes, tokens or codes. ``actor`` (id, name) is who acts when nobody is
    signed in, such as the holder of a one-time link; usually :func:`acting_person` knows.
    """
    actor_id, actor_name = actor or acting_person()
    db.session.info.setdefault("trail", []).append(
        {
            "at": now(),
            "actor_id": actor_id,
            "actor_name": rules.storable(actor_name)[:200],
            "action": action,
            "subject_kind": kind,
            "subject_id": subject_id,
            "subject_name": rules.storable(name)[:200],
            "before": rules.plain(before or {}),
            "after": rules.plain(after or {}),
        }
    )


def acting_person() -> tuple[int | None, str]:
    """Id and name of who acts: the person signed in, else the office's own commands."""
    if has_request_context() and current_user and current_user.is_authenticated:
        return current_user.id, current_user.name
    return None, OFFICE


def erase_values(kind: str, subject_id: int) -> int:
    """Empty the values of every entry about one subject (UU PDP 27/2022 art. 8); how many entries.

    That something changed, when, by whom and in which fields stays, and the chain stays whole. The erasure is itself
    recorded.
    """
    entries = (
        (TrailEntry.subject_kind == kind)
        & (TrailEntry.subject_id == subject_id)
        & TrailEntry.salt.is_not(None)
    )
    named = db.session.scalar(
        select(TrailEntry.subject_name).where(entries).order_by(TrailEntry.id.desc()).limit(1)
    )
    emptied = db.session.execute(
        update(TrailEntry)
        .where(entries)
        .values(before=null(), after=null(), salt=None)
        .returning(TrailEntry.id)
        .execution_options(synchronize_session="fetch", erases_trail=True)
    ).all()
    if emptied:
        record(
            "trail.erased", kind=kind, subject_id=subject_id, name=named or "", after={"entri": len(emptied)}
        )
    return len(emptied)


def header(entry: TrailEntry) -> dict[str, Any]:
    """What the digest of ``entry`` covers beside its values."""
    return covered({name: getattr(entry, name) for name in COVERED})


def covered(values: Mapping[str, Any]) -> dict[str, Any]:
    """:func:`header` of an entry that is not written yet."""
    return {name: values[name] for name in COVERED} | {"at": values["at"].isoformat()}


def _seal(session: Session) -> None:
    noted: list[dict[str, Any]] = session.info.pop("trail", [])
    if not noted:
        return
    session.flush()  # whatever waits for a row waits before the chain's lock, not under it
    if db.engine.dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": CHAIN_LOCK})
    head = session.execute(HEAD).one_or_none()
    length, digest = head or (0, rules.START)
    rows = []  # no objects: each write of the site comes through here
    for values in noted:
        length += 1
        row = values | {"id": length, "salt": secrets.token_hex(16)}
        row["fields"] = rules.changed_fields(values["before"], values["after"])
        row["values_digest"] = rules.values_digest(row["salt"], values["before"], values["after"])
        row["digest"] = digest = rules.entry_digest(digest, covered(row), row["values_digest"])
        rows.append(row)
    session.execute(ADD, rows)
    if head is None:
        session.execute(BEGIN, {"id": 1, "length": length, "digest": digest})
    else:
        session.execute(MOVE, {"new_length": length, "new_digest": digest})


def _forget(session: Session) -> None:
    session.info.pop("trail", None)


def _refuse_change(_mapper: object, _connection: object, entry: TrailEntry) -> None:
    """Our own code cannot rewrite history by mistake; who writes to the database past it is found by ``audit verify``."""
    changed = {attribute.key for attribute in inspect(entry).attrs if attribute.history.has_changes()}
    if changed - ERASABLE:
        raise RuntimeError(f"the trail is append-only: {', '.join(sorted(changed))}")


def _refuse_removal(_mapper: object, _connection: object, _entry: TrailEntry) -> None:
    raise RuntimeError("the trail is append-only")


def watch() -> None:
    """Seal what was noted at each commit and forget it at each rollback. Idempotent; the factory calls it."""
    for target, name, listener in (
        (db.session, "before_commit", _seal),
        (db.session, "after_rollback", _forget),
        (TrailEntry, "before_update", _refuse_change),
        (TrailEntry, "before_delete", _refuse_removal),
    ):
        if not event.contains(target, name, listener):
            event.listen(target, name, listener)
