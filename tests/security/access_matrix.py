"""Who enters where, worked out of the access markers: every address, every role, one's own object and somebody else's.

``python -m tests.security.access_matrix`` writes it down as docs/matriks-akses.md; test_matrix.py holds the site to it.
"""

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from flask import Flask

from app.core.access import Role

ROLES: tuple[Role | None, ...] = (None, *Role)
"""None: somebody who has not signed in."""
DOCUMENT = Path(__file__).parents[2] / "docs" / "matriks-akses.md"
HOLDERS: dict[str, frozenset[Role]] = {
    "own_cooperative": frozenset({Role.COOPERATIVE}),
    "own_enterprise": frozenset({Role.ENTERPRISE}),
    "own_application": frozenset({Role.COOPERATIVE}),
    "member_or_operator": frozenset({Role.COOPERATIVE}),
}
"""Marker of what is somebody's own → the roles whose tested person has such a thing. A new marker has to be named here."""
WHOEVER_S = {"member_or_operator": frozenset({Role.OPERATOR})}
"""Roles that may open it whoever's it is."""


class Whose(StrEnum):
    """Of whom the object in an address is; NOBODY where there is none, or none of that name."""

    NOBODY = "nobody's"
    OWN = "own"
    OTHER = "another's"


class Verdict(StrEnum):
    """What the site says to somebody at an address."""

    IN = "✓"
    SIGN_IN = "masuk dulu"
    FORBIDDEN = "403"
    ABSENT = "404"


@dataclass(frozen=True)
class Row:
    """One address by one method, as its view declares it."""

    method: str
    rule: str
    endpoint: str
    access: Any
    arguments: frozenset[str]
    asks_again: bool

    @property
    def objects(self) -> tuple[Whose, ...]:
        """The kinds of object that make a difference."""
        return (Whose.OWN, Whose.OTHER) if self.access in HOLDERS else (Whose.NOBODY,)

    def verdict(self, role: Role | None, whose: Whose) -> Verdict:
        """What ``role`` is told."""
        if self.access == "public":
            return Verdict.IN
        if role is None:
            return Verdict.SIGN_IN
        if self.access == "signed_in":
            return Verdict.IN
        if isinstance(self.access, frozenset):
            return Verdict.IN if role in self.access else Verdict.FORBIDDEN
        has_it = role in HOLDERS[self.access] and whose is Whose.OWN
        return Verdict.IN if has_it or role in WHOEVER_S.get(self.access, ()) else Verdict.ABSENT


def rows(app: Flask) -> Iterator[Row]:
    """Every address that the site answers, by each method that reads or changes."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, rule.endpoint)):
        view = app.view_functions[rule.endpoint]
        if view.__module__.startswith("tests."):
            continue  # a page that a test has added
        for method in sorted({"GET", "POST", "PUT", "PATCH", "DELETE"} & (rule.methods or set())):
            yield Row(
                method,
                rule.rule,
                rule.endpoint,
                view.access,  # type: ignore[attr-defined]
                frozenset(rule.arguments),
                bool(getattr(view, "step_up", False)),
            )


def table(app: Flask) -> str:
    """The matrix as a page of documentation."""
    heads = ["tanpa akun", *(role.value for role in Role)]
    found = list(rows(app))
    lines = [
        "# Matriks akses",
        "",
        (
            "Dibuat oleh `.venv/bin/python -m tests.security.access_matrix` dari penanda akses tiap alamat; diuji oleh "
            "`tests/security/test_matrix.py`, sel demi sel. ✓ masuk · *masuk dulu* diarahkan ke halaman masuk · 403 bukan untuk peran itu · "
            "404 milik orang lain, jadi tidak ada baginya · 🔑 sandi atau kode diminta lagi setelah 15 menit."
        ),
        "",
        f"{len(found)} alamat dan cara, {len(ROLES)} macam orang.",
        "",
        f"| Cara | Alamat | Milik | {' | '.join(heads)} |",
        f"|---|---|---|{'---|' * len(heads)}",
    ]
    words = {Whose.NOBODY: "", Whose.OWN: "sendiri", Whose.OTHER: "orang lain"}
    for row in found:
        for whose in row.objects:
            cells = " | ".join(row.verdict(role, whose).value for role in ROLES)
            key = " 🔑" if row.asks_again else ""
            lines.append(f"| {row.method} | `{row.rule}`{key} | {words[whose]} | {cells} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the page."""
    from app.factory import create_app

    with tempfile.TemporaryDirectory() as folder:
        text = table(create_app({"INSTANCE": folder, "SECRET_KEY": "unused"}))
    DOCUMENT.write_text(text, encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.relative_to(Path.cwd())}: {text.count(chr(10))} baris\n")


if __name__ == "__main__":
    main()
