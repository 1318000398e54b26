"""What a consultant and the counter type, in its shape: a form keeps what was typed, so that nothing is typed twice."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from werkzeug.datastructures import MultiDict

from app.clinic.rules import LONGEST_TEXT, Channel, FollowUpOwner, Topic
from app.core.database import today
from app.core.parsing import Unreadable, fold_lines, fold_space, parse_date, parse_phone
from app.core.text import N_, Text

Sent = MultiDict[str, str]
Problems = dict[str, Text]
ROWS = 2
"""Rows for what is agreed; after saving there are as many again."""
LONGEST_STEP = 500
USUAL_TERM = timedelta(days=14)
FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Agreed:
    """One thing that is to be done."""

    text: str
    owner: FollowUpOwner
    due_on: date


@dataclass(frozen=True)
class OutcomeForm:
    """What a visit led to: advice, notes, and what was agreed."""

    typed: dict[str, str]
    agreed: tuple[Agreed, ...] = ()
    problems: Problems = field(default_factory=dict)

    @classmethod
    def of(cls, advice: str, notes: str) -> "OutcomeForm":
        """As it stands, with empty rows below."""
        usual = (today() + USUAL_TERM).isoformat()
        rows: dict[str, str] = {}
        for number in range(ROWS):
            rows |= {
                f"tindak-{number}": "",
                f"oleh-{number}": FollowUpOwner.VISITOR.value,
                f"tenggat-{number}": usual,
            }
        return cls({"saran": advice, "catatan": notes, "program": "", "pertanyaan": "", **rows})

    @classmethod
    def read(cls, sent: Sent) -> "OutcomeForm":
        """The form as sent; rows without words are left out."""
        empty = cls.of("", "")
        typed = empty.typed | {name: fold_lines(sent.get(name, "")) for name in ("saran", "catatan")}
        problems: Problems = {
            name: Text(N_("Paling panjang %(most)s huruf."), {"most": LONGEST_TEXT})
            for name in ("saran", "catatan")
            if len(typed[name]) > LONGEST_TEXT
        }
        agreed = []
        for number in range(ROWS):
            row = {
                part: fold_space(sent.get(f"{part}-{number}", ""))[: LONGEST_STEP + 1]
                for part in ("tindak", "oleh", "tenggat")
            }
            typed |= {f"{part}-{number}": value for part, value in row.items()}
            if row["tindak"]:
                due = _due(row["tenggat"], f"tenggat-{number}", problems)
                owner = row["oleh"] if row["oleh"] in set(FollowUpOwner) else FollowUpOwner.VISITOR
                if due is not None:
                    agreed.append(Agreed(row["tindak"][:LONGEST_STEP], FollowUpOwner(owner), due))
        return cls(typed, tuple(agreed), problems)


def _due(raw: str, name: str, problems: Problems) -> date | None:
    try:
        day = parse_date(raw)
    except Unreadable as wrong:
        problems[name] = wrong.text
        return None
    if day is None:
        problems[name] = Text(N_("Tulis paling lambat kapan."))
    elif not today() <= day <= today() + FARTHEST:
        problems[name] = Text(N_("Pilih hari ini atau sesudahnya, paling lama setahun lagi."))
    else:
        return day
    return None


@dataclass(frozen=True)
class NumberForm:
    """Somebody at the counter or on the telephone who wants a consultant now."""

    typed: dict[str, str]
    topic: Topic | None = None
    channel: Channel = Channel.OFFICE
    phone: str | None = None
    problems: Problems = field(default_factory=dict)

    @classmethod
    def empty(cls, topic: str = "") -> "NumberForm":
        """Nothing typed yet."""
        return cls(
            {"topik": topic, "cara": Channel.OFFICE.value, "nama": "", "telepon": "", "kunci": new_key()}
        )

    @classmethod
    def read(cls, sent: Sent) -> "NumberForm":
        """The form as sent. Who calls is called back, so a number is needed then."""
        typed = {
            name: fold_space(sent.get(name, ""))[:100]
            for name in ("topik", "cara", "nama", "telepon", "kunci")
        }
        typed["kunci"] = typed["kunci"] if 20 <= len(typed["kunci"]) <= 43 else new_key()
        problems: Problems = {}
        if typed["topik"] not in set(Topic):
            problems["topik"] = Text(N_("Pilih soalnya."))
        channel = Channel.PHONE if typed["cara"] == Channel.PHONE else Channel.OFFICE
        phone = None
        try:
            phone = parse_phone(typed["telepon"])
        except Unreadable as wrong:
            problems["telepon"] = wrong.text
        if channel is Channel.PHONE and not phone and "telepon" not in problems:
            problems["telepon"] = Text(N_("Tulis nomor telepon yang bisa kami hubungi."))
        topic = Topic(typed["topik"]) if "topik" not in problems else None
        return cls(typed, topic, channel, phone, problems)


def new_key() -> str:
    """The one-time key of a form."""
    return secrets.token_urlsafe(16)


def mark(sent: Mapping[str, str], name: str) -> int | None:
    """A choice from 1 to 5."""
    given = sent.get(name, "")
    return int(given) if given in {"1", "2", "3", "4", "5"} else None


def read_id(raw: str) -> int | None:
    """A number that can be an id; None for anything else."""
    digits = raw.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None
