"""Directory, map and groups of UKM."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# SQLite makes a table anew to change it, and its triggers go with the old one: those that keep the search index are made again.
TRIGGERS = {
    "service_request": (
        "CREATE TRIGGER search_service_request_insert AFTER INSERT ON service_request BEGIN INSERT INTO search_service_request (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_service_request_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE TRIGGER search_service_request_delete AFTER DELETE ON service_request BEGIN INSERT INTO search_service_request (search_service_request, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
        "CREATE TRIGGER search_service_request_update AFTER UPDATE OF search_text ON service_request BEGIN INSERT INTO search_service_request (search_service_request, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO search_service_request (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_service_request_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
    ),
    "enterprise": (
        "CREATE TRIGGER search_enterprise_insert AFTER INSERT ON enterprise BEGIN INSERT INTO search_enterprise (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_enterprise_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE TRIGGER search_enterprise_delete AFTER DELETE ON enterprise BEGIN INSERT INTO search_enterprise (search_enterprise, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
        "CREATE TRIGGER search_enterprise_update AFTER UPDATE OF search_text ON enterprise BEGIN INSERT INTO search_enterprise (search_enterprise, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO search_enterprise (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_enterprise_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
    ),
}


def make_triggers(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event, statement in zip(("insert", "delete", "update"), TRIGGERS[table], strict=True):
            op.execute(f"DROP TRIGGER IF EXISTS search_{table}_{event}")
            op.execute(sa.text(statement.replace(":", "\\:")))


def upgrade() -> None:
    op.create_table(
        "cluster_run",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "running",
                "done",
                "refused",
                "failed",
                name="runstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "button",
                "clock",
                "command",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("pulse", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "options",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("row_count", sa.Integer(), nullable=True),
        sa.Column("cluster_count", sa.Integer(), nullable=True),
        sa.Column("silhouette", sa.Double(), nullable=True),
        sa.Column("stability", sa.Double(), nullable=True),
        sa.Column(
            "outcome",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column("has_members", sa.Boolean(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(state IN ('waiting', 'running')) = (ended_at IS NULL)", name=op.f("ck_cluster_run_ended")
        ),
        sa.CheckConstraint("state <> 'running' OR pulse IS NOT NULL", name=op.f("ck_cluster_run_alive")),
        sa.ForeignKeyConstraint(
            ["previous_id"], ["cluster_run.id"], name=op.f("fk_cluster_run_previous_id_cluster_run")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster_run")),
    )
    with op.batch_alter_table("cluster_run", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cluster_run_active",
            ["region"],
            unique=True,
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )
        batch_op.create_index(
            "ix_cluster_run_done",
            ["region", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'done'"),
            postgresql_where=sa.text("state = 'done'"),
        )

    op.create_table(
        "cluster",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=24), nullable=False),
        sa.Column(
            "naming",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("given_name", sa.String(length=120), nullable=False),
        sa.Column("pinned", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column(
            "portrait",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("previous_id", sa.Integer(), nullable=True),
        sa.Column(
            "change",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.CheckConstraint("size > 0", name=op.f("ck_cluster_of_some")),
        sa.ForeignKeyConstraint(["previous_id"], ["cluster.id"], name=op.f("fk_cluster_previous_id_cluster")),
        sa.ForeignKeyConstraint(["run_id"], ["cluster_run.id"], name=op.f("fk_cluster_run_id_cluster_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cluster")),
        sa.UniqueConstraint("run_id", "key", name=op.f("uq_cluster_run_id_key")),
        sa.UniqueConstraint("run_id", "number", name=op.f("uq_cluster_run_id_number")),
    )
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.create_index("ix_cluster_key", ["key", "run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cluster_previous_id"), ["previous_id"], unique=False)

    op.create_table(
        "cluster_membership",
        sa.Column("run_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("cluster_id", sa.Integer(), nullable=False),
        sa.Column("traits", sa.String(length=48), nullable=False),
        sa.Column("came_from_id", sa.Integer(), nullable=True),
        sa.Column("why", sa.String(length=80), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["came_from_id"], ["cluster.id"], name=op.f("fk_cluster_membership_came_from_id_cluster")
        ),
        sa.ForeignKeyConstraint(
            ["cluster_id"], ["cluster.id"], name=op.f("fk_cluster_membership_cluster_id_cluster")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
            name=op.f("fk_cluster_membership_enterprise_id_enterprise"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["cluster_run.id"], name=op.f("fk_cluster_membership_run_id_cluster_run")
        ),
        sa.PrimaryKeyConstraint("run_id", "enterprise_id", name=op.f("pk_cluster_membership")),
    )
    with op.batch_alter_table("cluster_membership", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_cluster_membership_came_from_id"), ["came_from_id"], unique=False
        )
        batch_op.create_index("ix_cluster_membership_cluster", ["cluster_id", "enterprise_id"], unique=False)
        batch_op.create_index("ix_cluster_membership_enterprise", ["enterprise_id"], unique=False)
        batch_op.create_index(
            "ix_cluster_membership_moved",
            ["cluster_id", "came_from_id"],
            unique=False,
            sqlite_where=sa.text("came_from_id IS NOT NULL"),
            postgresql_where=sa.text("came_from_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_cluster_membership_typical",
            ["cluster_id", "rank"],
            unique=False,
            sqlite_where=sa.text("rank IS NOT NULL"),
            postgresql_where=sa.text("rank IS NOT NULL"),
        )

    op.create_table(
        "enterprise_link_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"],
            ["enterprise.id"],
            name=op.f("fk_enterprise_link_request_enterprise_id_enterprise"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_link_request")),
    )
    with op.batch_alter_table("enterprise_link_request", schema=None) as batch_op:
        batch_op.create_index("ix_enterprise_link_request_asked", ["done_at", "asked_at", "id"], unique=False)
        batch_op.create_index(
            "ix_enterprise_link_request_open",
            ["enterprise_id"],
            unique=True,
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )

    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.add_column(sa.Column("traits", sa.Integer(), server_default="-1", nullable=False))
        batch_op.add_column(sa.Column("map_key", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("public_kelurahan", sa.String(length=13), nullable=True))
        batch_op.drop_index(batch_op.f("ix_enterprise_class"))
        batch_op.drop_index(batch_op.f("ix_enterprise_activity"))
        batch_op.create_index(
            "ix_enterprise_activity", ["state", "activity", "traits", "confirmed_at"], unique=False
        )
        batch_op.drop_index(batch_op.f("ix_enterprise_name"))
        batch_op.create_index(
            "ix_enterprise_name",
            [
                "state",
                "name_key",
                "id",
                "public_kelurahan",
                "kode_kecamatan",
                "activity",
                "traits",
                "confirmed_at",
            ],
            unique=False,
        )
        batch_op.drop_index(batch_op.f("ix_enterprise_place"))
        batch_op.create_index(
            "ix_enterprise_place", ["state", "kode_kecamatan", "traits", "confirmed_at"], unique=False
        )
        batch_op.create_index(
            "ix_enterprise_both",
            ["state", "kode_kecamatan", "activity", "traits", "confirmed_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_enterprise_map", ["state", "map_key", "traits", "confirmed_at"], unique=False
        )
        batch_op.create_index(
            "ix_enterprise_map_activity",
            ["state", "activity", "map_key", "traits", "confirmed_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_enterprise_map_kelurahan",
            ["state", "public_kelurahan", "map_key", "activity", "traits", "confirmed_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_enterprise_map_place",
            ["state", "kode_kecamatan", "map_key", "activity", "traits", "confirmed_at"],
            unique=False,
        )
        batch_op.create_index("ix_enterprise_traits", ["state", "traits", "confirmed_at"], unique=False)
        batch_op.create_index(
            "ix_enterprise_activity_name",
            ["state", "activity", "name_key", "id", "kode_kecamatan", "traits", "confirmed_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_enterprise_near",
            ["state", "public_kelurahan", "activity", "traits", "confirmed_at"],
            unique=False,
        )
        batch_op.create_index(
            "ix_enterprise_near_traits", ["state", "public_kelurahan", "traits", "confirmed_at"], unique=False
        )

    with op.batch_alter_table("import_job", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("register", sa.String(length=40), server_default="cooperative", nullable=False)
        )
        batch_op.add_column(
            sa.Column(
                "spellings",
                sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
                server_default="[]",
                nullable=False,
            )
        )

    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.add_column(sa.Column("enterprise_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("fingerprint", sa.String(length=64), nullable=True))
        batch_op.create_index(
            "ix_import_row_enterprise",
            ["enterprise_id"],
            unique=False,
            sqlite_where=sa.text("enterprise_id IS NOT NULL"),
            postgresql_where=sa.text("enterprise_id IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_import_row_fingerprint",
            ["fingerprint"],
            unique=False,
            sqlite_where=sa.text("fingerprint IS NOT NULL"),
            postgresql_where=sa.text("fingerprint IS NOT NULL"),
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_import_row_enterprise_id_enterprise"), "enterprise", ["enterprise_id"], ["id"]
        )

    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.add_column(sa.Column("enterprise_id", sa.Integer(), nullable=True))
        batch_op.create_index(batch_op.f("ix_service_request_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_service_request_enterprise_id_enterprise"), "enterprise", ["enterprise_id"], ["id"]
        )
    make_triggers("service_request")


def downgrade() -> None:
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_service_request_enterprise_id_enterprise"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_service_request_enterprise_id"))
        batch_op.drop_column("enterprise_id")

    with op.batch_alter_table("import_row", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_import_row_enterprise_id_enterprise"), type_="foreignkey")
        batch_op.drop_index(
            "ix_import_row_fingerprint",
            sqlite_where=sa.text("fingerprint IS NOT NULL"),
            postgresql_where=sa.text("fingerprint IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_import_row_enterprise",
            sqlite_where=sa.text("enterprise_id IS NOT NULL"),
            postgresql_where=sa.text("enterprise_id IS NOT NULL"),
        )
        batch_op.drop_column("fingerprint")
        batch_op.drop_column("enterprise_id")

    with op.batch_alter_table("import_job", schema=None) as batch_op:
        batch_op.drop_column("spellings")
        batch_op.drop_column("register")

    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_near_traits")
        batch_op.drop_index("ix_enterprise_near")
        batch_op.drop_index("ix_enterprise_activity_name")
        batch_op.drop_index("ix_enterprise_traits")
        batch_op.drop_index("ix_enterprise_map_place")
        batch_op.drop_index("ix_enterprise_map_kelurahan")
        batch_op.drop_index("ix_enterprise_map_activity")
        batch_op.drop_index("ix_enterprise_map")
        batch_op.drop_index("ix_enterprise_both")
        batch_op.drop_index("ix_enterprise_place")
        batch_op.create_index(
            batch_op.f("ix_enterprise_place"), ["state", "kode_kecamatan", "confirmed_at"], unique=False
        )
        batch_op.drop_index("ix_enterprise_name")
        batch_op.create_index(batch_op.f("ix_enterprise_name"), ["state", "name_key", "id"], unique=False)
        batch_op.drop_index("ix_enterprise_activity")
        batch_op.create_index(
            batch_op.f("ix_enterprise_activity"), ["state", "activity", "confirmed_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_enterprise_class"), ["state", "size_class", "confirmed_at"], unique=False
        )
        batch_op.drop_column("public_kelurahan")
        batch_op.drop_column("map_key")
        batch_op.drop_column("traits")

    with op.batch_alter_table("enterprise_link_request", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_enterprise_link_request_open",
            sqlite_where=sa.text("done_at IS NULL"),
            postgresql_where=sa.text("done_at IS NULL"),
        )
        batch_op.drop_index("ix_enterprise_link_request_asked")

    op.drop_table("enterprise_link_request")
    with op.batch_alter_table("cluster_membership", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_cluster_membership_typical",
            sqlite_where=sa.text("rank IS NOT NULL"),
            postgresql_where=sa.text("rank IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_cluster_membership_moved",
            sqlite_where=sa.text("came_from_id IS NOT NULL"),
            postgresql_where=sa.text("came_from_id IS NOT NULL"),
        )
        batch_op.drop_index("ix_cluster_membership_enterprise")
        batch_op.drop_index("ix_cluster_membership_cluster")
        batch_op.drop_index(batch_op.f("ix_cluster_membership_came_from_id"))

    op.drop_table("cluster_membership")
    with op.batch_alter_table("cluster", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cluster_previous_id"))
        batch_op.drop_index("ix_cluster_key")

    op.drop_table("cluster")
    with op.batch_alter_table("cluster_run", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_cluster_run_done",
            sqlite_where=sa.text("state = 'done'"),
            postgresql_where=sa.text("state = 'done'"),
        )
        batch_op.drop_index(
            "ix_cluster_run_active",
            sqlite_where=sa.text("state IN ('waiting', 'running')"),
            postgresql_where=sa.text("state IN ('waiting', 'running')"),
        )

    op.drop_table("cluster_run")
    make_triggers("service_request")
    make_triggers("enterprise")
