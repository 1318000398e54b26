"""What people send, in its shape: a form keeps what was typed, so that nothing has to be typed twice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from app.accounts.password_rules import password_problem, personal_words
from app.accounts.rules import read_email
from app.cooperatives.fields import BY_CODE, FIELDS, PROPOSAL, PROPOSAL_OPTIONAL
from app.cooperatives.models import Cooperative
from app.cooperatives.queries import region
from app.cooperatives.reading import Reading, as_typed, read_fields
from app.cooperatives.rules import Position
from app.core.database import today
from app.core.errors import RuleBroken
from app.core.parsing import Unreadable, fold_lines, fold_space, parse_date, parse_phone
from app.core.text import N_, Text

Sent = MultiDict[str, str]
Problems = dict[str, Text]
LONGEST = 2000  # characters of one input that are read at all
CODES = tuple(one.code for one in FIELDS)
NAME_LENGTH = range(3, 101)


def line(sent: Sent, name: str) -> str:
    """One input, on one line, of a bearable length."""
    return fold_space(sent.get(name, "")[:LONGEST])


@dataclass(frozen=True)
class RegisterForm:
    """Fields of the register: ``typed`` for the page, ``values`` for the service."""

    codes: tuple[str, ...]
    typed: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)

    @classmethod
    def empty(cls, codes: tuple[str, ...] = CODES) -> "RegisterForm":
        """Nothing typed yet."""
        return cls(codes, dict.fromkeys(codes, ""))

    @classmethod
    def of(cls, cooperative: Cooperative) -> "RegisterForm":
        """What the register says."""
        typed = {code: as_typed(BY_CODE[code], getattr(cooperative, code)) for code in CODES}
        return cls(CODES, typed)

    @classmethod
    def read(cls, sent: Sent, *, of: Cooperative | None = None) -> "RegisterForm":
        """An operator's form: only the name is needed. Of an old entry, what was not touched is not judged."""
        known = {code: getattr(of, code) for code in CODES} if of else None
        return cls._made(sent, CODES, required=("nama_koperasi",), known=known)

    @classmethod
    def proposal(cls, sent: Sent) -> "RegisterForm":
        """A cooperative's own words about itself: what an operator needs to find the papers is needed."""
        return cls._made(sent, PROPOSAL_CODES, required=PROPOSAL, known=None)

    @classmethod
    def _made(
        cls, sent: Sent, codes: tuple[str, ...], *, required: tuple[str, ...], known: Mapping[str, Any] | None
    ) -> "RegisterForm":
        typed = {code: line(sent, code) for code in codes}
        reading: Reading = read_fields(
            typed, codes, region=region(), today=today(), required=required, known=known
        )
        return cls(codes, typed, reading.values, reading.errors)


PROPOSAL_CODES = tuple(code for code in CODES if code in PROPOSAL + PROPOSAL_OPTIONAL)


def read_base(sent: Sent) -> tuple[int, dict[str, str] | None]:
    """The version that a form began with and the values that it then showed; what was tampered with counts as nothing."""
    version = sent.get("version", "")
    try:
        base = json.loads(sent.get("asal", ""))
    except ValueError:
        base = None
    known = isinstance(base, dict) and all(isinstance(value, str) for value in base.values())
    return int(version) if version.isascii() and version.isdigit() and len(
        version
    ) < 10 else 0, base if known else None


@dataclass(frozen=True)
class PersonForm:
    """A new person. The password is never shown again."""

    name: str = ""
    email: str = ""
    phone: str = ""
    password: str = field(default="", repr=False)
    problems: Problems = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Sent, *, office: str) -> "PersonForm":
        """The form as sent. Words of the person and of the ``office`` must not carry the password."""
        name, email, phone = (line(sent, part) for part in ("name", "email", "phone"))
        password, problems = sent.get("password", "")[:LONGEST], Problems()
        if len(name) not in NAME_LENGTH:
            problems["name"] = Text(N_("Tulis nama lengkap, 3 sampai 100 huruf."))
        for part, raw, reader in (("email", email, read_email), ("phone", phone, parse_phone)):
            try:
                reader(raw)
            except Unreadable as wrong:
                problems[part] = wrong.text
        if not email and not phone:
            problems["email"] = Text(N_("Isi surel atau nomor telepon. Salah satunya dipakai untuk masuk."))
        if not password:
            problems["password"] = Text(N_("Pilih sandi."))
        elif problem := password_problem(password, personal=personal_words(name, email, phone, office)):
            problems["password"] = problem
        return cls(name, email, phone, password, problems)

    @property
    def account(self) -> str:
        """What tells this person apart before there is an account."""
        return self.email.lower() or self.phone


@dataclass(frozen=True)
class ClaimForm:
    """What a person is in the cooperative, and what they write to the office."""

    position: str = ""
    note: str = ""
    problems: Problems = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Sent) -> "ClaimForm":
        """The form as sent."""
        position, note = (
            line(sent, "jabatan"),
            fold_lines(sent.get("catatan", "")[: 2 * LONGEST]),
        )
        known = position in list(Position)
        return cls(position, note, {} if known else {"jabatan": Text(N_("Pilih jabatan Anda."))})


@dataclass(frozen=True)
class DissolutionForm:
    """Number and day of a decree."""

    decree: str = ""
    typed_day: str = ""
    day: date | None = None
    problems: Problems = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Sent) -> "DissolutionForm":
        """The form as sent; whether the day is possible is the service's to say."""
        decree, typed_day = line(sent, "nomor_keputusan"), line(sent, "tanggal_bubar")
        day, problems = None, {}
        if not decree:
            problems["nomor_keputusan"] = Text(N_("Isi nomor keputusan pembubaran."))
        try:
            day = parse_date(typed_day)
            if day is None:
                problems["tanggal_bubar"] = Text(N_("Isi tanggal keputusan."))
        except Unreadable as wrong:
            problems["tanggal_bubar"] = wrong.text
        return cls(decree, typed_day, day, problems)


def told(problems: Problems, refusal: RuleBroken) -> Problems:
    """``problems`` and what a service said no to, under its field; under no field when it is about the whole."""
    return problems | {refusal.field or "": refusal.text}
