"""What an address of the trail asks for."""

from dataclasses import dataclass, field
from datetime import date, timedelta

from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from app.audit.queries import TrailFilter
from app.core.parsing import Unreadable, fold_space, parse_date
from app.core.text import N_, Text

Sent = ImmutableMultiDict[str, str] | MultiDict[str, str]
BIGGEST_ID = 2**31 - 1
LAST_DAY = date(2100, 12, 31)


@dataclass(frozen=True)
class TrailForm:
    """The filter as typed and as understood; a day that cannot be read is told beside its input and narrows nothing."""

    wanted: TrailFilter
    since: str = ""
    until: str = ""
    problems: dict[str, Text] = field(default_factory=dict)

    @classmethod
    def read(cls, sent: Sent) -> "TrailForm":
        """The address's parameters."""
        problems: dict[str, Text] = {}
        since, until = (_day(sent.get(name, ""), name, problems) for name in ("dari", "sampai"))
        if since and until and since > until:
            problems["sampai"] = Text(N_("Tanggal akhir lebih awal daripada tanggal awal."))
        number = sent.get("nomor", "")
        readable = number.isascii() and number.isdecimal() and len(number) < 11 and int(number) <= BIGGEST_ID
        wanted = TrailFilter(
            subject=fold_space(sent.get("q", "")[:100]),
            actor=fold_space(sent.get("orang", "")[:100]),
            kind=fold_space(sent.get("jenis", "")[:40]),
            action=fold_space(sent.get("tindakan", "")[:40]),
            since=since,
            until=until,
            subject_id=int(number) if readable else None,
        )
        return cls(
            wanted, fold_space(sent.get("dari", "")[:40]), fold_space(sent.get("sampai", "")[:40]), problems
        )

    def address(self) -> dict[str, str]:
        """The filter as the parameters of an address, without the empty ones."""
        wanted = self.wanted
        named = {
            "q": wanted.subject,
            "orang": wanted.actor,
            "jenis": wanted.kind,
            "tindakan": wanted.action,
            "dari": self.since,
            "sampai": self.until,
            "nomor": "" if wanted.subject_id is None else str(wanted.subject_id),
        }
        return {name: value for name, value in named.items() if value}


def _day(typed: str, name: str, problems: dict[str, Text]) -> date | None:
    try:
        day = parse_date(typed[:40])
    except Unreadable as wrong:
        problems[name] = wrong.text
        return None
    return min(day, LAST_DAY - timedelta(days=1)) if day else None
