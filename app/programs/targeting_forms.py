"""The criteria as a form, by address: ``k_jenis=Konsumen&k_anggota_below=100``."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from app.core.i18n import say
from app.core.parsing import Unreadable, fold_space, parse_integer, parse_rupiah
from app.core.text import N_, Text
from app.programs.targeting import target_of
from app.programs.targeting_rules import (
    CLUSTER,
    CLUSTER_KEY,
    CRITERIA,
    LARGEST,
    PLACE,
    Criterion,
    Kind,
    Subject,
    Target,
    Words,
)

PREFIX = {Subject.COOPERATIVE: "k", Subject.ENTERPRISE: "u"}
ENDS = ("min", "below")
ASKED = "hitung"  # says that an address asks for a count, also when nothing is narrowed


@dataclass
class TargetForm:
    """What was typed, by input; the target as understood; and what could not be."""

    target: Target
    typed: dict[str, Any]
    problems: dict[str, Text] = field(default_factory=dict)

    @classmethod
    def of(cls, target: Target) -> "TargetForm":
        """The form as it shows a target."""
        typed: dict[str, Any] = {}
        for subject, criteria in CRITERIA.items():
            for criterion in criteria:
                wanted = target.get(subject.value, {}).get(criterion.code)
                for name, value in _inputs(subject, criterion, wanted):
                    typed[name] = value
        return cls(target, typed)

    @classmethod
    def read(cls, sent: "MultiDict[str, str]") -> "TargetForm":
        """What an address asks for. A figure that cannot be read is told beside its input and asks for nothing."""
        typed: dict[str, Any] = {}
        problems: dict[str, Text] = {}
        given: dict[str, dict[str, Any]] = {}
        for subject, criteria in CRITERIA.items():
            rules = given.setdefault(subject.value, {})
            for criterion in criteria:
                name = f"{PREFIX[subject]}_{criterion.code}"
                if criterion.kind is Kind.RANGE:
                    rules[criterion.code] = _read_range(criterion, name, sent, typed, problems)
                else:
                    typed[name] = sent.getlist(name) if criterion.kind is Kind.MANY else sent.get(name, "")
                    rules[criterion.code] = typed[name]
        return cls(target_of(given), typed, problems)


def _inputs(subject: Subject, criterion: Criterion, wanted: Any) -> list[tuple[str, Any]]:
    name = f"{PREFIX[subject]}_{criterion.code}"
    if criterion.kind is Kind.RANGE:
        return [(f"{name}_{end}", (wanted or {}).get(end, "")) for end in ENDS]
    if criterion.kind is Kind.ONE:
        return [(name, wanted[0] if wanted else "")]
    return [(name, wanted or [])]


def _read_range(
    criterion: Criterion,
    name: str,
    sent: "MultiDict[str, str]",
    typed: dict[str, Any],
    problems: dict[str, Text],
) -> dict[str, int]:
    found: dict[str, int] = {}
    for end in ENDS:
        raw = fold_space(sent.get(f"{name}_{end}", ""))[:40]
        typed[f"{name}_{end}"] = raw
        try:
            amount = (parse_rupiah if criterion.rupiah else parse_integer)(raw)
            if amount is not None and not 0 <= amount <= LARGEST:
                raise Unreadable(N_("Angka ini terlalu kecil atau terlalu besar."))
        except Unreadable as wrong:
            problems[f"{name}_{end}"] = wrong.text
        else:
            found |= {end: amount} if amount is not None else {}
    if found.get("min", 0) >= found.get("below", LARGEST + 1):
        problems[f"{name}_below"] = Text(N_("Isi angka yang lebih besar dari batas bawahnya."))
        return {}
    return found


def fields_of(subject: Subject, words: Words, form: TargetForm) -> list[dict[str, Any]]:
    """The criteria of one register as the page draws them."""
    drawn = []
    for criterion in CRITERIA[subject]:
        name = f"{PREFIX[subject]}_{criterion.code}"
        codes = _offered(criterion, words, form.typed.get(name))
        if not codes and criterion.kind is not Kind.RANGE:
            continue
        drawn.append(
            {
                "name": name,
                "label": say(criterion.label),
                "kind": criterion.kind.value,
                "hint": say(criterion.hint),
                "rupiah": criterion.rupiah,
                "choices": [(str(code), _capital(say(words.of(criterion, code)))) for code in codes],
                "chosen": _chosen(form.typed, name, criterion.kind),
            }
        )
    return drawn


def _offered(criterion: Criterion, words: Words, chosen: Any) -> list[str]:
    """The codes to choose from; of groups of UKM also one that was chosen and is no more, so that it can be taken off."""
    if criterion.code == PLACE:
        return list(words.places)
    if criterion.code != CLUSTER:
        return list(criterion.choices)
    now = list(words.clusters())
    return now + [code for code in chosen or [] if code not in now and CLUSTER_KEY.fullmatch(code)]


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _chosen(typed: Mapping[str, Any], name: str, kind: Kind) -> int:
    """How many choices of a criterion are made: what is chosen stands open."""
    if kind is Kind.RANGE:
        return sum(bool(str(typed.get(f"{name}_{end}", ""))) for end in ENDS)
    value = typed.get(name)
    return len(value) if isinstance(value, list) else int(bool(value))


def packed(target: Target) -> str:
    """A target as one hidden input carries it."""
    return json.dumps(target, separators=(",", ":"), sort_keys=True)


def unpacked(raw: str) -> Target:
    """What :func:`packed` wrote; of anything else only what makes sense."""
    try:
        return target_of(json.loads(raw[:20_000]))
    except ValueError:
        return {}


def arguments(form: TargetForm) -> dict[str, Any]:
    """The form as arguments of an address."""
    return {name: value for name, value in form.typed.items() if value not in ("", [])}
