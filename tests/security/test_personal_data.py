"""docs/data-pribadi.md names every column that holds something about a person."""

import re
from pathlib import Path

import pytest

from app.core.database import Base

DOCUMENT = Path(__file__).parents[2] / "docs" / "data-pribadi.md"
ROW = re.compile(r"\| `(\w+)` \| ((?:`\w+` ?)+)\| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
LOOKS_PERSONAL = re.compile(
    r"name|name_key|email|phone|address|addresses|alamat|latitude|longitude|device|network|account|contacts|note|notes|body"
    r"|reason|remark|advice|question|answer|raw|reading|fields|params|before|after|answers|facts|requester|organisation|purpose"
    r"|closing_message|content|sealed|waiting|password_hash|to_address|last_error|search_text|text"
    r"|owner.*|contact_.*|telepon_.*|nama_.*|spoke_.*|declared_.*|.*_name|.*_reason|.*_by|.*nik.*|.*nib|.*birth.*|.*_phone|.*_email|.*sex"
)
ABOUT_NOBODY = {
    "kept_total.question": "a code of the questionnaire",
    "lease.name": "of a lock",
    "reminder.addresses": "how many were written to",
    "request_total.name": "of a sum",
    "contact_consent.purpose": "what was agreed to, a code of ours",
    "one_time_link.purpose": "why it was made, a code of ours",
    "passkey_challenge.purpose": "what a passkey was asked for, a code of ours",
    "enterprise_consent.purpose": "what was agreed to, a code of ours",
    "enterprise.has_nib": "yes or no",
    "cooperative.nik_koperasi": "the number of a legal body",
    "report_save.outcome": "a code",
    "report_comment.question": "a code of the questionnaire",
    "content_page.owner_id": "who keeps the page: a number",
}


def documented():
    """``table.column`` → purpose, who sees it, how long."""
    found = {}
    for table, columns, *about in ROW.findall(DOCUMENT.read_text(encoding="utf-8")):
        for column in re.findall(r"`(\w+)`", columns):
            found[f"{table}.{column}"] = about
    return found


def personal_columns():
    return {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if LOOKS_PERSONAL.fullmatch(column.name) and not column.name.endswith("_id")
    }


@pytest.mark.usefixtures("tested_app")
def test_every_column_that_looks_personal_is_in_the_inventory():
    missing = personal_columns() - documented().keys() - ABOUT_NOBODY.keys()
    assert not missing, (
        f"say in {DOCUMENT.name} what these are for, who sees them and how long: {sorted(missing)}"
    )


@pytest.mark.usefixtures("tested_app")
def test_the_inventory_names_nothing_that_is_gone():
    known = {
        f"{table.name}.{column.name}" for table in Base.metadata.sorted_tables for column in table.columns
    }
    assert not documented().keys() - known


def test_each_line_says_what_for_who_and_how_long():
    lines = documented()
    assert len(lines) > 100
    assert all(part.strip() for about in lines.values() for part in about)
