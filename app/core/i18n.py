"""The reader's language: Indonesian unless the reader chose English."""

from collections.abc import Collection, Mapping
from typing import Any

from flask import g, has_request_context, request, session
from flask.globals import _cv_app
from flask_babel import get_locale, get_translations

from app.core.text import Text

LANGUAGES = ("id", "en")
DEFAULT = "id"


def choose_locale() -> str:
    """``?lang=`` wins and is remembered by :func:`remember_language`; then the session; then Indonesian."""
    if not has_request_context():
        return "id"
    asked = request.args.get("lang") or session.get("lang")
    return asked if asked in LANGUAGES else "id"


def remember_language() -> None:
    """Before each request: keep a choice made by ``?lang=`` in the session cookie."""
    asked = request.args.get("lang")
    if asked in LANGUAGES and session.get("lang", "id") != asked:
        session["lang"] = asked


def locale() -> str:
    """The two letters of the language in which this answer is written.

    Asked dozens of times a page, so it reads where flask-babel keeps the choice (``force_locale`` changes it there too), and past
    the proxy ``g``, which costs ten times as much.
    """
    try:
        return _cv_app.get().g._flask_babel.babel_locale.language  # type: ignore[no-any-return]
    except (AttributeError, LookupError):  # not chosen yet, or no application
        chosen = get_locale()
        return str(chosen.language) if chosen else "id"


def lookup(message: str) -> str:
    """``message`` in the reader's language. Message ids are Indonesian: for most readers there is nothing to look up."""
    return message if locale() == "id" else str(get_translations().ugettext(message))


def lookup_plural(singular: str, plural: str, number: int) -> str:
    """The form of a counted message that fits ``number``."""
    if locale() == "id":
        return singular if number == 1 else plural
    return str(get_translations().ungettext(singular, plural, number))


def _(template: str, **params: object) -> str:
    """``template`` in the reader's language, filled with ``params``; extracted for the catalogue by its name."""
    found = lookup(template)
    return found % params if params else found


def choices(names: Mapping[Any, Text | str], only: Collection[Any] | None = None) -> list[tuple[str, str]]:
    """Value and word of each member of ``names``, for a field; ``only`` these."""
    return [
        (str(getattr(one, "value", one)), say(name))
        for one, name in names.items()
        if only is None or one in only
    ]


def say(text: Text | str) -> str:
    """``text`` in the reader's language. A ``Text`` inside the parameters is translated too."""
    if isinstance(text, str):
        return lookup(text) if text else ""
    params = {name: say(value) if isinstance(value, Text) else value for name, value in text.params.items()}
    return _(text.template, **params)


def request_id() -> str:
    """The short code by which a person and the log name the same request."""
    return str(g.get("request_id", "-"))
