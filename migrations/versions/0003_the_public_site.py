"""The public site: programmes and applications, service pages, requests, the UKM register, files, messages, visits."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# The search indexes stand beside their tables: FTS5 with its triggers on SQLite, an index over trigrams on PostgreSQL.
SEARCH_MADE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE search_program USING fts5(search_text, content='program', content_rowid='id', tokenize='trigram')",
        "CREATE TABLE search_program_word (id integer PRIMARY KEY, word text NOT NULL UNIQUE)",
        "CREATE TRIGGER search_program_insert AFTER INSERT ON program BEGIN INSERT INTO search_program (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_program_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE TRIGGER search_program_delete AFTER DELETE ON program BEGIN INSERT INTO search_program (search_program, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
        "CREATE TRIGGER search_program_update AFTER UPDATE OF search_text ON program BEGIN INSERT INTO search_program (search_program, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO search_program (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_program_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE VIRTUAL TABLE search_content_page USING fts5(search_text, content='content_page', content_rowid='id', tokenize='trigram')",
        "CREATE TABLE search_content_page_word (id integer PRIMARY KEY, word text NOT NULL UNIQUE)",
        "CREATE TRIGGER search_content_page_insert AFTER INSERT ON content_page BEGIN INSERT INTO search_content_page (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_content_page_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE TRIGGER search_content_page_delete AFTER DELETE ON content_page BEGIN INSERT INTO search_content_page (search_content_page, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
        "CREATE TRIGGER search_content_page_update AFTER UPDATE OF search_text ON content_page BEGIN INSERT INTO search_content_page (search_content_page, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO search_content_page (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_content_page_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE VIRTUAL TABLE search_service_request USING fts5(search_text, content='service_request', content_rowid='id', tokenize='trigram')",
        "CREATE TABLE search_service_request_word (id integer PRIMARY KEY, word text NOT NULL UNIQUE)",
        "CREATE TRIGGER search_service_request_insert AFTER INSERT ON service_request BEGIN INSERT INTO search_service_request (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_service_request_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE TRIGGER search_service_request_delete AFTER DELETE ON service_request BEGIN INSERT INTO search_service_request (search_service_request, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
        "CREATE TRIGGER search_service_request_update AFTER UPDATE OF search_text ON service_request BEGIN INSERT INTO search_service_request (search_service_request, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO search_service_request (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_service_request_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE VIRTUAL TABLE search_enterprise USING fts5(search_text, content='enterprise', content_rowid='id', tokenize='trigram')",
        "CREATE TABLE search_enterprise_word (id integer PRIMARY KEY, word text NOT NULL UNIQUE)",
        "CREATE TRIGGER search_enterprise_insert AFTER INSERT ON enterprise BEGIN INSERT INTO search_enterprise (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_enterprise_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE TRIGGER search_enterprise_delete AFTER DELETE ON enterprise BEGIN INSERT INTO search_enterprise (search_enterprise, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
        "CREATE TRIGGER search_enterprise_update AFTER UPDATE OF search_text ON enterprise BEGIN INSERT INTO search_enterprise (search_enterprise, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO search_enterprise (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_enterprise_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE VIRTUAL TABLE search_enterprise_index USING fts5(search_text, content='enterprise_index', content_rowid='id', tokenize='trigram')",
        "CREATE TABLE search_enterprise_index_word (id integer PRIMARY KEY, word text NOT NULL UNIQUE)",
        "CREATE TRIGGER search_enterprise_index_insert AFTER INSERT ON enterprise_index BEGIN INSERT INTO search_enterprise_index (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_enterprise_index_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
        "CREATE TRIGGER search_enterprise_index_delete AFTER DELETE ON enterprise_index BEGIN INSERT INTO search_enterprise_index (search_enterprise_index, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
        "CREATE TRIGGER search_enterprise_index_update AFTER UPDATE OF search_text ON enterprise_index BEGIN INSERT INTO search_enterprise_index (search_enterprise_index, rowid, search_text) VALUES ('delete', old.id, old.search_text); INSERT INTO search_enterprise_index (rowid, search_text) VALUES (new.id, new.search_text); INSERT INTO search_enterprise_index_word (word) SELECT DISTINCT value FROM json_each('[' || replace(json_quote(replace(new.search_text, char(10), ' ')), ' ', '\",\"') || ']') WHERE length(value) > 2 AND value NOT GLOB '*[^a-z]*' ON CONFLICT (word) DO NOTHING; END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION trigrams(t text) RETURNS text[]\nLANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS\n$$ SELECT coalesce(array_agg(DISTINCT substr(t, i, 3)), '{}') FROM generate_series(1, length(t) - 2) i $$",
        "CREATE INDEX ix_search_program ON program USING gin (trigrams(search_text))",
        'CREATE TABLE search_program_word (id bigserial PRIMARY KEY, word text COLLATE "C" NOT NULL UNIQUE)',
        "CREATE OR REPLACE FUNCTION search_program_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO search_program_word (word) SELECT DISTINCT w FROM fresh, unnest(string_to_array(translate(fresh.search_text, E'\\n', ' '), ' ')) w WHERE w ~ '^[a-z]{3,}$' AND NOT EXISTS (SELECT FROM search_program_word known WHERE known.word = w) ORDER BY w ON CONFLICT (word) DO NOTHING; RETURN NULL; END $$",
        "CREATE TRIGGER search_program_words_insert AFTER INSERT ON program REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_program_words()",
        "CREATE TRIGGER search_program_words_update AFTER UPDATE ON program REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_program_words()",
        "CREATE OR REPLACE FUNCTION trigrams(t text) RETURNS text[]\nLANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS\n$$ SELECT coalesce(array_agg(DISTINCT substr(t, i, 3)), '{}') FROM generate_series(1, length(t) - 2) i $$",
        "CREATE INDEX ix_search_content_page ON content_page USING gin (trigrams(search_text))",
        'CREATE TABLE search_content_page_word (id bigserial PRIMARY KEY, word text COLLATE "C" NOT NULL UNIQUE)',
        "CREATE OR REPLACE FUNCTION search_content_page_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO search_content_page_word (word) SELECT DISTINCT w FROM fresh, unnest(string_to_array(translate(fresh.search_text, E'\\n', ' '), ' ')) w WHERE w ~ '^[a-z]{3,}$' AND NOT EXISTS (SELECT FROM search_content_page_word known WHERE known.word = w) ORDER BY w ON CONFLICT (word) DO NOTHING; RETURN NULL; END $$",
        "CREATE TRIGGER search_content_page_words_insert AFTER INSERT ON content_page REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_content_page_words()",
        "CREATE TRIGGER search_content_page_words_update AFTER UPDATE ON content_page REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_content_page_words()",
        "CREATE OR REPLACE FUNCTION trigrams(t text) RETURNS text[]\nLANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS\n$$ SELECT coalesce(array_agg(DISTINCT substr(t, i, 3)), '{}') FROM generate_series(1, length(t) - 2) i $$",
        "CREATE INDEX ix_search_service_request ON service_request USING gin (trigrams(search_text))",
        'CREATE TABLE search_service_request_word (id bigserial PRIMARY KEY, word text COLLATE "C" NOT NULL UNIQUE)',
        "CREATE OR REPLACE FUNCTION search_service_request_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO search_service_request_word (word) SELECT DISTINCT w FROM fresh, unnest(string_to_array(translate(fresh.search_text, E'\\n', ' '), ' ')) w WHERE w ~ '^[a-z]{3,}$' AND NOT EXISTS (SELECT FROM search_service_request_word known WHERE known.word = w) ORDER BY w ON CONFLICT (word) DO NOTHING; RETURN NULL; END $$",
        "CREATE TRIGGER search_service_request_words_insert AFTER INSERT ON service_request REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_service_request_words()",
        "CREATE TRIGGER search_service_request_words_update AFTER UPDATE ON service_request REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_service_request_words()",
        "CREATE OR REPLACE FUNCTION trigrams(t text) RETURNS text[]\nLANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS\n$$ SELECT coalesce(array_agg(DISTINCT substr(t, i, 3)), '{}') FROM generate_series(1, length(t) - 2) i $$",
        "CREATE INDEX ix_search_enterprise ON enterprise USING gin (trigrams(search_text))",
        'CREATE TABLE search_enterprise_word (id bigserial PRIMARY KEY, word text COLLATE "C" NOT NULL UNIQUE)',
        "CREATE OR REPLACE FUNCTION search_enterprise_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO search_enterprise_word (word) SELECT DISTINCT w FROM fresh, unnest(string_to_array(translate(fresh.search_text, E'\\n', ' '), ' ')) w WHERE w ~ '^[a-z]{3,}$' AND NOT EXISTS (SELECT FROM search_enterprise_word known WHERE known.word = w) ORDER BY w ON CONFLICT (word) DO NOTHING; RETURN NULL; END $$",
        "CREATE TRIGGER search_enterprise_words_insert AFTER INSERT ON enterprise REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_enterprise_words()",
        "CREATE TRIGGER search_enterprise_words_update AFTER UPDATE ON enterprise REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_enterprise_words()",
        "CREATE OR REPLACE FUNCTION trigrams(t text) RETURNS text[]\nLANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE COST 10000 AS\n$$ SELECT coalesce(array_agg(DISTINCT substr(t, i, 3)), '{}') FROM generate_series(1, length(t) - 2) i $$",
        "CREATE INDEX ix_search_enterprise_index ON enterprise_index USING gin (trigrams(search_text))",
        'CREATE TABLE search_enterprise_index_word (id bigserial PRIMARY KEY, word text COLLATE "C" NOT NULL UNIQUE)',
        "CREATE OR REPLACE FUNCTION search_enterprise_index_words() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO search_enterprise_index_word (word) SELECT DISTINCT w FROM fresh, unnest(string_to_array(translate(fresh.search_text, E'\\n', ' '), ' ')) w WHERE w ~ '^[a-z]{3,}$' AND NOT EXISTS (SELECT FROM search_enterprise_index_word known WHERE known.word = w) ORDER BY w ON CONFLICT (word) DO NOTHING; RETURN NULL; END $$",
        "CREATE TRIGGER search_enterprise_index_words_insert AFTER INSERT ON enterprise_index REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_enterprise_index_words()",
        "CREATE TRIGGER search_enterprise_index_words_update AFTER UPDATE ON enterprise_index REFERENCING NEW TABLE AS fresh FOR EACH STATEMENT EXECUTE FUNCTION search_enterprise_index_words()",
    ),
}
SEARCH_GONE = {
    "sqlite": (
        "DROP TRIGGER IF EXISTS search_enterprise_index_insert",
        "DROP TRIGGER IF EXISTS search_enterprise_index_delete",
        "DROP TRIGGER IF EXISTS search_enterprise_index_update",
        "DROP TABLE IF EXISTS search_enterprise_index",
        "DROP TABLE IF EXISTS search_enterprise_index_word",
        "DROP TRIGGER IF EXISTS search_enterprise_insert",
        "DROP TRIGGER IF EXISTS search_enterprise_delete",
        "DROP TRIGGER IF EXISTS search_enterprise_update",
        "DROP TABLE IF EXISTS search_enterprise",
        "DROP TABLE IF EXISTS search_enterprise_word",
        "DROP TRIGGER IF EXISTS search_service_request_insert",
        "DROP TRIGGER IF EXISTS search_service_request_delete",
        "DROP TRIGGER IF EXISTS search_service_request_update",
        "DROP TABLE IF EXISTS search_service_request",
        "DROP TABLE IF EXISTS search_service_request_word",
        "DROP TRIGGER IF EXISTS search_content_page_insert",
        "DROP TRIGGER IF EXISTS search_content_page_delete",
        "DROP TRIGGER IF EXISTS search_content_page_update",
        "DROP TABLE IF EXISTS search_content_page",
        "DROP TABLE IF EXISTS search_content_page_word",
        "DROP TRIGGER IF EXISTS search_program_insert",
        "DROP TRIGGER IF EXISTS search_program_delete",
        "DROP TRIGGER IF EXISTS search_program_update",
        "DROP TABLE IF EXISTS search_program",
        "DROP TABLE IF EXISTS search_program_word",
    ),
    "postgresql": (
        "DROP INDEX IF EXISTS ix_search_enterprise_index",
        "DROP FUNCTION IF EXISTS search_enterprise_index_words() CASCADE",
        "DROP TABLE IF EXISTS search_enterprise_index_word",
        "DROP INDEX IF EXISTS ix_search_enterprise",
        "DROP FUNCTION IF EXISTS search_enterprise_words() CASCADE",
        "DROP TABLE IF EXISTS search_enterprise_word",
        "DROP INDEX IF EXISTS ix_search_service_request",
        "DROP FUNCTION IF EXISTS search_service_request_words() CASCADE",
        "DROP TABLE IF EXISTS search_service_request_word",
        "DROP INDEX IF EXISTS ix_search_content_page",
        "DROP FUNCTION IF EXISTS search_content_page_words() CASCADE",
        "DROP TABLE IF EXISTS search_content_page_word",
        "DROP INDEX IF EXISTS ix_search_program",
        "DROP FUNCTION IF EXISTS search_program_words() CASCADE",
        "DROP TABLE IF EXISTS search_program_word",
    ),
}


def upgrade() -> None:
    op.create_table(
        "missed_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.String(length=60), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("times > 0", name=op.f("ck_missed_search_some_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_missed_search")),
        sa.UniqueConstraint("day", "words", "is_demo", name=op.f("uq_missed_search_day_words_is_demo")),
    )
    op.create_table(
        "page_title",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page", sa.String(length=160), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_title")),
        sa.UniqueConstraint("page", name=op.f("uq_page_title_page")),
    )
    op.create_table(
        "request_series",
        sa.Column("series", sa.String(length=8), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name=op.f("pk_request_series")),
    )
    op.create_table(
        "service_term",
        sa.Column("service_slug", sa.String(length=120), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("days BETWEEN 1 AND 250", name=op.f("ck_service_term_days_in_range")),
        sa.PrimaryKeyConstraint("service_slug", name=op.f("pk_service_term")),
    )
    op.create_table(
        "visit_count",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("page", sa.String(length=160), nullable=False),
        sa.Column(
            "device",
            sa.Enum("phone", "desk", name="device", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column(
            "source",
            sa.Enum(
                "inside",
                "direct",
                "search",
                "whatsapp",
                "social",
                "other",
                name="source",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.CheckConstraint("visits > 0", name=op.f("ck_visit_count_some_visits")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_count")),
        sa.UniqueConstraint(
            "day",
            "page",
            "device",
            "source",
            "language",
            "is_demo",
            name=op.f("uq_visit_count_day_page_device_source_language_is_demo"),
        ),
    )
    op.create_table(
        "contact_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "inbox",
                "email",
                "whatsapp",
                name="contactchannel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "granted_at IS NOT NULL OR revoked_at IS NOT NULL", name=op.f("ck_contact_consent_yes_or_no")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_contact_consent_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_consent")),
    )
    with op.batch_alter_table("contact_consent", schema=None) as batch_op:
        batch_op.create_index("ix_contact_consent_of", ["user_id", "purpose", "id"], unique=False)
        batch_op.create_index("ix_contact_consent_purpose", ["purpose", "channel", "user_id"], unique=False)
        batch_op.create_index(
            "uq_contact_consent_live",
            ["user_id", "purpose", "channel"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.create_table(
        "content_page",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "service",
                "news",
                "about",
                "information",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("section", sa.String(length=24), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "published",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("seed", sa.String(length=80), nullable=True),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "details",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("title_en", sa.String(length=200), nullable=False),
        sa.Column("summary_en", sa.Text(), nullable=False),
        sa.Column("body_en", sa.Text(), nullable=False),
        sa.Column(
            "details_en",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("english_behind", sa.Boolean(), nullable=False),
        sa.Column(
            "check_with_office",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("review_every_days", sa.Integer(), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.Integer(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("links_checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_by", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(kind = 'service' AND section IN ('legal', 'business', 'capital', 'information', 'programs', 'clinic')) OR (kind = 'about' AND section IN ('profile', 'vision', 'structure', 'people', 'hours', 'accessibility')) OR (kind = 'information' AND section IN ('berkala', 'serta_merta', 'setiap_saat', 'dikecualikan')) OR (kind = 'news' AND section IN (''))",
            name=op.f("ck_content_page_section_of_its_kind"),
        ),
        sa.CheckConstraint(
            "state <> 'published' OR publish_at IS NOT NULL", name=op.f("ck_content_page_published_at_a_time")
        ),
        sa.CheckConstraint(
            "review_every_days IS NULL OR review_every_days BETWEEN 1 AND 1095",
            name=op.f("ck_content_page_reviewed_in_time"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by_id"], ["user.id"], name=op.f("fk_content_page_checked_by_id_user")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["user.id"], name=op.f("fk_content_page_owner_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_page")),
        sa.UniqueConstraint("kind", "slug", name=op.f("uq_content_page_kind_slug")),
    )
    with op.batch_alter_table("content_page", schema=None) as batch_op:
        batch_op.create_index("ix_content_page_due", ["due_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_content_page_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index("ix_content_page_public", ["kind", "state", "publish_at", "id"], unique=False)

    op.create_table(
        "enterprise",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "waiting",
                "returned",
                "listed",
                "hidden",
                "merged",
                "deleted",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "origin",
            sa.Enum(
                "owner",
                "caller",
                "visitor",
                "import",
                name="origin",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("return_reason", sa.Text(), nullable=False),
        sa.Column("source_id", sa.String(length=120), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "name_key",
            sa.String(length=200).with_variant(sa.String(length=200, collation="C"), "postgresql"),
            nullable=False,
        ),
        sa.Column("owner_name", sa.String(length=200), nullable=True),
        sa.Column("owner_key", sa.String(length=200), nullable=True),
        sa.Column("owner_phone", sa.String(length=20), nullable=True),
        sa.Column("owner_email", sa.String(length=254), nullable=True),
        sa.Column("products", sa.Text(), nullable=False),
        sa.Column("activity", sa.String(length=40), nullable=True),
        sa.Column("sector", sa.String(length=1), nullable=True),
        sa.Column("sector_version", sa.String(length=4), nullable=True),
        sa.Column("kode_kelurahan", sa.String(length=13), nullable=True),
        sa.Column("kode_kecamatan", sa.String(length=8), nullable=True),
        sa.Column("address", sa.Text(), nullable=True),
        sa.Column("latitude", sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
        sa.Column("longitude", sa.Numeric(precision=9, scale=6, asdecimal=False), nullable=True),
        sa.Column(
            "point_precision",
            sa.Enum(
                "exact",
                "kelurahan",
                "kecamatan",
                name="precision",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("legal_form", sa.String(length=40), nullable=True),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("workers_men", sa.Integer(), nullable=True),
        sa.Column("workers_women", sa.Integer(), nullable=True),
        sa.Column("sales_band", sa.String(length=40), nullable=True),
        sa.Column("capital_band", sa.String(length=40), nullable=True),
        sa.Column(
            "size_class",
            sa.Enum(
                "mikro",
                "kecil",
                "menengah",
                name="sizeclass",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column(
            "class_criterion",
            sa.Enum(
                "sales", "capital", name="sizecriterion", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("has_nib", sa.Boolean(), nullable=True),
        sa.Column("nib", sa.String(length=13), nullable=True),
        sa.Column(
            "digital",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "infrastructure",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("owner_age_band", sa.String(length=40), nullable=True),
        sa.Column("owner_sex", sa.String(length=40), nullable=True),
        sa.Column("owner_education", sa.String(length=40), nullable=True),
        sa.Column("owner_disability", sa.String(length=40), nullable=True),
        sa.Column(
            "funding",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "needs",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("cooperative_id", sa.Integer(), nullable=True),
        sa.Column(
            "contacts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "opening_hours",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "state <> 'returned' OR return_reason <> ''", name=op.f("ck_enterprise_returned_with_a_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('listed', 'hidden') OR confirmed_at IS NOT NULL",
            name=op.f("ck_enterprise_confirmed_once"),
        ),
        sa.CheckConstraint(
            "(latitude IS NULL) = (longitude IS NULL)", name=op.f("ck_enterprise_point_of_two")
        ),
        sa.CheckConstraint(
            "(sector IS NULL) = (sector_version IS NULL)", name=op.f("ck_enterprise_sector_of_version")
        ),
        sa.CheckConstraint(
            "(size_class IS NULL) = (class_criterion IS NULL)", name=op.f("ck_enterprise_class_by_criterion")
        ),
        sa.CheckConstraint(
            "kode_kelurahan IS NULL OR kode_kecamatan = substr(kode_kelurahan, 1, 8)",
            name=op.f("ck_enterprise_kelurahan_within"),
        ),
        sa.CheckConstraint(
            "latitude IS NULL OR latitude BETWEEN -90 AND 90", name=op.f("ck_enterprise_latitude_on_earth")
        ),
        sa.CheckConstraint(
            "longitude IS NULL OR longitude BETWEEN -180 AND 180",
            name=op.f("ck_enterprise_longitude_on_earth"),
        ),
        sa.CheckConstraint("nib IS NULL OR has_nib", name=op.f("ck_enterprise_nib_is_had")),
        sa.CheckConstraint("nib IS NULL OR length(nib) = 13", name=op.f("ck_enterprise_nib_of_13_digits")),
        sa.CheckConstraint(
            "workers_men >= 0 AND workers_women >= 0", name=op.f("ck_enterprise_workers_counted")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_enterprise_cooperative_id_cooperative")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
        sa.UniqueConstraint("slug", name=op.f("uq_enterprise_slug")),
    )
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.create_index("ix_enterprise_activity", ["state", "activity", "confirmed_at"], unique=False)
        batch_op.create_index("ix_enterprise_class", ["state", "size_class", "confirmed_at"], unique=False)
        batch_op.create_index("ix_enterprise_confirmed", ["state", "confirmed_at", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_enterprise_cooperative_id"), ["cooperative_id"], unique=False)
        batch_op.create_index("ix_enterprise_kelurahan", ["kode_kelurahan"], unique=False)
        batch_op.create_index("ix_enterprise_name", ["state", "name_key", "id"], unique=False)
        batch_op.create_index("ix_enterprise_owner_key", ["owner_key"], unique=False)
        batch_op.create_index("ix_enterprise_owner_phone", ["owner_phone"], unique=False)
        batch_op.create_index(
            "ix_enterprise_place", ["state", "kode_kecamatan", "confirmed_at"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_enterprise_region"), ["region"], unique=False)
        batch_op.create_index(
            "ix_enterprise_waiting",
            ["submitted_at", "id"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "inbox_message",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=60), nullable=True),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column(
            "params",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("link", sa.String(length=200), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_inbox_message_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox_message")),
        sa.UniqueConstraint("user_id", "kind", "subject", name=op.f("uq_inbox_message_user_id_kind_subject")),
    )
    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_message_of", ["user_id", "id"], unique=False)
        batch_op.create_index(
            "ix_inbox_message_unread",
            ["user_id"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )

    op.create_table(
        "program",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=120), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by_name", sa.String(length=200), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("summary", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column(
            "audience",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "kecamatan",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("cost", sa.String(length=200), nullable=False),
        sa.Column(
            "requirements",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deadline", sa.DateTime(timezone=True), nullable=True),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("place_address", sa.Text(), nullable=False),
        sa.Column("map_url", sa.String(length=500), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_phone", sa.String(length=40), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("picture_alt", sa.String(length=200), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.Column("quota", sa.Integer(), nullable=True),
        sa.Column("takes_applications", sa.Boolean(), nullable=False),
        sa.Column(
            "target",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "scheduled",
                "published",
                "withdrawn",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("publish_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("announced_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_reason", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_at IS NOT NULL)",
            name=op.f("ck_program_withdrawn_at_a_moment"),
        ),
        sa.CheckConstraint(
            "state <> 'withdrawn' OR withdrawn_reason <> ''", name=op.f("ck_program_withdrawn_with_a_reason")
        ),
        sa.CheckConstraint(
            "state NOT IN ('scheduled', 'published') OR publish_at IS NOT NULL",
            name=op.f("ck_program_public_from_a_moment"),
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR ends_at >= starts_at", name=op.f("ck_program_ends_after_its_start")
        ),
        sa.CheckConstraint(
            "ends_at IS NULL OR starts_at IS NOT NULL", name=op.f("ck_program_no_end_without_a_start")
        ),
        sa.CheckConstraint("quota IS NULL OR quota > 0", name=op.f("ck_program_quota_of_some")),
        sa.ForeignKeyConstraint(["created_by_id"], ["user.id"], name=op.f("fk_program_created_by_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program")),
        sa.UniqueConstraint("slug", name=op.f("uq_program_slug")),
    )
    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.create_index("ix_program_changed", ["changed_at", "id"], unique=False)
        batch_op.create_index("ix_program_closing", ["state", "closes_at", "id"], unique=False)

    op.create_table(
        "service_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=16), nullable=False),
        sa.Column("form_key", sa.String(length=43), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "service", "information", name="kind", native_enum=False, create_constraint=True, length=24
            ),
            nullable=False,
        ),
        sa.Column(
            "channel",
            sa.Enum(
                "website",
                "phone",
                "visit",
                "letter",
                name="channel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("region", sa.String(length=40), nullable=False),
        sa.Column("is_demo", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("service_slug", sa.String(length=120), nullable=False),
        sa.Column("service_name", sa.String(length=200), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("letter_number", sa.String(length=100), nullable=False),
        sa.Column("letter_date", sa.Date(), nullable=True),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("kode_kelurahan", sa.String(length=13), nullable=True),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("cooperative_id", sa.Integer(), nullable=True),
        sa.Column("requester_id", sa.Integer(), nullable=True),
        sa.Column(
            "answer_by",
            sa.Enum(
                "email",
                "whatsapp",
                "phone",
                "visit",
                "letter",
                name="answerby",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column(
            "requester",
            sa.Enum("person", "body", name="requester", native_enum=False, create_constraint=True, length=24),
            nullable=True,
        ),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column(
            "wanted_as",
            sa.Enum(
                "digital", "paper", "look", name="copy", native_enum=False, create_constraint=True, length=24
            ),
            nullable=True,
        ),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("extended_from", sa.Date(), nullable=True),
        sa.Column("extension_reason", sa.Text(), nullable=True),
        sa.Column("assignee_id", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("has_news", sa.Boolean(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "done",
                "partly",
                "refused",
                "referred",
                "withdrawn",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=True,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=200), nullable=False),
        sa.Column("closing_message", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ground", sa.String(length=8), nullable=False),
        sa.Column("referred_to", sa.String(length=200), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'information') = (requester IS NOT NULL)",
            name=op.f("ck_service_request_requester_of_information"),
        ),
        sa.CheckConstraint(
            "phone IS NOT NULL OR email IS NOT NULL OR channel <> 'website' OR erased_at IS NOT NULL",
            name=op.f("ck_service_request_reachable"),
        ),
        sa.CheckConstraint(
            "(extended_from IS NULL) = (extension_reason IS NULL)",
            name=op.f("ck_service_request_extended_with_reason"),
        ),
        sa.CheckConstraint(
            "(outcome IS NULL) = (closed_at IS NULL)", name=op.f("ck_service_request_closed_with_outcome")
        ),
        sa.CheckConstraint("days BETWEEN 1 AND 250", name=op.f("ck_service_request_days_in_range")),
        sa.CheckConstraint(
            "rating IS NULL OR rating BETWEEN 1 AND 5", name=op.f("ck_service_request_rating_in_range")
        ),
        sa.ForeignKeyConstraint(
            ["assignee_id"], ["user.id"], name=op.f("fk_service_request_assignee_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"], ["cooperative.id"], name=op.f("fk_service_request_cooperative_id_cooperative")
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_service_request_created_by_id_user")
        ),
        sa.ForeignKeyConstraint(
            ["requester_id"], ["user.id"], name=op.f("fk_service_request_requester_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_request")),
        sa.UniqueConstraint("form_key", name=op.f("uq_service_request_form_key")),
        sa.UniqueConstraint("number", name=op.f("uq_service_request_number")),
    )
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_service_request_assignee_id"), ["assignee_id"], unique=False)
        batch_op.create_index("ix_service_request_closed", ["closed_at", "id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_service_request_cooperative_id"), ["cooperative_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_service_request_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_index("ix_service_request_email", ["email", "id"], unique=False)
        batch_op.create_index(
            "ix_service_request_open",
            ["due_on", "id"],
            unique=False,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.create_index("ix_service_request_phone", ["phone", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_request_requester_id"), ["requester_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_service_request_service_slug"), ["service_slug"], unique=False)

    op.create_table(
        "stored_file",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token", sa.String(length=22), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("mime", sa.String(length=100), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("small", sa.LargeBinary(), nullable=True),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("about_kind", sa.String(length=40), nullable=False),
        sa.Column("about_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(width IS NULL) = (height IS NULL)", name=op.f("ck_stored_file_both_sides_known")
        ),
        sa.CheckConstraint("size >= 0", name=op.f("ck_stored_file_size_not_negative")),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_stored_file_created_by_id_user")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
        sa.UniqueConstraint("token", name=op.f("uq_stored_file_token")),
    )
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.create_index("ix_stored_file_about", ["about_kind", "about_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_stored_file_created_by_id"), ["created_by_id"], unique=False)

    op.create_table(
        "content_attachment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("label_en", sa.String(length=200), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(
            ["file_id"], ["stored_file.id"], name=op.f("fk_content_attachment_file_id_stored_file")
        ),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["content_page.id"],
            name=op.f("fk_content_attachment_page_id_content_page"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_attachment")),
        sa.UniqueConstraint("file_id", name=op.f("uq_content_attachment_file_id")),
    )
    with op.batch_alter_table("content_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_content_attachment_page_id"), ["page_id"], unique=False)

    op.create_table(
        "content_finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("page_id", sa.Integer(), nullable=False),
        sa.Column("target", sa.String(length=500), nullable=False),
        sa.Column(
            "trouble",
            sa.Enum(
                "gone",
                "unknown",
                "silent",
                name="trouble",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["page_id"],
            ["content_page.id"],
            name=op.f("fk_content_finding_page_id_content_page"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_finding")),
        sa.UniqueConstraint("page_id", "target", name=op.f("uq_content_finding_page_id_target")),
    )
    op.create_table(
        "enterprise_consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("purpose", sa.String(length=40), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by", sa.String(length=200), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "revoked_at IS NULL OR revoked_at >= granted_at", name=op.f("ck_enterprise_consent_revoked_after")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_consent_enterprise_id_enterprise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_consent")),
    )
    with op.batch_alter_table("enterprise_consent", schema=None) as batch_op:
        batch_op.create_index(
            "ix_enterprise_consent_live",
            ["enterprise_id", "purpose"],
            unique=True,
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.create_index("ix_enterprise_consent_of", ["enterprise_id", "id"], unique=False)

    op.create_table(
        "enterprise_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("template", sa.Text(), nullable=False),
        sa.Column(
            "params",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("picture_token", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_event_enterprise_id_enterprise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_event")),
    )
    with op.batch_alter_table("enterprise_event", schema=None) as batch_op:
        batch_op.create_index("ix_enterprise_event_of", ["enterprise_id", "at", "id"], unique=False)

    op.create_table(
        "enterprise_index",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("search_text", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["id"], ["enterprise.id"], name=op.f("fk_enterprise_index_id_enterprise"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_index")),
    )
    op.create_table(
        "enterprise_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("token_digest", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_link_enterprise_id_enterprise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_link")),
        sa.UniqueConstraint("token_digest", name=op.f("uq_enterprise_link_token_digest")),
    )
    with op.batch_alter_table("enterprise_link", schema=None) as batch_op:
        batch_op.create_index("ix_enterprise_link_of", ["enterprise_id", "id"], unique=False)

    op.create_table(
        "enterprise_merge",
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
        sa.CheckConstraint("survivor_id <> merged_id", name=op.f("ck_enterprise_merge_of_two_rows")),
        sa.ForeignKeyConstraint(
            ["merged_id"], ["enterprise.id"], name=op.f("fk_enterprise_merge_merged_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["survivor_id"], ["enterprise.id"], name=op.f("fk_enterprise_merge_survivor_id_enterprise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_merge")),
    )
    with op.batch_alter_table("enterprise_merge", schema=None) as batch_op:
        batch_op.create_index(
            "ix_enterprise_merge_live",
            ["merged_id"],
            unique=True,
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )
        batch_op.create_index("ix_enterprise_merge_of", ["survivor_id", "id"], unique=False)

    op.create_table(
        "enterprise_owner",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_owner_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_enterprise_owner_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_owner")),
        sa.UniqueConstraint(
            "user_id", "enterprise_id", name=op.f("uq_enterprise_owner_user_id_enterprise_id")
        ),
    )
    with op.batch_alter_table("enterprise_owner", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_enterprise_owner_enterprise_id"), ["enterprise_id"], unique=False
        )

    op.create_table(
        "enterprise_product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("enterprise_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("price_low", sa.Integer(), nullable=True),
        sa.Column("price_high", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=40), nullable=False),
        sa.Column("availability", sa.String(length=40), nullable=False),
        sa.Column("picture_token", sa.String(length=40), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "price_high IS NULL OR (price_low IS NOT NULL AND price_high > price_low)",
            name=op.f("ck_enterprise_product_range_upwards"),
        ),
        sa.CheckConstraint(
            "price_low IS NULL OR price_low >= 0", name=op.f("ck_enterprise_product_price_counted")
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_enterprise_product_enterprise_id_enterprise")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise_product")),
    )
    with op.batch_alter_table("enterprise_product", schema=None) as batch_op:
        batch_op.create_index("ix_enterprise_product_of", ["enterprise_id", "id"], unique=False)

    op.create_table(
        "program_application",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("cooperative_id", sa.Integer(), nullable=True),
        sa.Column("enterprise_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "waitlisted",
                "accepted",
                "refused",
                "withdrawn",
                name="progress",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "facts",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_phone", sa.String(length=200), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("attended", sa.Boolean(), nullable=True),
        sa.Column("result", sa.String(length=200), nullable=False),
        sa.CheckConstraint(
            "(state = 'accepted') = (seat IS NOT NULL)",
            name=op.f("ck_program_application_accepted_on_a_seat"),
        ),
        sa.CheckConstraint(
            "state <> 'refused' OR reason <> ''", name=op.f("ck_program_application_refused_with_a_reason")
        ),
        sa.CheckConstraint(
            "state <> 'waitlisted' OR queued_at IS NOT NULL",
            name=op.f("ck_program_application_waitlisted_in_order"),
        ),
        sa.CheckConstraint(
            "(cooperative_id IS NULL) <> (enterprise_id IS NULL)",
            name=op.f("ck_program_application_of_one_applicant"),
        ),
        sa.CheckConstraint(
            "seat >= 1 AND (seats IS NULL OR seat <= seats)",
            name=op.f("ck_program_application_seat_within_quota"),
        ),
        sa.ForeignKeyConstraint(
            ["cooperative_id"],
            ["cooperative.id"],
            name=op.f("fk_program_application_cooperative_id_cooperative"),
        ),
        sa.ForeignKeyConstraint(
            ["enterprise_id"], ["enterprise.id"], name=op.f("fk_program_application_enterprise_id_enterprise")
        ),
        sa.ForeignKeyConstraint(
            ["program_id"], ["program.id"], name=op.f("fk_program_application_program_id_program")
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_program_application_user_id_user")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_application")),
        sa.UniqueConstraint("program_id", "seat", name=op.f("uq_program_application_program_id_seat")),
    )
    with op.batch_alter_table("program_application", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_program_application_cooperative_id"), ["cooperative_id"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_program_application_enterprise_id"), ["enterprise_id"], unique=False
        )
        batch_op.create_index(
            "ix_program_application_of", ["program_id", "state", "queued_at", "id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_program_application_user_id"), ["user_id"], unique=False)
        batch_op.create_index(
            "uq_program_application_cooperative",
            ["program_id", "cooperative_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )
        batch_op.create_index(
            "uq_program_application_enterprise",
            ["program_id", "enterprise_id"],
            unique=True,
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )

    op.create_table(
        "program_intake",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum("first", "selection", name="mode", native_enum=False, create_constraint=True, length=24),
            nullable=False,
        ),
        sa.Column("question", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name=op.f("fk_program_intake_program_id_program"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("program_id", name=op.f("pk_program_intake")),
    )
    op.create_table(
        "program_telling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum(
                "inbox",
                "email",
                "whatsapp",
                name="contactchannel",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_by", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["program_id"],
            ["program.id"],
            name=op.f("fk_program_telling_program_id_program"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user.id"], name=op.f("fk_program_telling_user_id_user"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_program_telling")),
        sa.UniqueConstraint(
            "program_id", "user_id", "channel", name=op.f("uq_program_telling_program_id_user_id_channel")
        ),
    )
    with op.batch_alter_table("program_telling", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_program_telling_user_id"), ["user_id"], unique=False)

    op.create_table(
        "request_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "received",
                "taken",
                "assigned",
                "released",
                "note",
                "message",
                "reply",
                "extended",
                "closed",
                "reopened",
                "rated",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("is_public", sa.Boolean(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column(
            "params",
            sa.JSON().with_variant(postgresql.JSONB(astext_type=Text()), "postgresql"),
            nullable=False,
        ),
        sa.Column("actor_id", sa.Integer(), nullable=True),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["user.id"], name=op.f("fk_request_event_actor_id_user")),
        sa.ForeignKeyConstraint(
            ["request_id"],
            ["service_request.id"],
            name=op.f("fk_request_event_request_id_service_request"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_request_event")),
    )
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_request_event_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_request_event_of", ["request_id", "id"], unique=False)

    for statement in SEARCH_MADE[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))


def downgrade() -> None:
    for statement in SEARCH_GONE[op.get_bind().dialect.name]:
        op.execute(sa.text(statement))
    with op.batch_alter_table("request_event", schema=None) as batch_op:
        batch_op.drop_index("ix_request_event_of")
        batch_op.drop_index(batch_op.f("ix_request_event_actor_id"))

    op.drop_table("request_event")
    with op.batch_alter_table("program_telling", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_program_telling_user_id"))

    op.drop_table("program_telling")
    op.drop_table("program_intake")
    with op.batch_alter_table("program_application", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_program_application_enterprise",
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )
        batch_op.drop_index(
            "uq_program_application_cooperative",
            sqlite_where=sa.text("state <> 'withdrawn'"),
            postgresql_where=sa.text("state <> 'withdrawn'"),
        )
        batch_op.drop_index(batch_op.f("ix_program_application_user_id"))
        batch_op.drop_index("ix_program_application_of")
        batch_op.drop_index(batch_op.f("ix_program_application_enterprise_id"))
        batch_op.drop_index(batch_op.f("ix_program_application_cooperative_id"))

    op.drop_table("program_application")
    with op.batch_alter_table("enterprise_product", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_product_of")

    op.drop_table("enterprise_product")
    with op.batch_alter_table("enterprise_owner", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_enterprise_owner_enterprise_id"))

    op.drop_table("enterprise_owner")
    with op.batch_alter_table("enterprise_merge", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_merge_of")
        batch_op.drop_index(
            "ix_enterprise_merge_live",
            sqlite_where=sa.text("undone_at IS NULL"),
            postgresql_where=sa.text("undone_at IS NULL"),
        )

    op.drop_table("enterprise_merge")
    with op.batch_alter_table("enterprise_link", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_link_of")

    op.drop_table("enterprise_link")
    op.drop_table("enterprise_index")
    with op.batch_alter_table("enterprise_event", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_event_of")

    op.drop_table("enterprise_event")
    with op.batch_alter_table("enterprise_consent", schema=None) as batch_op:
        batch_op.drop_index("ix_enterprise_consent_of")
        batch_op.drop_index(
            "ix_enterprise_consent_live",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )

    op.drop_table("enterprise_consent")
    op.drop_table("content_finding")
    with op.batch_alter_table("content_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_content_attachment_page_id"))

    op.drop_table("content_attachment")
    with op.batch_alter_table("stored_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stored_file_created_by_id"))
        batch_op.drop_index("ix_stored_file_about")

    op.drop_table("stored_file")
    with op.batch_alter_table("service_request", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_service_request_service_slug"))
        batch_op.drop_index(batch_op.f("ix_service_request_requester_id"))
        batch_op.drop_index("ix_service_request_phone")
        batch_op.drop_index(
            "ix_service_request_open",
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )
        batch_op.drop_index("ix_service_request_email")
        batch_op.drop_index(batch_op.f("ix_service_request_created_by_id"))
        batch_op.drop_index(batch_op.f("ix_service_request_cooperative_id"))
        batch_op.drop_index("ix_service_request_closed")
        batch_op.drop_index(batch_op.f("ix_service_request_assignee_id"))

    op.drop_table("service_request")
    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.drop_index("ix_program_closing")
        batch_op.drop_index("ix_program_changed")

    op.drop_table("program")
    with op.batch_alter_table("inbox_message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_inbox_message_unread",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.drop_index("ix_inbox_message_of")

    op.drop_table("inbox_message")
    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_enterprise_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_enterprise_region"))
        batch_op.drop_index("ix_enterprise_place")
        batch_op.drop_index("ix_enterprise_owner_phone")
        batch_op.drop_index("ix_enterprise_owner_key")
        batch_op.drop_index("ix_enterprise_name")
        batch_op.drop_index("ix_enterprise_kelurahan")
        batch_op.drop_index(batch_op.f("ix_enterprise_cooperative_id"))
        batch_op.drop_index("ix_enterprise_confirmed")
        batch_op.drop_index("ix_enterprise_class")
        batch_op.drop_index("ix_enterprise_activity")

    op.drop_table("enterprise")
    with op.batch_alter_table("content_page", schema=None) as batch_op:
        batch_op.drop_index("ix_content_page_public")
        batch_op.drop_index(batch_op.f("ix_content_page_owner_id"))
        batch_op.drop_index("ix_content_page_due")

    op.drop_table("content_page")
    with op.batch_alter_table("contact_consent", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_contact_consent_live",
            sqlite_where=sa.text("revoked_at IS NULL"),
            postgresql_where=sa.text("revoked_at IS NULL"),
        )
        batch_op.drop_index("ix_contact_consent_purpose")
        batch_op.drop_index("ix_contact_consent_of")

    op.drop_table("contact_consent")
    op.drop_table("visit_count")
    op.drop_table("service_term")
    op.drop_table("request_series")
    op.drop_table("page_title")
    op.drop_table("missed_search")
