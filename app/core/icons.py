"""The icons that a page shows: each name is drawn where it stands by reference, and once in full at the page's end."""

import re
from collections.abc import Iterable
from functools import cache, lru_cache
from pathlib import Path

from flask import g
from markupsafe import Markup

FOLDER = Path(__file__).parent.parent / "static" / "icons"
DRAWING = re.compile(r"<svg[^>]*>(.*)</svg>", re.DOTALL)
REFERENCE = re.compile(r'href="#i-([a-z0-9-]+)"')


@cache
def symbol(name: str) -> Markup:
    """The ``<symbol>`` of one icon, read from ``static/icons/<name>.svg``.

    Raises:
        LookupError: there is no such file, so that a slip in a template is found by the first test that draws it.
    """
    file = FOLDER / f"{name}.svg"
    drawing = DRAWING.search(file.read_text()) if file.is_file() else None
    if drawing is None:
        raise LookupError(f"no icon named {name!r} in {FOLDER}")
    paths = Markup(drawing[1].strip())  # noqa: S704 - our own file, chosen by us  # nosec B704
    return Markup('<symbol id="i-{}" viewBox="0 0 16 16">{}</symbol>').format(name, paths)


@lru_cache(maxsize=256)
def reference(name: str, label: str) -> Markup:
    """The small ``<svg>`` that stands in the text; without ``label`` it is hidden from screen readers."""
    spoken = Markup('role="img" aria-label="{}"').format(label) if label else Markup('aria-hidden="true"')
    return Markup('<svg class="icon" {}><use href="#i-{}"/></svg>').format(spoken, name)


def used_in(drawn: str) -> tuple[str, ...]:
    """The names of the icons that a piece of a page refers to: to show it again, they must be drawn again too."""
    return tuple(dict.fromkeys(REFERENCE.findall(drawn)))


class Sprite:
    """The icons used so far on one page, each once, in the order of their first use."""

    def __init__(self) -> None:
        self._names: dict[str, None] = {}

    def use(self, name: str, label: str = "") -> Markup:
        """Draw icon ``name`` here, and remember it for :meth:`draw`."""
        symbol(name)
        self._names[name] = None
        return reference(name, label)

    def use_again(self, names: Iterable[str]) -> None:
        """Icons that stand in a piece that was drawn before."""
        self._names.update(dict.fromkeys(names))

    def draw(self) -> Markup:
        """The hidden ``<svg>`` with the symbols; empty when the page used no icon."""
        return _symbols(tuple(self._names))


@lru_cache(maxsize=512)
def _symbols(names: tuple[str, ...]) -> Markup:
    """The symbols of a page; pages of one kind use the same icons."""
    if not names:
        return Markup()
    symbols = Markup().join(symbol(name) for name in names)
    return Markup('<svg class="hidden" aria-hidden="true">{}</svg>').format(symbols)


def _sprite() -> Sprite:
    if "icons" not in g:
        g.icons = Sprite()
    found: Sprite = g.icons
    return found


def icon(name: str, label: str = "") -> Markup:
    """Template global: an icon beside a word, or with ``label`` an icon that is read out."""
    return _sprite().use(name, label)


def use_again(names: Iterable[str]) -> None:
    """The page shows these icons in a piece that was drawn before."""
    _sprite().use_again(names)


def icon_sprite() -> Markup:
    """Template global: what ``layout/base.html`` draws last in the body, and starts the collection anew."""
    drawn = _sprite().draw()
    g.pop("icons", None)
    return drawn
