"""What the browser's own reading and checking must agree on with Python's: cases made here, kept in vectors/browser.json.

``python -m tests.questionnaire.browser_vectors`` writes the file anew after a change of the checks. tests/questionnaire/
test_browser_vectors.py holds it against Python, tests/browser/test_checks_in_browser.py against Chromium.
"""

import json
import random
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from app.core.parsing import Unreadable
from app.questionnaire.answers import apply, read_answers, read_value
from app.questionnaire.checks import run_checks
from app.questionnaire.questions import standard
from tests.questionnaire.sound import PLACES, VECTORS, last_year, sound

FILE = Path(__file__).parent / "vectors/browser.json"
ASKED = standard()
FIGURES = [key for question in ASKED.questions if question.is_number for key in question.keys]
MONEY = ["modal_sendiri", "modal_luar", "aset", "volume_usaha", "shu"]
KEYS = [key for question in ASKED.questions for key in question.keys] + ["modal_sendiri_konfirmasi"]
ODD_FIGURES = [
    0,
    1,
    -1,
    8,
    9,
    999,
    10**9,
    10**9 + 1,
    10**15,
    10**15 + 1,
    -(10**15),
    -5000,
    0.5,
    True,
    "12",
    "",
]
RAW = [
    "1.25",
    "1,250",
    "12 juta",
    "abc",
    "1.250.000,45",
    "2000000000000000",
    "31-02-2025",
    "5-5-25",
    "x" * 60,
]
DAYS = [
    "2024-02-29",
    "2025-02-29",
    "2025-12-31",
    "2026-01-01",
    "2026-06-30",
    "2026-07-01",
    "1944-12-31",
    "2030-01-01",
]
TODAYS = ["2026-03-09", "2026-06-30", "2028-02-29", "2025-12-31", "2026-12-31"]
SCALES = [10, 100, 1000, 10**6, 0.1, 0.001, 0.000001, 1.02, 0.98, 1.2, 5, 8, 0.1999, -1, -1.5]
PIECES = [
    "1",
    "0",
    "250",
    "000",
    ".",
    ",",
    " ",
    "-",
    "−",
    "(",
    ")",
    "Rp",
    "rp. ",
    "juta",
    "rb",
    "+",
    "٣",
    "９",
    "\u200b",
    "00",
]
DAY_PIECES = [
    "1",
    "29",
    "31",
    "02",
    "2",
    "2024",
    "2025",
    "25",
    "-",
    "/",
    ".",
    " ",
    "Feb",
    "Februari",
    "agt",
    "Senin, ",
    "T00:00",
]
PHONE_PIECES = ["0", "62", "+62", "812", "341", "5512", "34", "-", " ", "(", ")", "/", "x", "ext"]
JSON = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(0.5)
    | st.text("ab1.Ω𝒳 ", max_size=6)
    | st.just({"raw": "1.25"})
)
ANSWERS = st.dictionaries(st.sampled_from(KEYS), JSON | st.integers(-(10**15), 10**15), max_size=14)
PARSED = {"rupiah": "aset", "integer": "jumlah_karyawan", "date": "tanggal_rat", "phone": "telepon_kantor"}


def case_findings(case: Mapping[str, Any]) -> list[list[Any]]:
    """What Python finds in a case, as the file keeps it: code, severity, questions, field, message, suggestion."""
    return [
        [one.code, one.severity.value, list(one.questions), one.field, one.message, dict(one.suggestion)]
        for one in run_checks(ASKED, *scope_of(case)[:1], **scope_of(case)[1])
    ]


def scope_of(case: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The answers of a case, and what else ``run_checks`` is told."""
    answers = case["answers"] if case.get("bare") else sound(**case["answers"])
    last = case["last"]
    if last is not None and not case.get("bare"):
        last = last_year(**last)
    rest = {"last": last, "year": case.get("year", VECTORS["year"]), "places": PLACES}
    rest |= {"today": date.fromisoformat(case.get("today", VECTORS["today"]))}
    return answers, rest | {"incomplete": case.get("incomplete", False)}


def case_answers(case: Mapping[str, Any]) -> dict[str, Any]:
    """What Python makes of a form that was sent."""
    values = read_answers(ASKED, case["typed"], PLACES).values
    return apply(ASKED, case["before"], values)


def case_reading(kind: str, typed: str) -> Any:
    """What Python reads, or ``{"says": sentence}``."""
    try:
        return read_value(ASKED.by_code[PARSED[kind]], typed, PLACES)
    except Unreadable as problem:
        return {"says": str(problem.text)}


def check_cases() -> Iterator[dict[str, Any]]:
    """The shared cases, then sound reports with slips in them, then whatever hypothesis thinks of."""
    kept = ("answers", "last", "today", "incomplete")
    yield from ({key: case[key] for key in kept if key in case} for case in VECTORS["cases"])
    chance = random.Random(3)
    for _ in range(260):
        yield {
            "answers": _slips(chance, sound()),
            "last": chance.choice([None, {}, {}, _slips(chance, last_year())]),
            "today": chance.choice(TODAYS),
            "year": chance.choice([2025, 2025, 2025, 2023, 2024]),
            "incomplete": chance.random() < 0.2,
        }
    for place, (answers, last) in enumerate(drawn(st.tuples(ANSWERS, st.none() | ANSWERS), 160)):
        yield {"bare": True, "answers": answers, "last": last, "incomplete": place % 16 != 0}


def _slips(chance: random.Random, report: Mapping[str, Any]) -> dict[str, Any]:
    """One to four changes of the kind that people make, and worse."""
    changes: dict[str, Any] = {}
    for _ in range(chance.randint(1, 4)):
        key = chance.choice(MONEY) if chance.random() < 0.6 else chance.choice(KEYS)
        value = report.get(key)
        changes[key] = _slip(chance, value if isinstance(value, int) else 250_000)
        if key.startswith("tanggal"):
            changes[key] = chance.choice([*DAYS, None, {"raw": chance.choice(RAW)}])
    if chance.random() < 0.15:
        a, b = chance.sample(MONEY, 2)
        changes |= {a: report.get(b), b: report.get(a)}
    return changes


def _slip(chance: random.Random, value: int) -> Any:
    digits = list(str(abs(value)))
    match chance.randint(0, 9):
        case 0 | 1 | 7 | 8 | 9:
            return int(value * chance.choice(SCALES))
        case 2 if len(digits) > 2:
            place = chance.randrange(len(digits) - 1)
            digits[place], digits[place + 1] = digits[place + 1], digits[place]
            return int("".join(digits))
        case 3 if len(digits) > 1:
            del digits[chance.randrange(len(digits))]
            return int("".join(digits))
        case 4:
            return {"raw": chance.choice(RAW)}
        case 5:
            return None
        case _:
            return chance.choice(ODD_FIGURES)


def form_cases() -> Iterator[dict[str, Any]]:
    """Sections as they are sent, over answers that stand."""
    chance = random.Random(5)
    odd = [
        *RAW,
        "",
        " ",
        "0",
        "-5",
        "1.250.000",
        "Rp 1.250.000,00",
        "(5.000)",
        "tidak Ada",
        "jasa",
        "sukasari",
        "35.73.01.1001",
    ]
    names = [one.name for one in ASKED.fields]
    for _ in range(80):
        sent = chance.sample(names, chance.randint(1, 6))
        typed = {name: chance.choice([*odd, *DAYS]) for name in sent}
        if chance.random() < 0.4:
            typed |= {
                "modal_sendiri_konfirmasi": chance.choice(["1", ""]),
                "aset_alasan": chance.choice(["", " Gudang  baru "]),
            }
        yield {
            "before": chance.choice([{}, sound(), sound(nama_pengelola="tidak ada", jumlah_manajer=None)]),
            "typed": typed,
        }


def typed_cases() -> Iterator[tuple[str, str]]:
    """Figures, days and numbers as people type and paste them."""
    for kind in PARSED:
        yield from (
            (kind, case["typed"])
            for case in json.loads((FILE.parent / "parsing.json").read_text("utf-8"))[kind]
        )
    chance = random.Random(7)
    pieces = {"rupiah": PIECES, "integer": PIECES, "date": DAY_PIECES, "phone": PHONE_PIECES}
    for kind, many in pieces.items():
        for _ in range(90):
            yield kind, "".join(chance.choices(many, k=chance.randint(1, 7)))


def drawn(strategy: st.SearchStrategy[Any], number: int) -> list[Any]:
    """Examples of ``strategy``, the same each time."""
    found: list[Any] = []

    @settings(max_examples=number, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
    @given(strategy)
    def collect(example: Any) -> None:
        found.append(example)

    collect()
    return found


def main() -> None:
    """Write the file: one case a line."""
    parts = {
        "checks": [case | {"expect": case_findings(case)} for case in check_cases()],
        "forms": [case | {"expect": case_answers(case)} for case in form_cases()],
        "typed": [[kind, typed, case_reading(kind, typed)] for kind, typed in typed_cases()],
    }
    lines = [
        f' "{name}": [\n' + ",\n".join("  " + json.dumps(one, ensure_ascii=False) for one in many) + "\n ]"
        for name, many in parts.items()
    ]
    about = "Made by tests/questionnaire/browser_vectors.py; run by Python and by Chromium."
    FILE.write_text(f'{{\n "about": "{about}",\n' + ",\n".join(lines) + "\n}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
