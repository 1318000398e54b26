"""What the review's forms send, read into plain values. Nothing typed is dropped."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import ImmutableMultiDict, MultiDict

from app.core.parsing import fold_lines, fold_space
from app.review.queue import QueueFilter
from app.review.rules import Act

LONGEST_COMMENT = 2000
Sent = ImmutableMultiDict[str, str] | MultiDict[str, str]


@dataclass(frozen=True)
class DecisionForm:
    """A decision as the operator left it: marks and comments by question code, the reason, and the version seen."""

    act: Act | None = None
    version: int = 0
    marked: tuple[str, ...] = ()
    comments: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    @classmethod
    def read(cls, sent: Sent, codes: frozenset[str]) -> "DecisionForm":
        """``sent`` for a report whose questions are ``codes``; what belongs to no question is left out."""
        act, version = sent.get("aksi", ""), sent.get("versi", "")
        return cls(
            act=Act(act) if act in {choice.value for choice in Act} else None,
            version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else 0,
            marked=tuple(code for code in dict.fromkeys(sent.getlist("perbaiki")) if code in codes),
            comments={
                code: text[:LONGEST_COMMENT]
                for code in codes
                if (text := fold_lines(sent.get(f"catatan_{code}", "")))
            },
            reason=fold_lines(sent.get("alasan", ""))[:LONGEST_COMMENT],
        )


def read_filter(sent: Sent) -> QueueFilter:
    """The queue's filter from an address; what makes no sense means all."""
    year = sent.get("tahun", "")
    return QueueFilter(
        q=fold_space(sent.get("q", ""))[:100],
        year=int(year) if year.isascii() and year.isdigit() and len(year) == 4 else None,
        kecamatan=fold_space(sent.get("kecamatan", ""))[:8],
        jenis=fold_space(sent.get("jenis", ""))[:60],
        warnings=sent.get("peringatan", "") if sent.get("peringatan") in {"ada", "tanpa", "sampel"} else "",
        assignee=sent.get("pemeriksa", "") if sent.get("pemeriksa") in {"saya", "bebas"} else "",
        origin="impor" if sent.get("asal") == "impor" else "",
        order="lama" if sent.get("urut") == "lama" else "",
    )


def address_of(wanted: QueueFilter) -> dict[str, Any]:
    """``wanted`` as the parameters of an address, without the empty ones."""
    named = {
        "q": wanted.q,
        "tahun": wanted.year,
        "kecamatan": wanted.kecamatan,
        "jenis": wanted.jenis,
        "peringatan": wanted.warnings,
        "pemeriksa": wanted.assignee,
        "asal": wanted.origin,
        "urut": wanted.order,
    }
    return {name: value for name, value in named.items() if value}
