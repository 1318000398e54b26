"""Passkeys: keys that a device holds, in place of a code. And an index for each order of the list of cooperatives."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


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
        batch_op.drop_index(batch_op.f("ix_cooperative_last_rat"))
        batch_op.drop_index(batch_op.f("ix_cooperative_last_report_year"))
        batch_op.create_index(
            "ix_cooperative_by_age", ["listing", "tanggal_badan_hukum", "name_key", "id"], unique=False
        )
        batch_op.create_index(
            "ix_cooperative_by_place", ["listing", "kode_kecamatan", "name_key", "id"], unique=False
        )
        batch_op.create_index(
            "ix_cooperative_by_rat", ["listing", "last_rat", "name_key", "id"], unique=False
        )
        batch_op.create_index(
            "ix_cooperative_by_report", ["listing", "last_report_year", "name_key", "id"], unique=False
        )
        batch_op.create_index("ix_cooperative_name_key", ["name_key", "id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("cooperative", schema=None) as batch_op:
        batch_op.drop_index("ix_cooperative_name_key")
        batch_op.drop_index("ix_cooperative_by_report")
        batch_op.drop_index("ix_cooperative_by_rat")
        batch_op.drop_index("ix_cooperative_by_place")
        batch_op.drop_index("ix_cooperative_by_age")
        batch_op.create_index(
            batch_op.f("ix_cooperative_last_report_year"), ["last_report_year"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_cooperative_last_rat"), ["last_rat"], unique=False)

    with op.batch_alter_table("passkey_challenge", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_challenge_user_id"))
        batch_op.drop_index(batch_op.f("ix_passkey_challenge_expires_at"))

    op.drop_table("passkey_challenge")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_user_id"))

    op.drop_table("passkey")
