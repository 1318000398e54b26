"""``/cari``: one search over everything that the public may read."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from app.core.access import public
from app.core.i18n import _
from app.insights import services as visits
from app.pages.blueprint import bp
from app.pages.finding import KINDS, Findings, find_everywhere, nearest_words
from app.pages.home import popular
from app.pages.own_pages import address_if_here
from app.pages.rules import asked, marked, snippet

CODES = frozenset(kind.code for kind in KINDS)


@dataclass(frozen=True)
class Shown:
    """A hit as the page draws it: title and text in pieces, of which those that answer are marked."""

    title: list[tuple[str, bool]]
    text: list[tuple[str, bool]]
    url: str
    note: str


@dataclass(frozen=True)
class ShownGroup:
    """A group as the page draws it."""

    kind: object
    hits: list[Shown]
    more_url: str


@bp.get("/cari")
@public
def search() -> ResponseReturnValue:
    """What answers ``?q=``, in groups; ``?jenis=`` shows one of them; ``?format=json`` says the same to a program."""
    question = asked(request.args.get("q", ""))
    kind = request.args.get("jenis", "")
    found = find_everywhere(question, kind if kind in CODES else "")
    if request.args.get("format") == "json":
        return jsonify(_as_json(found))
    if question.typed and kind not in CODES:
        visits.searched(question.typed, 0 if found.partly else found.count)
    words = list(dict.fromkeys(" ".join(question.questions).split()))
    helpless = bool(question.typed) and (not found.groups or found.partly)
    return render_template(
        "pages/search.html",
        found=Findings(question, list(_shown(found, words)), found.partly),  # type: ignore[arg-type]
        near=nearest_words(question.words) if helpless else [],
        popular=popular(),
        alone=kind in CODES,
        ask_url=address_if_here("desk.ask"),
    )


def _shown(found: Findings, words: list[str]) -> Iterable[ShownGroup]:
    for group in found.groups:
        hits = [
            Shown(marked(hit.title, words), marked(snippet(hit.text, words), words), hit.url, hit.note)
            for hit in group.hits
        ]
        yield ShownGroup(group.kind, hits, group.more_url)


def _as_json(found: Findings) -> dict[str, object]:
    return {
        "pertanyaan": found.asked.typed,
        "sebagian": found.partly,
        "kelompok": [
            {
                "jenis": group.kind.code,
                "nama": _(group.kind.name),
                "hasil": [
                    {"judul": hit.title, "alamat": hit.url, "keterangan": hit.note} for hit in group.hits
                ],
            }
            for group in found.groups
        ],
    }
