"""Filing and review in depth: autosave, help, signatures, comparison, clean batches, outreach, merging."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


LISTINGS = ("listed", "proposed", "refused", "merged")


@contextmanager
def triggers_kept(table: str) -> Iterator[None]:
    """SQLite builds a changed table anew and drops the old one with its triggers, those of the search index among them."""
    connection = op.get_bind()
    kept = []
    if connection.dialect.name == "sqlite":
        query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :table")
        kept = connection.execute(query, {"table": table}).all()
    for name, _statement in kept:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, statement in kept:
        connection.exec_driver_sql(statement)


def allow_listings(*allowed: str) -> None:
    """Which states of a cooperative's row there are."""
    names = ", ".join(f"'{one}'" for one in allowed)
    with triggers_kept("cooperative"), op.batch_alter_table("cooperative") as batch_op:
        batch_op.drop_constraint(op.f("ck_cooperative_listing"), type_="check")
        batch_op.create_check_constraint(op.f("ck_cooperative_listing"), f"listing IN ({names})")


def upgrade() -> None:
    allow_listings(*LISTINGS)
    op.create_table(
        "kept_form",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("path", sa.String(length=500), nullable=False),
        sa.Column("query", sa.String(length=500), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "fields",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_kept_form")),
        sa.UniqueConstraint(
            "token_digest", "path", "query", name=op.f("uq_kept_form_token_digest_path_query")
        ),
    )
    with op.batch_alter_table("kept_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_kept_form_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "clean_batch",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(length=32), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("drawn_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("drawn_by_id", sa.Integer(), nullable=False),
        sa.Column("drawn_by_name", sa.String(length=200), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["drawn_by_id"], ["user.id"], name=op.f("fk_clean_batch_drawn_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clean_batch")),
    )
    with op.batch_alter_table("clean_batch", schema=None) as batch_op:
        batch_op.create_index(
            "uq_clean_batch_open",
            ["is_open"],
            unique=True,
            sqlite_where=sa.text("is_open"),
            postgresql_where=sa.text("is_open"),
        )

    op.create_table(
        "contact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("channel", sa.String(length=40), nullable=False),
        sa.Column("result", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_contact_actor_id_user")),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_contact_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index("ix_contact_of", ["year", "cooperative_id", "id"], unique=False)

    op.create_table(
        "cooperative_merge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("survivor_id", sa.Integer(), nullable=False),
        sa.Column("merged_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "moved",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(length=200), nullable=False),
        sa.Column("undone_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "undone_at IS NULL OR undone_reason <> ''", name=op.f("ck_cooperative_merge_undone_with_a_reason")
        ),
        sa.CheckConstraint("survivor_id <> merged_id", name=op.f("ck_cooperative_merge_of_two_rows")),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["cooperative.id"], name=op.f("fk_cooperative_merge_merged_id_cooperative")
        ),
        sa.ForeignKeyConstraint(
            ["survivor_id"], ["cooperative.id"], name=op.f("fk_cooperative_merge_survivor_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cooperative_merge")),
    )
    with op.batch_alter_table("cooperative_merge", schema=None) as batch_op:
        batch_op.create_index(
            "ix_cooperative_merge_live",
            ["merged_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.create_index("ix_cooperative_merge_of", ["survivor_id", "id"], unique=False)

    op.create_table(
        "extension",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_extension_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extension")),
    )
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.create_index("ix_extension_of", ["cooperative_id", "year", "id"], unique=False)

    op.create_table(
        "handover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("successor_id", sa.Integer(), nullable=True),
        sa.Column("successor_name", sa.String(length=200), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=500), nullable=False),
        sa.Column(
            "work", sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"), nullable=False
        ),
        sa.ForeignKeyConstraint(["person_id"], ["user.id"], name=op.f("fk_handover_person_id_user")),
        sa.ForeignKeyConstraint(["successor_id"], ["user.id"], name=op.f("fk_handover_successor_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handover")),
    )
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handover_person_id"), ["person_id"], unique=False)

    op.create_table(
        "peer_year",
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("reports", sa.Integer(), nullable=False),
        sa.Column(
            "statistics",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("with_forest", sa.Boolean(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["year"], ["edition.year"], name=op.f("fk_peer_year_year_edition"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("year", name=op.f("pk_peer_year")),
    )
    op.create_table(
        "reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("due", sa.Date(), nullable=False),
        sa.Column("days_before", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("addresses", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_reminder_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder")),
        sa.UniqueConstraint(
            "cooperative_id",
            "year",
            "due",
            "days_before",
            name=op.f("uq_reminder_cooperative_id_year_due_days_before"),
        ),
    )
    op.create_table(
        "sheet_upload",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cooperative_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(length=200), nullable=False),
        sa.Column(
            "found",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperative.id"],
            name=op.f("fk_sheet_upload_cooperative_id_cooperative"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_sheet_upload_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sheet_upload")),
        sa.UniqueConstraint(
            "cooperative_id", "year", "user_id", name=op.f("uq_sheet_upload_cooperative_id_year_user_id")
        ),
    )
    with op.batch_alter_table("sheet_upload", schema=None) as batch_op:
        batch_op.create_index("ix_sheet_upload_created_at", ["created_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sheet_upload_user_id"), ["user_id"], unique=False)

    op.create_table(
        "clean_batch_item",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "fate",
            sa.Enum(
                "waiting",
                "sampled",
                "taken_out",
                "approved",
                "skipped",
                name="fate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["clean_batch.id"], name=op.f("fk_clean_batch_item_batch_id_clean_batch")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_clean_batch_item_report_id_report")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clean_batch_item")),
        sa.UniqueConstraint("report_id", "version", name=op.f("uq_clean_batch_item_report_id_version")),
    )
    with op.batch_alter_table("clean_batch_item", schema=None) as batch_op:
        batch_op.create_index("ix_clean_batch_item_of", ["batch_id", "fate", "id"], unique=False)

    op.create_table(
        "ods_entry",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "answers",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_ods_entry_report_id_report")),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_ods_entry")),
    )
    op.create_table(
        "report_help",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "typing",
                "waiting",
                "disputed",
                "confirmed",
                "ended",
                name="helpstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "telepon",
                "datang",
                "surat",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("spoke_name", sa.String(length=200), nullable=False),
        sa.Column("spoke_position", sa.String(length=200), nullable=False),
        sa.Column("helper_id", sa.Integer(), nullable=False),
        sa.Column("helper_name", sa.String(length=200), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("code_digest", sa.String(length=64), nullable=True),
        sa.Column("hint", sa.String(length=4), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_name", sa.String(length=200), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["helper_id"], ["user.id"], name=op.f("fk_report_help_helper_id_user")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_help_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_help")),
        sa.UniqueConstraint("code_digest", name=op.f("uq_report_help_code_digest")),
    )
    with op.batch_alter_table("report_help", schema=None) as batch_op:
        batch_op.create_index("ix_report_help_of", ["report_id", "id"], unique=False)
        batch_op.create_index(
            "ix_report_help_open",
            ["report_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('typing', 'waiting', 'disputed')"),
            postgresql_where=sa.text("state IN ('typing', 'waiting', 'disputed')"),
        )

    op.create_table(
        "report_quality",
        sa.Column("report_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column(
            "findings",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("isolation", sa.Double(), nullable=True),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_quality_report_id_report")
        ),
        sa.PrimaryKeyConstraint("report_id", name=op.f("pk_report_quality")),
    )
    op.create_table(
        "report_save",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("save_id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "outcome",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_save_report_id_report")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_save")),
        sa.UniqueConstraint("report_id", "save_id", name=op.f("uq_report_save_report_id_save_id")),
    )
    with op.batch_alter_table("report_save", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_save_at"), ["at"], unique=False)

    op.create_table(
        "report_signature",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "confirmed",
                "declined",
                "waived",
                "void",
                name="signaturestate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("signed_by_id", sa.Integer(), nullable=True),
        sa.Column("declared_name", sa.String(length=200), nullable=False),
        sa.Column("declared_position", sa.String(length=200), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by_id", sa.Integer(), nullable=True),
        sa.Column("settled_name", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_signature_report_id_report")
        ),
        sa.ForeignKeyConstraint(
            ["settled_by_id"], ["user.id"], name=op.f("fk_report_signature_settled_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["signed_by_id"], ["user.id"], name=op.f("fk_report_signature_signed_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_signature")),
    )
    with op.batch_alter_table("report_signature", schema=None) as batch_op:
        batch_op.create_index("ix_report_signature_of", ["report_id", "id"], unique=False)
        batch_op.create_index(
            "ix_report_signature_open",
            ["report_id"],
            unique=True,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("second_name", sa.String(length=200), server_default="", nullable=False)
        )
        batch_op.add_column(
            sa.Column("second_position", sa.String(length=200), server_default="", nullable=False)
        )

    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("calm", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("waits_version", sa.Integer(), nullable=True))
        batch_op.create_index(
            "ix_report_risk",
            ["calm", "submitted_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'submitted'"),
            postgresql_where=sa.text("status = 'submitted'"),
        )


def downgrade() -> None:
    allow_listings(*LISTINGS[:-1])
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_report_risk",
            sqlite_where=sa.text("status = 'submitted'"),
            postgresql_where=sa.text("status = 'submitted'"),
        )
        batch_op.drop_column("waits_version")
        batch_op.drop_column("calm")

    with op.batch_alter_table("receipt", schema=None) as batch_op:
        batch_op.drop_column("second_position")
        batch_op.drop_column("second_name")

    with op.batch_alter_table("report_signature", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_report_signature_open",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index("ix_report_signature_of")

    op.drop_table("report_signature")
    with op.batch_alter_table("report_save", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_save_at"))

    op.drop_table("report_save")
    op.drop_table("report_quality")
    with op.batch_alter_table("report_help", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_report_help_open",
            sqlite_where=sa.text("state IN ('typing', 'waiting', 'disputed')"),
            postgresql_where=sa.text("state IN ('typing', 'waiting', 'disputed')"),
        )
        batch_op.drop_index("ix_report_help_of")

    op.drop_table("report_help")
    op.drop_table("ods_entry")
    with op.batch_alter_table("clean_batch_item", schema=None) as batch_op:
        batch_op.drop_index("ix_clean_batch_item_of")

    op.drop_table("clean_batch_item")
    with op.batch_alter_table("sheet_upload", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sheet_upload_user_id"))
        batch_op.drop_index("ix_sheet_upload_created_at")

    op.drop_table("sheet_upload")
    op.drop_table("reminder")
    op.drop_table("peer_year")
    with op.batch_alter_table("handover", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handover_person_id"))

    op.drop_table("handover")
    with op.batch_alter_table("extension", schema=None) as batch_op:
        batch_op.drop_index("ix_extension_of")

    op.drop_table("extension")
    with op.batch_alter_table("cooperative_merge", schema=None) as batch_op:
        batch_op.drop_index("ix_cooperative_merge_of")
        batch_op.drop_index(
            "ix_cooperative_merge_live",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.drop_table("cooperative_merge")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_of")

    op.drop_table("contact")
    with op.batch_alter_table("clean_batch", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_clean_batch_open", sqlite_where=sa.text("is_open"), postgresql_where=sa.text("is_open")
        )

    op.drop_table("clean_batch")
    with op.batch_alter_table("kept_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_kept_form_expires_at"))

    op.drop_table("kept_form")
