"""Many enterprises at once, as a list brings them: a few statements in all, and each is on the trail and in its own history."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from flask import current_app
from sqlalchemy import insert, or_, select

from app.audit.services import record
from app.cooperatives.timeline import hold
from app.core.database import now
from app.core.extensions import db
from app.core.upsert import insert_into
from app.enterprises.deriving import derived, staff_text, values_of
from app.enterprises.history import actor, note, trail
from app.enterprises.models import Enterprise, EnterpriseEvent, EnterpriseIndex
from app.enterprises.queries import region
from app.enterprises.registering import CLOSED, COLUMNS, enter, rederive, slugs_for
from app.enterprises.rules import Origin, Precision, State

TOGETHER = 500
BLANKS: Mapping[str, Any] = {
    "name": "", "products": "", "digital": [], "infrastructure": {}, "funding": [], "needs": [], "contacts": {},
    "opening_hours": {},
}  # fmt: skip
"""What stands in columns that cannot be null where a row says nothing."""


def add_listed(rows: Iterable[Mapping[str, Any]], *, template: str, params: Mapping[str, Any]) -> list[int]:
    """Enter ``rows`` (of ``COLUMNS``, and ``source_id``) from the office's own list; their ids, in the same order.

    A row with a name enters the register at once: it counts as confirmed today, nothing private is public, and its place is
    published no finer than the kecamatan until the owner consents. One without a name becomes a draft that an operator
    completes. ``template`` with ``params`` is what their history says. Call it with at most a few thousand rows at a time.
    """
    filled = [_columns(row) for row in rows]
    if not filled:
        return []
    for row, slug in zip(filled, _addresses([row["name"] for row in filled]), strict=True):
        row["slug"] = slug
    ids = [id_ for some in _cut(filled) for id_ in _insert_all(some)]
    _index(ids, filled)
    _tell(ids, filled, template=template, params=params)
    return ids


def change_listed(
    enterprise: Enterprise, values: Mapping[str, Any], *, template: str, params: Mapping[str, Any]
) -> list[str]:
    """Set ``values`` (of ``COLUMNS``) as a newer list says them; the names of the columns that changed.

    One that only lists have spoken of counts as confirmed by it. ``template`` with ``params`` is what its history says.
    """
    hold(enterprise)
    if enterprise.state in CLOSED:
        return []
    before = values_of(enterprise, values)
    changed = [name for name in values if values[name] != before[name]]
    if not changed:
        return []
    for name in changed:
        setattr(enterprise, name, values[name])
    if (
        enterprise.origin is Origin.IMPORT
        and enterprise.state is State.LISTED
        and enterprise.verified_at is None
    ):
        enterprise.confirmed_at = now()
    rederive(enterprise)
    trail(
        enterprise,
        "enterprise.changed",
        before={name: before[name] for name in changed},
        after={name: values[name] for name in changed},
    )
    note(enterprise, kind="imported", template=template, params=params)
    return changed


def _insert_all(rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """The rows in one statement; those whose address somebody took at this very moment get the next free one."""
    statement = insert_into(Enterprise).on_conflict_do_nothing(index_elements=["slug"])
    made = db.session.execute(
        statement.returning(Enterprise.slug, Enterprise.id), rows, execution_options={"render_nulls": True}
    )
    ids = dict(made.all())
    return [ids[row["slug"]] if row["slug"] in ids else enter(row).id for row in rows]


def _columns(row: Mapping[str, Any]) -> dict[str, Any]:
    moment = now()
    values = {name: BLANKS.get(name) for name in COLUMNS} | dict(row)
    values["point_precision"] = Precision.KECAMATAN
    is_named = bool(values["name"])
    return (
        values
        | derived(values, region())
        | {
            "source_id": row.get("source_id"),
            "region": current_app.config["REGION"],
            "origin": Origin.IMPORT,
            "state": State.LISTED if is_named else State.DRAFT,
            "confirmed_at": moment if is_named else None,
            "created_at": moment,
            "version": 1,
        }
    )


def _addresses(names: Sequence[str]) -> Iterator[str]:
    """A free address for each name, found with few questions however many share a name."""
    candidates = [slugs_for(name) for name in names]
    firsts = [next(candidate) for candidate in candidates]
    taken = _taken(set(firsts))
    going: dict[str, Iterator[str]] = {}
    for first, others in zip(firsts, candidates, strict=True):
        slugs = going.setdefault(first, chain((first,), others))
        slug = next(slug for slug in slugs if slug not in taken[first])
        taken[first].add(slug)
        yield slug


def _taken(firsts: set[str]) -> defaultdict[str, set[str]]:
    """First address for a name → those with and without a number behind it that stand in the register."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    wanted = sorted(firsts)
    for at in range(0, len(wanted), TOGETHER // 2):
        some = wanted[at : at + TOGETHER // 2]
        numbered = [(Enterprise.slug >= f"{slug}-") & (Enterprise.slug < f"{slug}.") for slug in some]
        for slug in db.session.scalars(
            select(Enterprise.slug).where(or_(Enterprise.slug.in_(some), *numbered))
        ):
            stem, _dash, tail = slug.rpartition("-")
            found[slug].add(slug)
            if tail.isdigit():
                found[stem].add(slug)
    return found


def _index(ids: Sequence[int], rows: Sequence[Mapping[str, Any]]) -> None:
    texts = (
        {"id": id_, "search_text": staff_text(dict(row), region())}
        for id_, row in zip(ids, rows, strict=True)
    )
    for some in _cut(texts):
        db.session.execute(insert(EnterpriseIndex), some)


def _tell(
    ids: Sequence[int], rows: Sequence[Mapping[str, Any]], *, template: str, params: Mapping[str, Any]
) -> None:
    """Write the history of each, and the trail."""
    who = actor()
    event = {
        "kind": "imported",
        "template": template,
        "params": dict(params),
        "note": "",
        "actor_name": who[1][:200],
    }
    events = (
        {"enterprise_id": id_, "at": row["created_at"]} | event for id_, row in zip(ids, rows, strict=True)
    )
    for some in _cut(events):
        db.session.execute(insert(EnterpriseEvent), some)
    for id_, row in zip(ids, rows, strict=True):
        said = {name: row[name] for name in COLUMNS if row[name] not in (None, "", [], {})}
        record(
            "enterprise.imported",
            kind="enterprise",
            subject_id=id_,
            name=row["name"] or "–",
            after=said,
            actor=who,
        )


def _cut(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    some: list[dict[str, Any]] = []
    for row in rows:
        some.append(row)
        if len(some) == TOGETHER:
            yield some
            some = []
    if some:
        yield some
