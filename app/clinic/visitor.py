"""Who books: what a form has read, for the service that receives it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.clinic.rules import LONGEST_QUESTION
from app.core.errors import RuleBroken
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_


@dataclass(frozen=True)
class Visitor:
    """Whom a booking is for, and how to reach them. ``cooperative_id`` or ``enterprise_id`` only where it is certain; ``phone``
    is E.164; ``user_id`` is who was signed in. ``report_id`` with ``question_code`` is a returned question, ``program_slug`` a
    programme that it is about."""

    name: str
    phone: str | None = None
    email: str | None = None
    question: str = ""
    kode_kecamatan: str | None = None
    cooperative_id: int | None = None
    enterprise_id: int | None = None
    user_id: int | None = None
    report_id: int | None = None
    question_code: str = ""
    program_slug: str = ""
    is_demo: bool = False

    def columns(self) -> Mapping[str, Any]:
        """The columns of a booking that say all this. Raises RuleBroken for what nobody could be called back by."""
        name = fold_space(self.name)[:200]
        if not name:
            raise RuleBroken(N_("Isi nama Anda."), field="nama")
        if not self.phone:
            raise RuleBroken(N_("Isi nomor telepon yang bisa kami hubungi."), field="telepon")
        return {**vars(self), "name": name, "question": fold_lines(self.question)[:LONGEST_QUESTION]}

    def columns_of_waiting(self) -> Mapping[str, Any]:
        """The same for a place on the waitlist, which is about no report and no programme."""
        left_out = {"report_id", "question_code", "program_slug"}
        return {name: value for name, value in self.columns().items() if name not in left_out}
