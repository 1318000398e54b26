"""``python -m tests.bench.anomalies``: how many known errors are caught, and how many sound reports are flagged for it.

Takes the fictional city of several seeds, puts one error into a share of its sound reports, looks at the whole year as the
site does, and prints by kind of error: how many were injected, and how many were caught by the row checks alone, with the
peers, and with the forest. Caught: a finding that was not there before names a question that the error touched. Errors that
change no figure by a fifth are counted too, and apart: they stay inside what changes from year to year anyhow.

Sound: sent, free of the slips that the city's people make themselves, compared with a sound last year, and nothing odd that
the cooperative has explained. Those others stand in lines of their own. Tuned on seeds 1 to 4; the default seeds are others.
"""

import argparse
import itertools
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from app.demo.chance import dice
from app.demo.generator import generate
from app.demo.records import DemoCooperative, DemoReport
from app.quality.assessment import Forest, Subject, Together, findings_of, together, usual_among
from app.quality.features import Answers, Case
from app.quality.forest import scores
from app.quality.rules import Statistics
from app.questionnaire.checks import run_checks
from app.questionnaire.findings import Finding
from app.questionnaire.questions import standard
from app.questionnaire.rules import Origin, Status
from app.regions.queries import office_region
from tests.bench.injected import MONEY, SLIPS, Injected, inject

TODAY = date(2026, 11, 21)
YEAR = TODAY.year - 1
PLACES = office_region("35.73").kelurahan
ASKED = standard()
STAGES = ("row checks", "+ peers", "+ forest")
SOUND, SLIPPED, ODD, PAST = (
    "sound",
    "with a slip of the city's own",
    "odd but true, with a reason",
    "sound after a wrong year",
)


@dataclass(frozen=True)
class Sent:
    """A report that was sent: its answers and its past, what it counts as, and the error put into it."""

    name: str
    answers: Answers
    earlier: tuple[tuple[int, Answers], ...]
    kind: str
    error: Injected | None = None

    @property
    def case(self) -> Case:
        return Case(self.error.answers if self.error else self.answers, self.earlier)


def sent_reports(seed: int, size: int, unrest: float = 0.0) -> Iterator[Sent]:
    """Everything that was sent for the latest year in the city of ``seed``; ``unrest`` see :func:`unsettled`."""
    city = generate(places=PLACES, today=TODAY, seed=seed, cooperatives=size)
    for cooperative in city.cooperatives:
        report = cooperative.report(YEAR)
        if report and report.status is not Status.DRAFT:
            earlier = tuple((one.year, one.answers) for one in _past(cooperative))
            answers = unsettled(report.answers, dice("unrest", seed, cooperative.name), unrest)
            yield Sent(cooperative.name, answers, earlier, _kind(cooperative, report))


def unsettled(answers: Answers, chance: random.Random, unrest: float) -> Answers:
    """``answers`` after a year in which fortunes differed more: capital, volume and SHU each × e^N(0, ``unrest``)."""
    if not unrest:
        return answers
    moved = {
        code: round(answers[code] * chance.lognormvariate(0, unrest))
        for code in MONEY
        if code != "aset" and code in answers
    }
    if {"modal_sendiri", "modal_luar"} <= moved.keys() and "aset" in answers:
        gap = answers["aset"] - answers["modal_sendiri"] - answers["modal_luar"]
        moved["aset"] = moved["modal_sendiri"] + moved["modal_luar"] + gap
    return {**answers, **moved}


def _past(cooperative: DemoCooperative) -> list[DemoReport]:
    """Earlier reports that serve as history, the latest first."""
    return [
        one
        for one in reversed(cooperative.reports)
        if one.year < YEAR and (one.status is not Status.DRAFT or one.origin is Origin.IMPORTED)
    ]


def _kind(cooperative: DemoCooperative, report: DemoReport) -> str:
    wrong = {mistake.year for mistake in cooperative.mistakes if not mistake.corrected}
    if YEAR in wrong:
        return SLIPPED
    if wrong:
        return PAST
    return ODD if any(key.endswith("_konfirmasi") for key in report.answers) else SOUND


def spoiled(reports: Iterable[Sent], seed: int, share: float) -> list[Sent]:
    """``reports`` with one error in about ``share`` of the sound ones, the kinds in turn."""
    kinds, found = itertools.cycle(SLIPS), list[Sent]()
    kind = next(kinds)
    for one in reports:
        chance, error = dice("error", seed, one.name), None
        if one.kind == SOUND and chance.random() < share:
            error = inject(chance, kind, one.answers, _last(one) or {})
        if error:
            kind = next(kinds)
        found.append(replace(one, error=error))
    return found


def _last(one: Sent) -> Answers | None:
    return one.earlier[0][1] if one.earlier else None


def row_checks(answers: Answers, one: Sent) -> list[Finding]:
    """What the row checks say of ``answers``."""
    return run_checks(ASKED, answers, last=_last(one), year=YEAR, today=TODAY, places=PLACES)


def stages(
    case: Case, one: Sent, known: Statistics, forested: Together, isolation: float
) -> Iterator[list[Finding]]:
    """What is said after each of STAGES."""
    said = row_checks(case.answers, one)
    yield said
    subject = Subject(case, ASKED, said)
    yield [*said, *findings_of(subject, known, year=YEAR)]
    yield [*said, *findings_of(subject, known, year=YEAR, count=forested.count, isolation=isolation)]


class Tally:
    """Counts over all seeds."""

    def __init__(self) -> None:
        self.injected: dict[str, Counter[str]] = defaultdict(Counter)
        self.flagged: dict[str, Counter[str]] = defaultdict(Counter)
        self.missed: Counter[tuple[str, str]] = Counter()
        self.causes: Counter[str] = Counter()

    def look(self, reports: Sequence[Sent], grow: Forest = scores) -> None:
        """Count one city."""
        cases = {number: one.case for number, one in enumerate(reports)}
        known = usual_among(cases.values())
        forested = together(cases, known, grow)
        for number, one in enumerate(reports):
            said = list(stages(cases[number], one, known, forested, forested.isolation.get(number, 0.0)))
            if one.error:
                before = list(stages(Case(one.answers, one.earlier), one, known, forested, 0.0))
                self._count_error(one.error, before, said)
            else:
                self.flagged[one.kind].update(
                    ["all", *(n for n, found in zip(STAGES, said, strict=True) if found)]
                )
                if one.kind == SOUND:
                    self.causes.update(f"{found.code}:{found.questions[0]}" for found in said[-1])

    def _count_error(self, error: Injected, before: list[list[Finding]], said: list[list[Finding]]) -> None:
        counts = self.injected[error.kind]
        counts["all"] += 1
        counts["telling"] += error.is_telling
        for stage, then, now in zip(STAGES, before, said, strict=True):
            known = {(one.code, one.questions) for one in then}
            caught = any(
                error.questions & set(one.questions) and (one.code, one.questions) not in known for one in now
            )
            counts[stage] += caught
            counts[f"telling {stage}"] += caught and error.is_telling
            if stage == STAGES[-1] and not caught:
                size = "over a fifth" if error.is_telling else "under a fifth"
                self.missed[error.kind, f"{', '.join(error.fields)} ({size})"] += 1

    def show(self) -> None:
        """The tables."""
        heads = "".join(f"{stage:>12}" for stage in STAGES)
        print(f"{'caught':<18}{'injected':>9}{heads}  | by over a fifth{heads}")
        whole: Counter[str] = Counter()
        for kind, counts in self.injected.items():
            whole.update(counts)
            self._line(kind, counts)
        self._line("all", whole)
        print(f"\n{'flagged':<32}{'reports':>9}{heads}")
        for kind, counts in self.flagged.items():
            shares = "".join(f"{counts[stage] / counts['all']:>12.1%}" for stage in STAGES)
            print(f"{kind:<32}{counts['all']:>9}{shares}")
        print("\nsound, flagged for:", *(f"{code} {times}," for code, times in self.causes.most_common(12)))
        print("\nmissed:")
        for (kind, fields), times in self.missed.most_common(16):
            print(f"  {times:>4}  {kind}: {fields}")

    @staticmethod
    def _line(kind: str, counts: Counter[str]) -> None:
        shares = "".join(f"{counts[stage] / counts['all']:>12.1%}" for stage in STAGES)
        telling = "".join(
            f"{counts[f'telling {stage}'] / max(1, counts['telling']):>12.1%}" for stage in STAGES
        )
        print(f"{kind:<18}{counts['all']:>9}{shares}  |{counts['telling']:>16}{telling}")


def main() -> None:
    """Read the wishes, look, print."""
    parser = argparse.ArgumentParser(description="known errors: caught, and sound reports flagged")
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(101, 113)))
    parser.add_argument("--size", type=int, default=760, help="cooperatives in a city")
    parser.add_argument(
        "--unrest", type=float, default=0.0, help="sigma by which the year differs more from the last"
    )
    parser.add_argument("--share", type=float, default=0.3, help="of the sound reports that get an error")
    chosen = parser.parse_args()
    tally = Tally()
    for seed in chosen.seeds:
        tally.look(spoiled(sent_reports(seed, chosen.size, chosen.unrest), seed, chosen.share))
    print(f"{len(chosen.seeds)} cities of {chosen.size} cooperatives, book year {YEAR}\n")
    tally.show()


if __name__ == "__main__":
    main()
