"""The clinic, second factors and sessions, backups on record, troubles counted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ATTEMPTS = ("sign_in", "code", "forgot")


def allow_attempts(*allowed: str) -> None:
    """The kinds of attempts that the pace is kept of."""
    names = ", ".join(f"'{one}'" for one in allowed)
    with op.batch_alter_table("attempt") as batch_op:
        batch_op.drop_constraint(op.f("ck_attempt_attemptkind"), type_="check")
        batch_op.create_check_constraint(op.f("ck_attempt_attemptkind"), f"kind IN ({names})")


def upgrade() -> None:
    allow_attempts(*ATTEMPTS, "second_step")
    op.create_table(
        "backup_drill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("backup", sa.String(length=120), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("newest_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "tables",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("passed", sa.Boolean(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.CheckConstraint("passed = (fault = '')", name=op.f("ck_backup_drill_fault")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backup_drill")),
    )
    op.create_table(
        "clinic_limits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("hold_minutes", sa.Integer(), nullable=False),
        sa.Column("max_open_per_person", sa.Integer(), nullable=False),
        sa.Column("cutoff_minutes", sa.Integer(), nullable=False),
        sa.Column("offer_minutes", sa.Integer(), nullable=False),
        sa.Column("days_ahead", sa.Integer(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_clinic_limits_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_limits")),
    )
    op.create_table(
        "clinic_rating",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column(
            "topic",
            sa.Enum(
                "legal",
                "governance",
                "finance",
                "marketing",
                "digital",
                "production",
                "export",
                name="topic",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("kode_kecamatan", sa.String(length=8), nullable=True),
        sa.Column("useful", sa.Integer(), nullable=False),
        sa.Column("clear", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.CheckConstraint("clear BETWEEN 1 AND 5", name=op.f("ck_clinic_rating_clear_in_range")),
        sa.CheckConstraint("useful BETWEEN 1 AND 5", name=op.f("ck_clinic_rating_useful_in_range")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_rating")),
    )
    with op.batch_alter_table("clinic_rating", schema=None) as batch_op:
        batch_op.create_index("ix_clinic_rating_month", ["month", "topic"], unique=False)

    op.create_table(
        "job_wish",
        sa.Column("job", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("job", name=op.f("pk_job_wish")),
    )
    op.create_table(
        "request_total",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_request_total")),
    )
    op.create_table(
        "trouble",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "error", "slow", name="troublekind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("page", sa.String(length=120), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("longest_ms", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_request", sa.String(length=16), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_trouble_some_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trouble")),
        sa.UniqueConstraint("day", "kind", "page", name=op.f("uq_trouble_day_kind_page")),
    )
    op.create_table(
        "clinic_consultant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column(
            "topics",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("feed_digest", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_clinic_consultant_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_consultant")),
        sa.UniqueConstraint("feed_digest", name=op.f("uq_clinic_consultant_feed_digest")),
        sa.UniqueConstraint("user_id", name=op.f("uq_clinic_consultant_user_id")),
    )
    op.create_table(
        "recovery_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_recovery_code_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_recovery_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_recovery_code_digest")),
    )
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_recovery_code_user_id"), ["user_id"], unique=False)

    op.create_table(
        "second_factor",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.String(length=200), nullable=True),
        sa.Column("waiting", sa.String(length=200), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_step", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_second_factor_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", name=op.f("pk_second_factor")),
    )
    op.create_table(
        "user_session",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("device", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_user_session_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_session")),
    )
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.create_index("ix_user_session_ends", ["ends_at"], unique=False)
        batch_op.create_index("ix_user_session_of", ["user_id", "id"], unique=False)

    op.create_table(
        "clinic_booking",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=10), nullable=False),
        sa.Column("form_key", sa.String(length=43), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("holder", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("consultant_id", sa.Integer(), nullable=True),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("timed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "held",
                "booked",
                "arrived",
                "running",
                "done",
                "missed",
                "cancelled",
                "expired",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "origin",
            sa.Enum(
                "web",
                "phone",
                "walk_in",
                "offer",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "topic",
            sa.Enum(
                "legal",
                "governance",
                "finance",
                "marketing",
                "digital",
                "production",
                "export",
                name="topic",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "office",
                "phone",
                "video",
                "visit",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kode_kecamatan", sa.String(length=8), nullable=True),
        sa.Column("cooperative_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.Column("report_id", sa.Integer(), nullable=True),
        sa.Column("question_code", sa.String(length=40), nullable=False),
        sa.Column("program_slug", sa.String(length=120), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_reason", sa.String(length=500), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("queue_day", sa.Date(), nullable=True),
        sa.Column("queue_number", sa.Integer(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("advice", sa.Text(), nullable=False),
        sa.Column("is_rated", sa.Boolean(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state <> 'held' OR expires_at IS NOT NULL", name=op.f("ck_clinic_booking_hold_expires")
        ),
        sa.CheckConstraint(
            "(queue_day IS NULL) = (queue_number IS NULL)", name=op.f("ck_clinic_booking_number_of_a_day")
        ),
        sa.CheckConstraint(
            "seat IS NULL OR (seat >= 0 AND consultant_id IS NOT NULL)",
            name=op.f("ck_clinic_booking_seat_of_somebody"),
        ),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_clinic_booking_in_order")),
        sa.ForeignKeyConstraint(
            ["consultant_id"],
            ["clinic_consultant.id"],
            name=op.f("fk_clinic_booking_consultant_id_clinic_consultant"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_clinic_booking_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_clinic_booking_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_clinic_booking_made_by_id_user")),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_clinic_booking_report_id_report"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_clinic_booking_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_booking")),
        sa.UniqueConstraint("form_key", name=op.f("uq_clinic_booking_form_key")),
        sa.UniqueConstraint(
            "queue_day", "queue_number", name=op.f("uq_clinic_booking_queue_day_queue_number")
        ),
        sa.UniqueConstraint("reference", name=op.f("uq_clinic_booking_reference")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_clinic_booking_token_digest")),
    )
    with op.batch_alter_table("clinic_booking", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_clinic_booking_cooperative_id"), ["cooperative_id"], unique=False
        )
        batch_op.create_index("ix_clinic_booking_day", ["consultant_id", "starts_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_booking_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_booking_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index("ix_clinic_booking_phone", ["phone", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_booking_report_id"), ["report_id"], unique=False)
        batch_op.create_index("ix_clinic_booking_start", ["starts_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_booking_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_clinic_booking_seat",
            ["consultant_id", "starts_at", "seat"],
            unique=True,
            sqlite_where=sa.text("state IN ('held', 'booked', 'arrived', 'running')"),
            postgresql_where=sa.text("state IN ('held', 'booked', 'arrived', 'running')"),
        )

    op.create_table(
        "clinic_closure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultant_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("from_minute", sa.Integer(), nullable=True),
        sa.Column("until_minute", sa.Integer(), nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "closed",
                "leave",
                "open",
                name="closurekind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(from_minute IS NULL) = (until_minute IS NULL)", name=op.f("ck_clinic_closure_both_minutes")
        ),
        sa.CheckConstraint(
            "from_minute IS NULL OR from_minute < until_minute",
            name=op.f("ck_clinic_closure_minutes_in_order"),
        ),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_clinic_closure_days_in_order")),
        sa.ForeignKeyConstraint(
            ["consultant_id"],
            ["clinic_consultant.id"],
            name=op.f("fk_clinic_closure_consultant_id_clinic_consultant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_closure")),
    )
    with op.batch_alter_table("clinic_closure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_closure_consultant_id"), ["consultant_id"], unique=False)
        batch_op.create_index("ix_clinic_closure_days", ["ends_on", "starts_on"], unique=False)

    op.create_table(
        "clinic_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("consultant_id", sa.Integer(), nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=True),
        sa.Column("on_date", sa.Date(), nullable=True),
        sa.Column("starts", sa.Integer(), nullable=False),
        sa.Column("ends", sa.Integer(), nullable=False),
        sa.Column("slot_minutes", sa.Integer(), nullable=False),
        sa.Column("buffer_minutes", sa.Integer(), nullable=False),
        sa.Column(
            "channels",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "topics",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("kode_kelurahan", sa.String(length=13), nullable=True),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_until", sa.Date(), nullable=True),
        sa.CheckConstraint(
            "(weekday IS NULL) <> (on_date IS NULL)", name=op.f("ck_clinic_hours_weekly_or_dated")
        ),
        sa.CheckConstraint("buffer_minutes BETWEEN 0 AND 240", name=op.f("ck_clinic_hours_buffer_in_range")),
        sa.CheckConstraint("capacity BETWEEN 1 AND 200", name=op.f("ck_clinic_hours_capacity_in_range")),
        sa.CheckConstraint("slot_minutes BETWEEN 5 AND 480", name=op.f("ck_clinic_hours_slot_in_range")),
        sa.CheckConstraint(
            "starts >= 0 AND starts < ends AND ends <= 1440", name=op.f("ck_clinic_hours_within_a_day")
        ),
        sa.CheckConstraint(
            "valid_until IS NULL OR valid_until >= valid_from", name=op.f("ck_clinic_hours_valid_in_order")
        ),
        sa.CheckConstraint(
            "weekday IS NULL OR weekday BETWEEN 0 AND 6", name=op.f("ck_clinic_hours_weekday_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["consultant_id"],
            ["clinic_consultant.id"],
            name=op.f("fk_clinic_hours_consultant_id_clinic_consultant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_hours")),
    )
    with op.batch_alter_table("clinic_hours", schema=None) as batch_op:
        batch_op.create_index("ix_clinic_hours_of", ["consultant_id", "weekday", "on_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_hours_on_date"), ["on_date"], unique=False)

    op.create_table(
        "clinic_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "booked",
                "moved",
                "confirmed",
                "cancelled",
                "arrived",
                "called",
                "started",
                "finished",
                "missed",
                "reopened",
                "noted",
                "advised",
                "followed",
                "reminded",
                "rated",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "detail",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("by_user_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["clinic_booking.id"],
            name=op.f("fk_clinic_event_booking_id_clinic_booking"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["by_user_id"], ["user.id"], name=op.f("fk_clinic_event_by_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_event")),
    )
    with op.batch_alter_table("clinic_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_event_by_user_id"), ["by_user_id"], unique=False)
        batch_op.create_index("ix_clinic_event_of", ["booking_id", "id"], unique=False)

    op.create_table(
        "clinic_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(length=500), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column(
            "owner",
            sa.Enum(
                "visitor",
                "office",
                name="followupowner",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["clinic_booking.id"],
            name=op.f("fk_clinic_follow_up_booking_id_clinic_booking"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_clinic_follow_up_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_follow_up")),
    )
    with op.batch_alter_table("clinic_follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_follow_up_due_on"), ["due_on"], unique=False)
        batch_op.create_index("ix_clinic_follow_up_of", ["booking_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_follow_up_user_id"), ["user_id"], unique=False)

    op.create_table(
        "clinic_reminder",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "day", "hours", name="reminderkind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handed_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["booking_id"],
            ["clinic_booking.id"],
            name=op.f("fk_clinic_reminder_booking_id_clinic_booking"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["handed_by_id"], ["user.id"], name=op.f("fk_clinic_reminder_handed_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_reminder")),
        sa.UniqueConstraint(
            "booking_id", "kind", "starts_at", name=op.f("uq_clinic_reminder_booking_id_kind_starts_at")
        ),
    )
    with op.batch_alter_table("clinic_reminder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_reminder_handed_by_id"), ["handed_by_id"], unique=False)

    op.create_table(
        "clinic_waiting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("form_key", sa.String(length=43), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "offered",
                "taken",
                "left",
                "lapsed",
                name="waitstate",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "topic",
            sa.Enum(
                "legal",
                "governance",
                "finance",
                "marketing",
                "digital",
                "production",
                "export",
                name="topic",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("consultant_id", sa.Integer(), nullable=True),
        sa.Column(
            "channel",
            sa.Enum(
                "office",
                "phone",
                "video",
                "visit",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("kode_kecamatan", sa.String(length=8), nullable=True),
        sa.Column("cooperative_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "state <> 'offered' OR booking_id IS NOT NULL", name=op.f("ck_clinic_waiting_offered_a_seat")
        ),
        sa.ForeignKeyConstraint(
            ["booking_id"], ["clinic_booking.id"], name=op.f("fk_clinic_waiting_booking_id_clinic_booking")
        ),
        sa.ForeignKeyConstraint(
            ["consultant_id"],
            ["clinic_consultant.id"],
            name=op.f("fk_clinic_waiting_consultant_id_clinic_consultant"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_clinic_waiting_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_clinic_waiting_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["user.id"], name=op.f("fk_clinic_waiting_made_by_id_user")),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_clinic_waiting_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clinic_waiting")),
        sa.UniqueConstraint("form_key", name=op.f("uq_clinic_waiting_form_key")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_clinic_waiting_token_digest")),
    )
    with op.batch_alter_table("clinic_waiting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_clinic_waiting_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_waiting_consultant_id"), ["consultant_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_clinic_waiting_cooperative_id"), ["cooperative_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_clinic_waiting_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(
            "ix_clinic_waiting_line",
            ["joined_at", "id"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'offered')"),
            postgresql_where=sa.text("state IN ('waiting', 'offered')"),
        )
        batch_op.create_index(batch_op.f("ix_clinic_waiting_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index("ix_clinic_waiting_phone", ["phone", "state"], unique=False)
        batch_op.create_index(batch_op.f("ix_clinic_waiting_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erasure_asked_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("two_step_since", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.execute("DELETE FROM attempt WHERE kind = 'second_step'")
    allow_attempts(*ATTEMPTS)
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_column("two_step_since")
        batch_op.drop_column("erasure_asked_at")

    with op.batch_alter_table("clinic_waiting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_waiting_user_id"))
        batch_op.drop_index("ix_clinic_waiting_phone")
        batch_op.drop_index(batch_op.f("ix_clinic_waiting_made_by_id"))
        batch_op.drop_index(
            "ix_clinic_waiting_line",
            sqlite_where=sa.text("state IN ('waiting', 'offered')"),
            postgresql_where=sa.text("state IN ('waiting', 'offered')"),
        )
        batch_op.drop_index(batch_op.f("ix_clinic_waiting_enterprise_id"))
        batch_op.drop_index(batch_op.f("ix_clinic_waiting_cooperative_id"))
        batch_op.drop_index(batch_op.f("ix_clinic_waiting_consultant_id"))
        batch_op.drop_index(batch_op.f("ix_clinic_waiting_booking_id"))

    op.drop_table("clinic_waiting")
    with op.batch_alter_table("clinic_reminder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_reminder_handed_by_id"))

    op.drop_table("clinic_reminder")
    with op.batch_alter_table("clinic_follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_follow_up_user_id"))
        batch_op.drop_index("ix_clinic_follow_up_of")
        batch_op.drop_index(batch_op.f("ix_clinic_follow_up_due_on"))

    op.drop_table("clinic_follow_up")
    with op.batch_alter_table("clinic_event", schema=None) as batch_op:
        batch_op.drop_index("ix_clinic_event_of")
        batch_op.drop_index(batch_op.f("ix_clinic_event_by_user_id"))

    op.drop_table("clinic_event")
    with op.batch_alter_table("clinic_hours", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_clinic_hours_on_date"))
        batch_op.drop_index("ix_clinic_hours_of")

    op.drop_table("clinic_hours")
    with op.batch_alter_table("clinic_closure", schema=None) as batch_op:
        batch_op.drop_index("ix_clinic_closure_days")
        batch_op.drop_index(batch_op.f("ix_clinic_closure_consultant_id"))

    op.drop_table("clinic_closure")
    with op.batch_alter_table("clinic_booking", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_clinic_booking_seat",
            sqlite_where=sa.text("state IN ('held', 'booked', 'arrived', 'running')"),
            postgresql_where=sa.text("state IN ('held', 'booked', 'arrived', 'running')"),
        )
        batch_op.drop_index(batch_op.f("ix_clinic_booking_user_id"))
        batch_op.drop_index("ix_clinic_booking_start")
        batch_op.drop_index(batch_op.f("ix_clinic_booking_report_id"))
        batch_op.drop_index("ix_clinic_booking_phone")
        batch_op.drop_index(batch_op.f("ix_clinic_booking_made_by_id"))
        batch_op.drop_index(batch_op.f("ix_clinic_booking_enterprise_id"))
        batch_op.drop_index("ix_clinic_booking_day")
        batch_op.drop_index(batch_op.f("ix_clinic_booking_cooperative_id"))

    op.drop_table("clinic_booking")
    with op.batch_alter_table("user_session", schema=None) as batch_op:
        batch_op.drop_index("ix_user_session_of")
        batch_op.drop_index("ix_user_session_ends")

    op.drop_table("user_session")
    op.drop_table("second_factor")
    with op.batch_alter_table("recovery_code", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_recovery_code_user_id"))

    op.drop_table("recovery_code")
    op.drop_table("clinic_consultant")
    op.drop_table("trouble")
    op.drop_table("request_total")
    op.drop_table("job_wish")
    with op.batch_alter_table("clinic_rating", schema=None) as batch_op:
        batch_op.drop_index("ix_clinic_rating_month")

    op.drop_table("clinic_rating")
    op.drop_table("clinic_limits")
    op.drop_table("backup_drill")
