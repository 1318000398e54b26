"""Saves that a browser sends by itself while somebody types: each is taken once, however often it arrives."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.accounts.models import User
from app.core.database import now
from app.core.extensions import db
from app.core.upsert import insert_into
from app.questionnaire.drafts import save_answers
from app.questionnaire.merging import FieldConflict
from app.questionnaire.models import Report, ReportSave
from app.questionnaire.queries import changes_since, id_of


@dataclass(frozen=True)
class Autosaved:
    """What one save did.

    ``version`` is the report's after it, ``saved_at`` when it was kept, ``conflicts`` the fields that a person must decide,
    ``others`` the further fields that somebody else changed after what the sender had seen.
    """

    version: int
    saved_at: datetime
    conflicts: dict[str, FieldConflict]
    others: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """As the database keeps it."""
        clashes = {
            name: asdict(clash) | {"at": clash.at.isoformat()} for name, clash in self.conflicts.items()
        }
        return {
            "version": self.version,
            "saved_at": self.saved_at.isoformat(),
            "conflicts": clashes,
            "others": list(self.others),
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Autosaved":
        """The inverse of :meth:`to_json`."""
        clashes = {
            name: FieldConflict(**(clash | {"at": datetime.fromisoformat(clash["at"])}))
            for name, clash in kept["conflicts"].items()
        }
        return cls(kept["version"], datetime.fromisoformat(kept["saved_at"]), clashes, tuple(kept["others"]))


def autosave(
    report: Report,
    *,
    save_id: str,
    values: Mapping[str, Any],
    base_version: int | None,
    seen_version: int | None = None,
    after: str = "",
    whole: bool = False,
    by: User | None = None,
) -> Autosaved:
    """Keep ``values`` as :func:`save_answers` does, unless the save ``save_id`` of this report was taken before.

    ``seen_version`` is what the sender's page shows by now, where ``values`` were typed against an older one. ``after`` is the id of an earlier save of the same sender, whose answer it did not wait for: what that one changed is
    nobody else's. Raises RuleBroken as ``save_answers`` does; then the id is as good as new.
    """
    owner = id_of(report)
    first = insert_into(ReportSave).values(report_id=owner, save_id=save_id, at=now(), outcome={})
    first = first.on_conflict_do_nothing(index_elements=["report_id", "save_id"]).returning(ReportSave.id)
    kept_id = db.session.scalars(first).one_or_none()
    if kept_id is None:
        return Autosaved.from_json(_outcome(owner, save_id) or {})
    base = _base_after(owner, after, values, base_version)
    done = save_answers(report, values=values, base_version=base, by=by, whole=whole)
    unseen = done.version - (1 if done.changed else 0)  # the last version that is not this save's own
    seen = base if base is None else max(base, seen_version or 0)
    changes = changes_since(report, seen) if seen is not None and seen < unseen else []
    others = {change.field for change in changes if change.version <= unseen} - values.keys()
    saved = Autosaved(done.version, now(), done.conflicts, tuple(sorted(others)))
    db.session.execute(update(ReportSave).where(ReportSave.id == kept_id).values(outcome=saved.to_json()))
    return saved


def _outcome(owner: int, save_id: str) -> dict[str, Any] | None:
    query = select(ReportSave.outcome).where(ReportSave.report_id == owner, ReportSave.save_id == save_id)
    return db.session.scalars(query).one_or_none()


def _base_after(owner: int, after: str, values: Mapping[str, Any], base_version: int | None) -> int | None:
    """The version that the sender knew, counting its own save ``after`` unless somebody else stood in its way."""
    earlier = _outcome(owner, after) if after and base_version is not None else None
    if not earlier or values.keys() & {*earlier["others"], *earlier["conflicts"]}:
        return base_version
    return max(int(base_version or 0), int(earlier["version"]))
