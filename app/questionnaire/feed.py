"""What a browser needs to read and check a report by itself: the questions, the prepared checks, the places and all words.

One JSON file per edition, office and language. Its address holds a digest of its content, so that it may be kept for ever and
is never wrong; ``static/js/checks/`` is the second implementation that reads it, held equal by tests/questionnaire/vectors.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from babel.dates import get_month_names
from flask import Response, abort, current_app, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale

from app.core.access import signed_in
from app.core.assets import Asset
from app.core.i18n import LANGUAGES, locale, lookup, lookup_plural
from app.core.text import N_
from app.core.unreadable import SAYS
from app.questionnaire.checks import input_of
from app.questionnaire.lines import PAST
from app.questionnaire.models import Edition
from app.questionnaire.office_places import places
from app.questionnaire.operators import PLAIN
from app.questionnaire.queries import content_of, edition_of
from app.questionnaire.question import Question
from app.questionnaire.rules import Severity
from app.questionnaire.spreading import Check

KEPT = "private, max-age=31536000, immutable"
FOR_PEOPLE = frozenset({"hint", "help", "missing", "example", "public", "register", "total"})
WRONG = ("Satu isian perlu diperbaiki", "%(num)s isian perlu diperbaiki")  # of components/error_summary.html
WORDS: Mapping[str, str] = {
    "past": PAST,
    "figure": N_("Apakah angka ini benar?"),
    "answer": N_("Apakah jawaban ini benar?"),
    "why": N_("Pilih alasannya"),
    "or_why": N_("Atau pilih alasannya"),
    "fix": N_("Ubah menjadi %(value)s"),
    "fixes": N_("Ubah %(count)s angka ini sekaligus"),
    "and": N_(" dan "),
    "changed": N_("Diubah menjadi %(value)s."),
    "changes": N_("%(count)s angka diubah."),
    "settled": N_("%(question)s: tidak ada catatan lagi."),
}

_feeds: dict[tuple[int, str, str, str], Asset] = {}


def feed_of(edition: Edition) -> Asset:
    """The file for ``edition``, this office and the reader's language, made once per process."""
    key = edition.year, edition.digest, current_app.config["REGION"], locale()
    if key not in _feeds:
        content = json.dumps(feed(edition), ensure_ascii=False, separators=(",", ":")).encode()
        digest = hashlib.sha256(content).hexdigest()[:16]
        _feeds[key] = Asset(f"{edition.year}-{digest}.json", "application/json", content)
    return _feeds[key]


def feed_address(edition: Edition) -> str:
    """Where the file for this reader is."""
    year, _, digest = feed_of(edition).address.removesuffix(".json").partition("-")
    return url_for("questionnaire.feed", year=year, digest=digest)


@signed_in
def show(year: int, digest: str) -> ResponseReturnValue:
    """The file at this address; it may be kept for ever. 404 when an edition or a release has made it out of date."""
    edition = edition_of(year) or abort(404)
    asset = next((one for one in _in_all_languages(edition) if one.address == f"{year}-{digest}.json"), None)
    if asset is None:
        abort(404)
    encoding = next((e for e in ("br", "gzip") if request.accept_encodings[e]), "")
    response = Response(asset.packed.get(encoding, asset.content), mimetype=asset.mimetype)
    response.headers["Cache-Control"] = KEPT
    response.headers["Vary"] = "Accept-Encoding, Cookie"
    if encoding:
        response.headers["Content-Encoding"] = encoding
    return response


def _in_all_languages(edition: Edition) -> list[Asset]:
    found = []
    for language in LANGUAGES:
        with force_locale(language):
            found.append(feed_of(edition))
    return found


def feed(edition: Edition) -> dict[str, Any]:
    """The content, in the reader's language."""
    content = content_of(edition)
    months = get_month_names("wide", locale=locale())
    return {
        "year": edition.year,
        "language": locale(),
        "months": [months[number] for number in range(1, 13)],
        "questions": [_question(one) for one in content.questionnaire.questions],
        "checks": [_check(one) for one in content.checks if not _is_mute(one.when)],
        "places": dict(places()),
        "says": {name: lookup(sentence) for name, sentence in SAYS.items()},
        "words": {name: lookup(words) for name, words in WORDS.items()}
        | {"one_wrong": lookup_plural(*WRONG, 1), "many_wrong": lookup_plural(*WRONG, 2)},
    }


def _question(question: Question) -> dict[str, Any]:
    """What decides how an answer is read, and what the question is called."""
    kept = {key: value for key, value in question.to_json().items() if key not in FOR_PEOPLE}
    parts = [{**part, "label": lookup(part["label"])} for part in kept.get("parts", ())]
    return {**kept, "label": lookup(question.label)} | ({"parts": parts} if parts else {})


def _check(check: Check) -> dict[str, Any]:
    """One prepared check; what is usual is left out."""
    wording = {
        name: [kind, lookup(value) if kind == "label" and isinstance(value, str) else value]
        for name, (kind, value) in check.params.items()
    }
    data = {
        "code": check.code,
        "error": check.severity is Severity.ERROR,
        "questions": list(check.questions),
        "name": check.field.name,
        "field": input_of(check.field) if input_of(check.field) != check.field.name else "",
        "part": check.field.is_part,
        "when": check.when,
        "message": lookup(check.template),
        "past": "tahun lalu" in check.template,
        "asks": PAST in check.template,
        "params": wording,
        "suggestion": dict(check.suggestion),
        "score": check.score,
        "supersedes": sorted(check.supersedes),
        "confirm": check.confirm,
        "reading": check.reading,
        "complete_only": check.complete_only,
        "soft": check.soft,
        "order": check.order,
    }
    return {key: value for key, value in data.items() if value or key in {"score", "order", "when"}}


def _is_mute(when: Any) -> bool:
    """Whether a condition can never be true: it reckons with a range or length that the question does not have."""
    if not isinstance(when, list):
        return when is False
    return any(map(_is_mute, when[1:])) if when[0] == "and" else _is_unknown(when)


def _is_unknown(value: Any) -> bool:
    """Whether a value is never known: nothing, or reckoned from nothing."""
    if not isinstance(value, list):
        return value is None
    return value[0] in PLAIN and any(map(_is_unknown, value[1:]))
