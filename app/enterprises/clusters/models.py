"""Runs of the grouping, the groups that they found, and who belongs to which."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.core.database import (
    Base,
    Code,
    CreatedAt,
    Id,
    Json,
    JsonValue,
    Name,
    UtcDateTime,
    partial_index,
)
from app.enterprises.clusters.rules import Options, Origin, RunState

ACTIVE = "state IN ('waiting', 'running')"
DONE = "state = 'done'"


class ClusterRun(Base):
    """One grouping of the register. At most one waits or works at a time; the newest that is done is the one shown.

    ``options`` see :class:`~app.enterprises.clusters.rules.Options`. ``outcome`` holds what was measured: the numbers of
    groups tried with their silhouette and stability, traits that said nothing, why it was refused, and what became of the
    groups before. ``pulse`` is the last sign of life: a run without one for long has died.
    """

    __tablename__ = "cluster_run"
    __table_args__ = (
        CheckConstraint("(state IN ('waiting', 'running')) = (ended_at IS NULL)", name="ended"),
        CheckConstraint("state <> 'running' OR pulse IS NOT NULL", name="alive"),
        partial_index("ix_cluster_run_active", "region", where=ACTIVE, unique=True),
        partial_index("ix_cluster_run_done", "region", "id", where=DONE),
    )

    id: Mapped[Id]
    region: Mapped[Code]
    state: Mapped[RunState] = mapped_column(default=RunState.WAITING)
    origin: Mapped[Origin]
    asked_by: Mapped[Name] = mapped_column(default="")
    created_at: Mapped[CreatedAt]
    pulse: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    options: Mapped[Json]
    row_count: Mapped[int | None]
    cluster_count: Mapped[int | None]
    silhouette: Mapped[float | None]
    stability: Mapped[float | None]
    outcome: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    note: Mapped[str] = mapped_column(Text, default="")
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("cluster_run.id"))
    has_members: Mapped[bool] = mapped_column(default=False)
    is_demo: Mapped[bool] = mapped_column(default=False)  # fictional UKM were among those grouped

    @property
    def wanted(self) -> Options:
        """What was asked."""
        return Options.from_json(self.options)


class Cluster(Base):
    """One group of one run. ``key`` is the group's own across runs: a group that goes on keeps it, with its given name.

    ``naming`` is what the generated name is made of, ``portrait`` the counts of all members and of those that the public may
    count, ``change`` what happened since the run before. ``given_name`` is an operator's; ``pinned`` keeps whatever name it has.
    """

    __tablename__ = "cluster"
    __table_args__ = (
        UniqueConstraint("run_id", "number"),
        UniqueConstraint("run_id", "key"),
        CheckConstraint("size > 0", name="of_some"),
        Index("ix_cluster_key", "key", "run_id"),
    )

    id: Mapped[Id]
    run_id: Mapped[int] = mapped_column(ForeignKey("cluster_run.id"))
    number: Mapped[int]
    key: Mapped[str] = mapped_column(String(24))
    naming: Mapped[Json]
    given_name: Mapped[str] = mapped_column(String(120), default="")
    pinned: Mapped[bool] = mapped_column(default=False)
    note: Mapped[str] = mapped_column(Text, default="")
    size: Mapped[int]
    portrait: Mapped[Json]
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"), index=True)
    change: Mapped[dict[str, Any]] = mapped_column(JsonValue, default=dict)

    run: Mapped[ClusterRun] = relationship()


class ClusterMembership(Base):
    """An enterprise belongs to a group. ``traits``: a short digest of each feature, so that the next run knows what changed.

    ``came_from_id`` is the group of the run before where that is another one, ``why`` the features that had changed since;
    empty where the business is as it was and the groups have shifted. ``rank`` is set for the most typical ones.
    """

    __tablename__ = "cluster_membership"
    __table_args__ = (
        Index("ix_cluster_membership_cluster", "cluster_id", "enterprise_id"),
        Index("ix_cluster_membership_enterprise", "enterprise_id"),
        partial_index(
            "ix_cluster_membership_moved", "cluster_id", "came_from_id", where="came_from_id IS NOT NULL"
        ),
        partial_index("ix_cluster_membership_typical", "cluster_id", "rank", where="rank IS NOT NULL"),
    )

    run_id: Mapped[int] = mapped_column(ForeignKey("cluster_run.id"), primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(
        ForeignKey("enterprise.id", ondelete="CASCADE"), primary_key=True
    )
    cluster_id: Mapped[int] = mapped_column(ForeignKey("cluster.id"))
    traits: Mapped[str] = mapped_column(String(48))
    came_from_id: Mapped[int | None] = mapped_column(ForeignKey("cluster.id"), index=True)
    why: Mapped[str] = mapped_column(String(80), default="")
    rank: Mapped[int | None]
