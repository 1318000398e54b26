"""Each oddity in one sentence with its figures, as a finding like those of the row checks."""

from collections.abc import Sequence
from math import exp
from typing import Any

from app.core.text import N_
from app.quality.features import CAPITAL, Balance, Case, Change, Feature, Level, figure
from app.quality.rules import CONSISTENT, Key, Oddity, score_of
from app.questionnaire.findings import Finding
from app.questionnaire.question import QuestionType
from app.questionnaire.questions import Questionnaire
from app.questionnaire.rules import Severity

PEERS, GROWTH, EXCHANGED, COPIED, TOGETHER = (
    "beda_sebaya",
    "beda_perubahan",
    "tertukar_riwayat",
    "salinan_lama",
    "gabungan_ganjil",
)
"""Codes of the findings: beside peers, against how others changed, exchanged, copied from an older year, all together."""

HIGHER = N_(
    "%(what)s %(now)s, %(times)s kali median %(count)s koperasi %(jenis)s %(size)s dengan “%(base)s” yang sama (%(usual)s)."
)
LOWER = N_(
    "%(what)s %(now)s, hanya 1/%(times)s dari median %(count)s koperasi %(jenis)s %(size)s dengan “%(base)s” yang sama (%(usual)s)."
)
OFF = N_(
    "%(what)s %(now)s, padahal median %(count)s koperasi %(jenis)s %(size)s dengan “%(base)s” yang sama %(usual)s."
)
ROSE = N_(
    "%(what)s tahun buku %(year)s %(last)s, sekarang %(now)s, naik %(percent)s persen, padahal pada separuh dari "
    "%(count)s koperasi perubahannya hanya %(low)s sampai %(high)s persen."
)
FELL = N_(
    "%(what)s tahun buku %(year)s %(last)s, sekarang %(now)s, turun %(percent)s persen, padahal pada separuh dari "
    "%(count)s koperasi perubahannya hanya %(low)s sampai %(high)s persen."
)
TURNED = N_(
    "%(a)s %(now_a)s dan %(b)s %(now_b)s, sedangkan tahun buku %(year)s kebalikannya: %(last_a)s dan %(last_b)s."
)
AGAIN = N_("Semua angka keuangan sama persis dengan tahun buku %(year)s, bukan angka baru.")
ALTOGETHER = N_(
    "Gabungan angka laporan ini paling berbeda di antara %(count)s laporan: %(a)s %(now_a)s (lazimnya %(usual_a)s) dan "
    "%(b)s %(now_b)s (lazimnya %(usual_b)s)."
)
ALIKE = (N_("segala ukuran"), N_("seukuran"))
EVERY_JENIS = N_("semua jenis")
BOTH_CAPITALS = N_("modal sendiri + modal luar")

Params = dict[str, tuple[str, Any]]


def finding(odd: Oddity, case: Case, asked: Questionnaire) -> Finding | None:
    """``odd`` in words; None where this edition does not ask what it speaks of."""
    feature = odd.feature
    if not set(feature.questions) <= set(asked.codes):
        return None
    if isinstance(feature, Level):
        return _made(PEERS, *_beside_peers(feature, odd, case, asked), feature, asked, odd.score)
    if isinstance(feature, Change):
        return _made(GROWTH, *_changed(feature, odd, case, asked), feature, asked, odd.score)
    if isinstance(feature, Balance):
        return _made(EXCHANGED, TURNED, _turned(feature, case, asked), feature, asked, odd.score)
    return None


def copied(year: int, asked: Questionnaire, questions: Sequence[str]) -> Finding | None:
    """The figures of ``year`` stand here again."""
    known = tuple(code for code in questions if code in asked.codes)
    if not known:
        return None
    return _finding(COPIED, AGAIN, {"year": ("text", str(year))}, known, asked, 0.8)


def altogether(
    drivers: Sequence[Oddity], z: float, count: int, case: Case, asked: Questionnaire
) -> Finding | None:
    """What the forest saw, by the two comparisons that lie furthest out; None where there are no two to name."""
    told: list[tuple[str, int, int]] = []
    for one in sorted(drivers, key=lambda driver: -abs(driver.z)):
        if not isinstance(one.feature, Level | Change):
            continue
        what = one.feature.what
        if asked.question_of(what) and what not in [code for code, _, _ in told]:
            told.append((what, figure(case.answers, what), one.feature.expected(case, one.usual.middle)))
    if len(told) < 2:
        return None
    params: Params = {"count": ("number", count)}
    for letter, (what, now, middle) in zip("ab", told, strict=False):
        params[letter] = _label(what, asked)
        params[f"now_{letter}"] = (_kind(what, asked), now)
        params[f"usual_{letter}"] = (_kind(what, asked), middle)
    questions = tuple(dict.fromkeys(_question(what, asked) for what, _, _ in told[:2]))
    return _finding(TOGETHER, ALTOGETHER, params, questions, asked, score_of(z))


def _beside_peers(feature: Level, odd: Oddity, case: Case, asked: Questionnaire) -> tuple[str, Params]:
    usual = feature.expected(case, odd.usual.middle)
    now = figure(case.answers, feature.what)
    ratio = exp(odd.value - odd.usual.middle)
    times = round(ratio if ratio > 1 else 1 / ratio)
    template = OFF if times < 2 else HIGHER if ratio > 1 else LOWER
    params = {
        "what": _label(feature.what, asked),
        "now": (_kind(feature.what, asked), now),
        "usual": (_kind(feature.what, asked), usual),
        "base": ("label", BOTH_CAPITALS) if feature.bases == CAPITAL else _label(feature.bases[0], asked),
        "count": ("number", odd.usual.reports),
        **_peers(odd.group),
    }
    return template, params if template == OFF else {**params, "times": ("number", times)}


def _peers(group: Key) -> Params:
    """How the group is called: with the jenis and the size as far as it keeps to them."""
    jenis = group[1] if len(group) > 1 else EVERY_JENIS
    return {"jenis": ("label", jenis), "size": ("label", ALIKE[len(group) > 2])}


def _changed(feature: Change, odd: Oddity, case: Case, asked: Questionnaire) -> tuple[str, Params]:
    year, past = case.past(feature.what) or (0, {})
    half = odd.usual.spread / CONSISTENT
    kind = _kind(feature.what, asked)
    params = {
        "what": _label(feature.what, asked),
        "year": ("text", str(year)),
        "last": (kind, figure(past, feature.what)),
        "now": (kind, figure(case.answers, feature.what)),
        "percent": ("number", abs(_percent(odd.value))),
        "count": ("number", odd.usual.reports),
        "low": ("number", _percent(odd.usual.middle - half)),
        "high": ("number", _percent(odd.usual.middle + half)),
    }
    return ROSE if odd.value > 0 else FELL, params


def _turned(feature: Balance, case: Case, asked: Questionnaire) -> Params:
    year, past = case.past(*feature.pair) or (0, {})
    params: Params = {"year": ("text", str(year))}
    for letter, what in zip("ab", feature.pair, strict=True):
        params[letter] = _label(what, asked)
        params[f"now_{letter}"] = (_kind(what, asked), figure(case.answers, what))
        params[f"last_{letter}"] = (_kind(what, asked), figure(past, what))
    return params


def _percent(logarithm: float) -> int:
    return round(100 * (exp(logarithm) - 1))


def _question(what: str, asked: Questionnaire) -> str:
    question = asked.question_of(what)
    return question.code if question else what


def _label(what: str, asked: Questionnaire) -> tuple[str, str]:
    field, question = asked.by_field.get(what), asked.question_of(what)
    return "label", field.label if field else question.label if question else what


def _kind(what: str, asked: Questionnaire) -> str:
    question = asked.question_of(what)
    return "rupiah" if question and question.type is QuestionType.RUPIAH else "number"


def _made(
    code: str, template: str, params: Params, feature: Feature, asked: Questionnaire, score: float
) -> Finding:
    return _finding(code, template, params, feature.questions, asked, score)


def _finding(
    code: str, template: str, params: Params, questions: Sequence[str], asked: Questionnaire, score: float
) -> Finding:
    inputs = asked.by_code[questions[0]].fields
    return Finding(
        code=code,
        severity=Severity.WARNING,
        questions=tuple(questions),
        field=inputs[0].name if inputs else questions[0],
        template=template,
        params=params,
        score=score,
        reason=f"{questions[0]}_alasan",
    )
