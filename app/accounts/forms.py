"""What the forms about accounts send, read into plain values; what is missing is told beside its field."""

from collections.abc import Collection
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from app.accounts.models import Standing
from app.accounts.password_rules import LONGEST, password_problem
from app.accounts.queries import PeopleFilter
from app.accounts.rules import CODE_DIGITS, read_identifier
from app.core.access import Role
from app.core.parsing import Unreadable, fold_digits, fold_space
from app.core.text import N_, Text
from app.notifications.models import MessageState

Sent = ImmutableMultiDict[str, str] | MultiDict[str, str]
Problems = dict[str, Text]

LONGEST_LINE = 300
LONGEST_REASON = 500
SHORTEST_REASON = 5


def local_path(raw: str | None) -> str:
    """``raw`` when it leads to a page of this site, else empty: a link must not send people elsewhere after sign-in."""
    if not raw or not raw.startswith("/") or raw.startswith("//") or "\\" in raw:
        return ""
    if any(ord(character) < 33 or ord(character) == 127 for character in raw):
        return ""
    try:
        parts = urlsplit(raw)
    except ValueError:
        return ""
    return "" if parts.scheme or parts.netloc else raw[:2000]


def _line(sent: Sent, name: str) -> str:
    """One line as typed, without what no page could show back: control characters, line breaks."""
    return fold_space(sent.get(name, "")[:LONGEST_LINE])


def _identifier(raw: str, problems: Problems) -> str:
    """The e-mail address or number in ``raw``; otherwise what is wrong, noted under ``email``."""
    try:
        identifier = read_identifier(raw)
    except Unreadable as wrong:
        problems["email"] = wrong.text
        return ""
    if identifier is None:
        problems["email"] = Text(N_("Isi surel atau nomor telepon Anda."))
    return identifier or ""


@dataclass(frozen=True)
class SignInForm:
    """``email`` as typed, ``identifier`` as understood."""

    email: str = ""
    identifier: str = ""
    password: str = field(default="", repr=False)
    remember: bool = False
    problems: Problems = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Sent) -> "SignInForm":
        """The form as sent."""
        problems: Problems = {}
        typed = _line(sent, "email")
        identifier = _identifier(typed, problems)
        password = sent.get("password", "")
        if not password:
            problems["password"] = Text(N_("Isi sandi Anda."))
        return cls(typed, identifier, password[: 4 * LONGEST], sent.get("remember") == "1", problems)


@dataclass(frozen=True)
class AccountNameForm:
    """Whose password was forgotten."""

    email: str = ""
    identifier: str = ""
    problems: Problems = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Sent) -> "AccountNameForm":
        """The form as sent."""
        problems: Problems = {}
        typed = _line(sent, "email")
        return cls(typed, _identifier(typed, problems), problems)


@dataclass(frozen=True)
class CodeForm:
    """An account and the code that the office read out."""

    email: str = ""
    identifier: str = ""
    code: str = ""
    problems: Problems = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Sent) -> "CodeForm":
        """The form as sent; spaces and dashes in the code mean nothing."""
        problems: Problems = {}
        typed = _line(sent, "email")
        identifier = _identifier(typed, problems)
        digits = [c for c in fold_digits(sent.get("kode", "")[:LONGEST_LINE]) if c.isascii() and c.isdigit()]
        if len(digits) != CODE_DIGITS:
            problems["kode"] = Text(N_("Kode terdiri dari %(digits)s angka."), {"digits": CODE_DIGITS})
        return cls(typed, identifier, "".join(digits), problems)


@dataclass(frozen=True)
class NewPasswordForm:
    """A password chosen anew; ``current`` where the old one is asked for."""

    password: str = field(default="", repr=False)
    current: str = field(default="", repr=False)
    problems: Problems = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Sent, *, personal: Collection[str], asks_current: bool = False) -> "NewPasswordForm":
        """The form as sent. ``personal``: words of the person and the office that must not carry the password."""
        problems: Problems = {}
        current = sent.get("current_password", "")[: 4 * LONGEST]
        if asks_current and not current:
            problems["current_password"] = Text(N_("Isi sandi yang sekarang."))
        password = sent.get("new_password", "")[: 4 * LONGEST]
        if not password:
            problems["new_password"] = Text(N_("Pilih sandi baru."))
        elif problem := password_problem(password, personal=personal):
            problems["new_password"] = problem
        return cls(password, current, problems)


@dataclass(frozen=True)
class ContactsForm:
    """Name, e-mail and phone as typed; the service says what is wrong with them."""

    name: str = ""
    email: str = ""
    phone: str = ""
    password: str = field(default="", repr=False)

    @classmethod
    def read(cls, sent: Sent) -> "ContactsForm":
        """The form as sent."""
        name, email, phone = (_line(sent, part) for part in ("name", "email", "phone"))
        return cls(name, email, phone, sent.get("confirm_password", "")[: 4 * LONGEST])


def read_roles(sent: Sent) -> frozenset[Role]:
    """The ticked roles; anything else is left out."""
    known = {role.value for role in Role}
    return frozenset(Role(value) for value in sent.getlist("roles") if value in known)


@dataclass(frozen=True)
class InviteForm:
    """A colleague to be."""

    contacts: ContactsForm = field(default_factory=ContactsForm)
    roles: frozenset[Role] = frozenset()
    problems: Problems = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Sent) -> "InviteForm":
        """The form as sent."""
        roles = read_roles(sent)
        problems: Problems = {} if roles else {"roles": Text(N_("Pilih paling sedikit satu peran."))}
        return cls(ContactsForm.read(sent), roles, problems)


def read_reason(sent: Sent) -> tuple[str, Problems]:
    """Why an account is closed or opened: asked for, since colleagues will wonder."""
    reason = fold_space(sent.get("reason", "")[: 2 * LONGEST_REASON])[:LONGEST_REASON]
    if len(reason) < SHORTEST_REASON:
        return reason, {"reason": Text(N_("Tulis alasannya dalam beberapa kata."))}
    return reason, {}


def read_successor(sent: Sent) -> int | None:
    """Who takes on the work of somebody who leaves: an id, 0 for "back to the queue", None when nothing was chosen."""
    chosen = sent.get("penerus", "")
    if chosen == "antrean":
        return 0
    return int(chosen) if chosen.isascii() and chosen.isdigit() and len(chosen) < 10 else None


def read_people_filter(sent: Sent, *, staff_too: bool) -> PeopleFilter:
    """The list's filter from an address; what makes no sense means all."""
    role, standing = sent.get("peran", ""), sent.get("keadaan", "")
    return PeopleFilter(
        wanted=fold_space(sent.get("q", "")[:100]),
        role=Role(role) if role in {known.value for known in Role} else None,
        standing=Standing(standing) if standing in {known.value for known in Standing} else None,
        staff_too=staff_too,
    )


def read_outbox_filter(sent: Sent) -> tuple[MessageState | None, str]:
    """State and words from an address."""
    state = sent.get("keadaan", "")
    known = {one.value for one in MessageState}
    return MessageState(state) if state in known else None, fold_space(sent.get("q", "")[:100])
