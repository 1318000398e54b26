"""What a database holds, in words that can be compared: tables, constraints, indexes with their conditions, triggers."""

import re
from typing import Any

from sqlalchemy import Engine, inspect, text

BOOKKEEPING = {"alembic_version"}
INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    "postgresql": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
}
TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' OR (type = 'table' AND sql LIKE 'CREATE VIRTUAL%')",
    "postgresql": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
}
FUNCTIONS = {
    "sqlite": "",
    "postgresql": "SELECT proname, pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace "
    "WHERE nspname = 'public' AND prokind = 'f' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid AND deptype = 'e')",
}


def schema(engine: Engine) -> dict[str, Any]:
    """Everything that decides what the database may hold and how it finds it, by kind and name."""
    kind = engine.dialect.name
    looked = inspect(engine)
    tables = [
        name
        for name in looked.get_table_names()
        if name not in BOOKKEEPING and not name.startswith("search_")
    ]
    found: dict[str, Any] = {f"table {name}": table(looked, name) for name in tables}
    with engine.connect() as connection:
        for query in (INDEXES[kind], TRIGGERS[kind], FUNCTIONS[kind]):
            for name, definition in connection.execute(text(query)).all() if query else ():
                if not name.startswith(tuple(BOOKKEEPING)):
                    found[f"definition {name}"] = squeezed(definition)
    return found


def table(looked: Any, name: str) -> dict[str, Any]:
    """Columns and constraints of one table; the order of columns does not count."""
    return {
        "columns": {
            column["name"]: (str(column["type"]), column["nullable"], column["default"])
            for column in looked.get_columns(name)
        },
        "primary key": looked.get_pk_constraint(name)["constrained_columns"],
        "uniques": {(one["name"], tuple(one["column_names"])) for one in looked.get_unique_constraints(name)},
        "foreign keys": {
            (
                one["name"],
                tuple(one["constrained_columns"]),
                one["referred_table"],
                tuple(one["referred_columns"]),
                one["options"].get("ondelete", ""),
            )
            for one in looked.get_foreign_keys(name)
        },
        "checks": {(one["name"], squeezed(one["sqltext"])) for one in looked.get_check_constraints(name)},
    }


def squeezed(sql: str) -> str:
    """``sql`` without what its writer chose freely: space and quotes around names."""
    return re.sub(r"\s*([(),])\s*", r"\1", re.sub(r"\s+", " ", sql.replace('"', "").replace("`", ""))).strip()
