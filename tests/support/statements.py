"""Which tests a second database would tell nothing new: what they send to it, other tests send too.

``python -m tests.support.statements`` runs the suite on SQLite, writes down which SQL each test sends, and chooses anew. What is
chosen stands in ``same_on_both.txt``, and ``./test`` leaves it out on PostgreSQL; ``pytest --database postgresql`` runs all. A test that
is new or was renamed is not in the list, so it runs on both.
"""

import ast
import json
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

LIST = Path(__file__).with_name("same_on_both.txt")
ROOT = Path(__file__).parents[2]
SENT_BY = 2  # tests at least, wherever so many send it
VALUES = re.compile(r"\((?:\?(?:, )?)+\)|-?\b\d+\b")  # as many as the data wants
# Tests that differ in more than statements: in values that only one database takes, in who comes first.
KEPT = re.compile(
    r"\b(given|threading|Thread|ThreadPoolExecutor|parallel|at_once|endings|examples)\b|fuzz|crowd|race"
)
NOT_WEIGHED = ("browser", "demo", "faults")  # they are judged one by one, in tests/conftest.py


@dataclass
class Sent:
    """What one test function sent, over all its examples, and the seconds of CPU that it took."""

    seconds: float = 0.0
    statements: set[str] = field(default_factory=set)


class Recorder:
    """Writes down what each test sends, into ``folder``: a file for each process."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{time.time_ns()}.json"
        self.now: set[str] = set()
        self.sent: list[tuple[str, float, list[str]]] = []
        event.listen(Engine, "before_cursor_execute", self.note)

    def note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.now.add(VALUES.sub("…", statement))

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self.now.clear()
        begun = time.process_time()
        told = yield
        self.sent.append((function(item.nodeid), time.process_time() - begun, sorted(self.now)))
        return told  # type: ignore[return-value]

    def pytest_sessionfinish(self) -> None:
        self.path.write_text(json.dumps(self.sent), encoding="utf-8")


def function(nodeid: str) -> str:
    """The test's address without its example and the group that xdist adds."""
    return nodeid.split("[")[0].split("@")[0]


def redundant(sent: Mapping[str, Sent], times: int = SENT_BY, kept: Collection[str] = ()) -> set[str]:
    """What can be left out, the costliest first, so that each statement is still sent by ``times`` of the others, or by all."""
    senders = Counter(statement for one in sent.values() for statement in one.statements)
    wanted = {statement: min(times, count) for statement, count in senders.items()}
    left_out = set()
    for name, one in sorted(sent.items(), key=lambda pair: (-pair[1].seconds, pair[0])):
        if one.statements and name not in kept and all(senders[it] > wanted[it] for it in one.statements):
            left_out.add(name)
            senders.subtract(one.statements)
    return left_out


def never_left_out(names: Iterable[str]) -> set[str]:
    """Those whose source is one of which :data:`KEPT` speaks."""

    @cache
    def tests_of(file: str) -> dict[str, str]:
        text = (ROOT / file).read_text(encoding="utf-8")
        lines = text.splitlines()
        return {
            node.name: "\n".join(
                lines[min([node.lineno, *(one.lineno for one in node.decorator_list)]) - 1 : node.end_lineno]
            )
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.FunctionDef)
        }

    def is_kept(name: str) -> bool:
        file, _, test = name.partition("::")
        return bool(KEPT.search(tests_of(file).get(test.split("::")[-1], "fuzz") + file))

    return {name for name in names if is_kept(name)}


@cache
def same_on_both() -> frozenset[str]:
    """The list, as addresses of test functions."""
    found, file = set(), ""
    for line in LIST.read_text(encoding="utf-8").splitlines():
        if line.startswith(" "):
            found.add(f"{file}::{line.strip()}")
        else:
            file = line
    return frozenset(found)


def read(folder: Path) -> dict[str, Sent]:
    """What all processes wrote down."""
    sent: dict[str, Sent] = defaultdict(Sent)
    for path in folder.glob("*.json"):
        for name, seconds, statements in json.loads(path.read_text(encoding="utf-8")):
            sent[name].seconds += seconds
            sent[name].statements |= set(statements)
    return sent


def written(names: set[str]) -> str:
    """The list as it stands in the file."""
    by_file: dict[str, list[str]] = defaultdict(list)
    for name in sorted(names):
        file, test = name.split("::", 1)
        by_file[file].append(test)
    return "".join(
        f"{file}\n" + "".join(f"    {test}\n" for test in tests) for file, tests in by_file.items()
    )


def main() -> None:
    """Record, choose, write."""
    ignored = [f"--ignore=tests/{folder}" for folder in NOT_WEIGHED]
    with tempfile.TemporaryDirectory() as folder:
        run = ["-q", "-n2", "--only-database", "--weigh-all", f"--record-statements={folder}", *ignored]
        subprocess.run([sys.executable, "-m", "pytest", *run], cwd=ROOT, check=True)
        sent = read(Path(folder))
    chosen = redundant(sent, kept=never_left_out(sent))
    LIST.write_text(written(chosen), encoding="utf-8")
    saved = sum(sent[name].seconds for name in chosen)
    print(
        f"{len(chosen)} of {len(sent)} tests left out: {saved:.0f} of {sum(one.seconds for one in sent.values()):.0f} s"
    )


if __name__ == "__main__":
    main()
