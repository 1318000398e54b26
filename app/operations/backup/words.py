"""What is in a backup, in words that people know."""

from collections.abc import Mapping

from app.core.i18n import _ as translated
from app.core.i18n import say
from app.core.text import N_, Text
from app.operations.backup.rules import BEFORE_MIGRATION, BEFORE_RESTORE

SHOWN = {
    "cooperative": N_("%(count)s koperasi"),
    "report": N_("%(count)s laporan"),
    "enterprise": N_("%(count)s UKM"),
    "user": N_("%(count)s akun"),
}

LABELS = {BEFORE_MIGRATION: N_("sebelum tabel diperbarui"), BEFORE_RESTORE: N_("sebelum pemulihan")}


def label(name: str) -> str:
    """What a backup was taken before, in the reader's language."""
    return translated(LABELS[name]) if name in LABELS else name


def counted(tables: Mapping[str, int]) -> list[Text]:
    """``760 koperasi``, ``1.520 laporan`` … for the tables that everybody knows."""
    return [
        Text(template, {"count": f"{tables[name]:,}".replace(",", ".")})
        for name, template in SHOWN.items()
        if name in tables
    ]


def in_a_row(tables: Mapping[str, int]) -> str:
    """The same as one piece of a sentence, in Indonesian."""
    return ", ".join(str(text) for text in counted(tables)) or f"{sum(tables.values())} baris"


def for_reader(tables: Mapping[str, int]) -> str:
    """The same in the reader's language."""
    return ", ".join(say(text) for text in counted(tables))
