"""Who signs in to the demonstration: one person per role, and the operators' colleagues.

The passwords are public: ``./run --production`` refuses to start beside these accounts. Those of colleagues are thrown away, so
that nobody signs in as them.
"""

from dataclasses import dataclass
from datetime import date

from app.core.access import Role


@dataclass(frozen=True)
class SignIn:
    """A fictional person, and the password that ``./run`` prints; ``secret`` is what an authenticator app is given, where the
    site demands a code as well."""

    role: Role
    name: str
    email: str
    password: str
    secret: str = ""


@dataclass(frozen=True)
class Colleague:
    """An operator beside the one who signs in. ``joined``: has a password; else the invitation is still open.

    ``left``: no longer works here (month and day in the last book year); what such a person decided stays theirs.
    """

    name: str
    email: str
    joined: bool = True
    left: tuple[int, int] | None = None

    def left_on(self, last_book_year: int) -> date | None:
        """The day on which this person left, if so."""
        return date(last_book_year, *self.left) if self.left else None


SIGN_INS = (
    SignIn(Role.COOPERATIVE, "Melati Contoh", "koperasi@contoh.example", "melati-contoh-2026"),
    SignIn(Role.ENTERPRISE, "Flamboyan Contoh", "ukm@contoh.example", "flamboyan-contoh-2026"),
    SignIn(Role.OPERATOR, "Kenanga Contoh", "operator@contoh.example", "kenanga-contoh-2026"),
    SignIn(Role.CONSULTANT, "Cempaka Contoh", "konsultan@contoh.example", "cempaka-contoh-2026"),
    SignIn(Role.EDITOR, "Dahlia Contoh", "editor@contoh.example", "dahlia-contoh-2026"),
    SignIn(
        Role.ADMIN,
        "Anggrek Contoh",
        "admin@contoh.example",
        "anggrek-contoh-2026",
        "CONTOHKUNCIPERAGAANANGGREK234567",
    ),
)

COLLEAGUES = (
    Colleague("Seruni Contoh", "seruni@contoh.example"),
    Colleague("Wijaya Contoh", "wijaya@contoh.example", left=(10, 1)),
    Colleague("Teratai Contoh", "teratai@contoh.example", joined=False),
)
