"""Passkeys: keys that a device holds, in place of a code. And the indexes by which lists and searches cost the same of many."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


# As app.accounts.people_index and app.core.search_index had them when this was written.
MADE_ON_SQLITE = [
    "CREATE VIRTUAL TABLE search_user USING fts5(name, email, phone, content='user', content_rowid='id', tokenize='trigram')",
    "CREATE TRIGGER search_user_insert AFTER INSERT ON user BEGIN INSERT INTO search_user (rowid, name, email, phone) VALUES (new.id, new.name, new.email, new.phone); END",
    "CREATE TRIGGER search_user_delete AFTER DELETE ON user BEGIN INSERT INTO search_user (search_user, rowid, name, email, phone) VALUES ('delete', old.id, old.name, old.email, old.phone); END",
    "CREATE TRIGGER search_user_update AFTER UPDATE OF name, email, phone ON user BEGIN INSERT INTO search_user (search_user, rowid, name, email, phone) VALUES ('delete', old.id, old.name, old.email, old.phone); INSERT INTO search_user (rowid, name, email, phone) VALUES (new.id, new.name, new.email, new.phone); END",
    "INSERT INTO search_user (search_user) VALUES ('rebuild')",
]
MADE_ON_POSTGRESQL = [
    "CREATE INDEX ix_search_user ON \"user\" USING gin (trigrams(lower(name || ' ' || coalesce(email, '') || ' ' || coalesce(phone, ''))))",
    "CREATE INDEX ix_search_enterprise_first ON enterprise USING gin (trigrams(search_text)) WHERE id <= 65536",
]
REMOVED_ON_SQLITE = [
    "DROP TRIGGER IF EXISTS search_user_insert",
    "DROP TRIGGER IF EXISTS search_user_delete",
    "DROP TRIGGER IF EXISTS search_user_update",
    "DROP TABLE IF EXISTS search_user",
]
REMOVED_ON_POSTGRESQL = [
    "DROP INDEX IF EXISTS ix_search_user",
    "DROP INDEX IF EXISTS ix_search_enterprise_first",
]


def _search(on_sqlite: list[str], on_postgresql: list[str]) -> None:
    for statement in on_sqlite if op.get_bind().dialect.name == "sqlite" else on_postgresql:
        op.execute(sa.text(statement.replace(":", r"\:")))


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1364), nullable=False),
        sa.Column("public_key", sa.LargeBinary(), nullable=False),
        sa.Column("sign_count", sa.BigInteger(), nullable=False),
        sa.Column(
            "transports",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_passkey_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_user_id"), ["user_id"], unique=False)

    op.create_table(
        "passkey_challenge",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "add",
                "sign_in",
                "prove",
                name="passkeypurpose",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_passkey_challenge_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey_challenge")),
        sa.UniqueConstraint("digest", name=op.f("uq_passkey_challenge_digest")),
    )
    with op.batch_alter_table("passkey_challenge", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_challenge_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_passkey_challenge_user_id"), ["user_id"], unique=False)

    with op.batch_alter_table("cooperative", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cooperative_jenis_koperasi"))
        batch_op.drop_index(batch_op.f("ix_cooperative_last_rat"))
        batch_op.drop_index(batch_op.f("ix_cooperative_last_report_year"))
        batch_op.drop_index(batch_op.f("ix_cooperative_name"))
        batch_op.create_index(
            "ix_cooperative_name",
            [
                "listing",
                "name_key",
                "id",
                "kode_kecamatan",
                "kode_kelurahan",
                "jenis_koperasi",
                "kelompok_koperasi",
                "bentuk_koperasi",
                "last_rat",
                "dissolved_on",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_cooperative_by_age", ["listing", "tanggal_badan_hukum", "name_key", "id"], unique=False
        )
        batch_op.create_index(
            "ix_cooperative_by_form",
            [
                "listing",
                "bentuk_koperasi",
                "name_key",
                "id",
                "kode_kecamatan",
                "kode_kelurahan",
                "jenis_koperasi",
                "kelompok_koperasi",
                "last_rat",
                "dissolved_on",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_cooperative_by_group",
            [
                "listing",
                "kelompok_koperasi",
                "name_key",
                "id",
                "kode_kecamatan",
                "kode_kelurahan",
                "jenis_koperasi",
                "bentuk_koperasi",
                "last_rat",
                "dissolved_on",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_cooperative_by_kind",
            [
                "listing",
                "jenis_koperasi",
                "name_key",
                "id",
                "kode_kecamatan",
                "kode_kelurahan",
                "kelompok_koperasi",
                "bentuk_koperasi",
                "last_rat",
                "dissolved_on",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_cooperative_by_place",
            [
                "listing",
                "kode_kecamatan",
                "name_key",
                "id",
                "kode_kelurahan",
                "jenis_koperasi",
                "kelompok_koperasi",
                "bentuk_koperasi",
                "last_rat",
                "dissolved_on",
            ],
            unique=False,
        )
        batch_op.create_index(
            "ix_cooperative_by_rat", ["listing", "last_rat", "name_key", "id"], unique=False
        )
        batch_op.create_index(
            "ix_cooperative_by_report", ["listing", "last_report_year", "name_key", "id"], unique=False
        )
        batch_op.create_index("ix_cooperative_name_key", ["name_key", "id"], unique=False)

    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_traits"))
        batch_op.create_index(
            "ix_enterprise_traits", ["state", "traits", "confirmed_at", "map_key"], unique=False
        )

    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(sa.Column("ods_version", sa.Integer(), nullable=True))
        batch_op.drop_index(batch_op.f("ix_report_queue"), sqlite_where=sa.text("status = 'submitted'"))
        batch_op.create_index(
            "ix_report_queue",
            ["submitted_at", "id", "cooperative_id"],
            unique=False,
            sqlite_where=sa.text("status = 'submitted'"),
            postgresql_where=sa.text("status = 'submitted'"),
        )
        batch_op.drop_index(batch_op.f("ix_report_risk"), sqlite_where=sa.text("status = 'submitted'"))
        batch_op.create_index(
            "ix_report_risk",
            ["calm", "submitted_at", "id", "cooperative_id"],
            unique=False,
            sqlite_where=sa.text("status = 'submitted'"),
            postgresql_where=sa.text("status = 'submitted'"),
        )
        batch_op.create_index(
            "ix_report_ods_drifted",
            ["year", "cooperative_id"],
            unique=True,
            sqlite_where=sa.text(
                "ods_version IS NOT NULL AND (status <> 'approved' OR ods_version <> version)"
            ),
            postgresql_where=sa.text(
                "ods_version IS NOT NULL AND (status <> 'approved' OR ods_version <> version)"
            ),
        )
        batch_op.create_index(
            "ix_report_ods_entered",
            ["year", "status", "cooperative_id", "ods_version", "version"],
            unique=True,
            sqlite_where=sa.text("status = 'approved' AND ods_version = version"),
            postgresql_where=sa.text("status = 'approved' AND ods_version = version"),
        )
        batch_op.create_index(
            "ix_report_ods_open",
            ["year", "status", "cooperative_id", "ods_version"],
            unique=True,
            sqlite_where=sa.text("status = 'approved' AND ods_version IS NULL"),
            postgresql_where=sa.text("status = 'approved' AND ods_version IS NULL"),
        )

    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.create_index(
            "ix_user_inactive",
            ["name", "id"],
            unique=False,
            sqlite_where=sa.text("deactivated_at IS NOT NULL"),
            postgresql_where=sa.text("deactivated_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_user_invited",
            ["name", "id"],
            unique=False,
            sqlite_where=sa.text("deactivated_at IS NULL AND password_hash IS NULL"),
            postgresql_where=sa.text("deactivated_at IS NULL AND password_hash IS NULL"),
        )

    op.execute(
        "UPDATE report SET ods_version = (SELECT version FROM ods_entry WHERE ods_entry.report_id = report.id) "
        "WHERE id IN (SELECT report_id FROM ods_entry)"
    )
    _search(MADE_ON_SQLITE, MADE_ON_POSTGRESQL)


def downgrade() -> None:
    _search(REMOVED_ON_SQLITE, REMOVED_ON_POSTGRESQL)
    with op.batch_alter_table("user", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_user_invited",
            sqlite_where=sa.text("deactivated_at IS NULL AND password_hash IS NULL"),
            postgresql_where=sa.text("deactivated_at IS NULL AND password_hash IS NULL"),
        )
        batch_op.drop_index(
            "ix_user_inactive",
            sqlite_where=sa.text("deactivated_at IS NOT NULL"),
            postgresql_where=sa.text("deactivated_at IS NOT NULL"),
        )

    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_report_ods_open",
            sqlite_where=sa.text("status = 'approved' AND ods_version IS NULL"),
            postgresql_where=sa.text("status = 'approved' AND ods_version IS NULL"),
        )
        batch_op.drop_index(
            "ix_report_ods_entered",
            sqlite_where=sa.text("status = 'approved' AND ods_version = version"),
            postgresql_where=sa.text("status = 'approved' AND ods_version = version"),
        )
        batch_op.drop_index(
            "ix_report_ods_drifted",
            sqlite_where=sa.text(
                "ods_version IS NOT NULL AND (status <> 'approved' OR ods_version <> version)"
            ),
            postgresql_where=sa.text(
                "ods_version IS NOT NULL AND (status <> 'approved' OR ods_version <> version)"
            ),
        )
        batch_op.drop_index(
            "ix_report_risk",
            sqlite_where=sa.text("status = 'submitted'"),
            postgresql_where=sa.text("status = 'submitted'"),
        )
        batch_op.create_index(
            batch_op.f("ix_report_risk"),
            ["calm", "submitted_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'submitted'"),
        )
        batch_op.drop_index(
            "ix_report_queue",
            sqlite_where=sa.text("status = 'submitted'"),
            postgresql_where=sa.text("status = 'submitted'"),
        )
        batch_op.create_index(
            batch_op.f("ix_report_queue"),
            ["submitted_at", "id"],
            unique=False,
            sqlite_where=sa.text("status = 'submitted'"),
        )
        batch_op.drop_column("ods_version")

    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_traits")
        batch_op.create_index(
            batch_op.f("ix_enterprise_traits"), ["state", "traits", "confirmed_at"], unique=False
        )

    with op.batch_alter_table("cooperative", schema=None) as batch_op:
        batch_op.drop_index("ix_cooperative_name_key")
        batch_op.drop_index("ix_cooperative_by_report")
        batch_op.drop_index("ix_cooperative_by_rat")
        batch_op.drop_index("ix_cooperative_by_place")
        batch_op.drop_index("ix_cooperative_by_kind")
        batch_op.drop_index("ix_cooperative_by_group")
        batch_op.drop_index("ix_cooperative_by_form")
        batch_op.drop_index("ix_cooperative_by_age")
        batch_op.drop_index("ix_cooperative_name")
        batch_op.create_index(batch_op.f("ix_cooperative_name"), ["listing", "name_key", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_cooperative_last_report_year"), ["last_report_year"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cooperative_last_rat"), ["last_rat"], unique=False)
        batch_op.create_index(batch_op.f("ix_cooperative_jenis_koperasi"), ["jenis_koperasi"], unique=False)

    with op.batch_alter_table("passkey_challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_challenge_user_id"))
        batch_op.drop_index(batch_op.f("ix_passkey_challenge_expires_at"))

    op.drop_table("passkey_challenge")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_user_id"))

    op.drop_table("passkey")
