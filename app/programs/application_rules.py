"""Applying for a programme: in which state an application can be, who moves it where, and what it means. Plain Python."""

from enum import StrEnum

from app.core.text import N_


class Mode(StrEnum):
    """How seats are given."""

    FIRST = "first"  # in order of arrival, by themselves
    SELECTION = "selection"  # by staff


class Progress(StrEnum):
    """Where an application stands. ``accepted`` alone has a seat."""

    WAITING = "waiting"  # for staff
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


MODE_NAMES = {
    Mode.FIRST: N_("Siapa cepat: kursi langsung terisi menurut urutan daftar"),
    Mode.SELECTION: N_("Dipilih petugas: semua menunggu sampai diterima"),
}
PROGRESS_NAMES = {
    Progress.WAITING: N_("Menunggu pemeriksaan"),
    Progress.WAITLISTED: N_("Daftar tunggu"),
    Progress.ACCEPTED: N_("Diterima"),
    Progress.REFUSED: N_("Ditolak"),
    Progress.WITHDRAWN: N_("Ditarik"),
}
BADGES = {
    Progress.WAITING: "waiting",
    Progress.WAITLISTED: "submitted",
    Progress.ACCEPTED: "accepted",
    Progress.REFUSED: "refused",
    Progress.WITHDRAWN: "inactive",
}
DECISIONS = {
    Progress.ACCEPTED: frozenset({Progress.WAITING, Progress.WAITLISTED, Progress.REFUSED}),
    Progress.WAITLISTED: frozenset({Progress.WAITING, Progress.REFUSED}),
    Progress.REFUSED: frozenset({Progress.WAITING, Progress.WAITLISTED, Progress.ACCEPTED}),
}
"""What staff may decide → from where."""
OPEN = frozenset({Progress.WAITING, Progress.WAITLISTED, Progress.ACCEPTED})
"""What the applicant may still withdraw."""


def free_seat(taken: set[int], quota: int | None) -> int | None:
    """The lowest seat that nobody has; None when all ``quota`` are taken. Without a quota there is always one more."""
    most = quota if quota is not None else len(taken) + 1
    return next((seat for seat in range(1, most + 1) if seat not in taken), None)
