"""How templates are looked up and drawn: a page imports a dozen components and calls them a hundred times.

Most components name nothing but their arguments, words, icons and assets, so they draw the same for the same arguments:
what they drew is remembered (by arguments, their types, and language) and handed out again. A component that asks for
anything else, such as the request, the person or a token, is called each time; nobody has to say which is which.
"""

from collections.abc import Callable, Iterator, MutableMapping
from datetime import date
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, cast

from flask.templating import Environment
from jinja2 import Template, meta, nodes
from jinja2.environment import TemplateModule
from jinja2.runtime import Macro
from markupsafe import Markup

from app.core import icons
from app.core.i18n import locale, lookup

SAME_FOR_ALL = {"_", "asset", "dict", "gettext", "icon", "locale", "ngettext", "range"}
"""Template globals that depend on nothing but their arguments and the language."""
PLAIN: set[type] = {bool, bytes, date, float, int, Markup, type(None)}
MOST = 4 << 20  # characters
LARGEST = 32 << 10

Drawing = tuple[Markup, tuple[str, ...]]
Kind = TypeVar("Kind", bound=type)


def plain_data(kind: Kind) -> Kind:
    """Decorate a frozen dataclass that draws the same whenever its fields are the same: none of its properties asks for the day,
    the person or the request. Its fields must be so too."""
    PLAIN.add(kind)
    return kind


class Drawings:
    """What components drew, with the icons in it. When it is full all is forgotten, and what is common is back at once."""

    def __init__(self) -> None:
        self._kept: dict[Any, Drawing] = {}
        self._size = 0

    def get(self, key: Any) -> Markup | None:
        """What was drawn for ``key``; its icons are noted for the page that will show it."""
        kept = self._kept.get(key)
        if kept is None:
            return None
        if kept[1]:
            icons.use_again(kept[1])
        return kept[0]

    def put(self, key: Any, drawn: Markup) -> None:
        """Remember a drawing, unless it is so large that it will hardly come again."""
        if len(drawn) > LARGEST:
            return
        if self._size + len(drawn) > MOST:
            self._kept, self._size = {}, 0
        self._kept[key] = drawn, icons.used_in(drawn)
        self._size += len(drawn)


class QuickTemplate(Template):
    """A template whose import costs next to nothing, and whose macros remember what they drew where that is right."""

    environment: "QuickEnvironment"

    def _get_default_module(self, ctx: Any = None) -> TemplateModule:
        """What ``import`` asks for. Jinja compares the globals each time; here all templates share one dict of them."""
        if self.globals is not self.environment.globals:
            return super()._get_default_module(ctx)
        if self._module is None:
            module = self.make_module()
            if self.name and self.environment.is_same_for_all(self.name):
                for name, macro in vars(module).items():
                    if isinstance(macro, Macro):
                        setattr(module, name, remembering(macro, self.environment.drawings))
            self._module = module
        return self._module


class QuickEnvironment(Environment):
    """Templates share one plain dict of globals, and one store of drawings."""

    template_class = QuickTemplate

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.drawings = Drawings()

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """The shared globals, unless a template is asked for with some of its own."""
        return super().make_globals(d) if d else self.globals

    def is_same_for_all(self, name: str) -> bool:
        """Whether the macros of template ``name``, and of those that it imports, depend on arguments and language alone.

        What is imported sees the globals and nothing of the page, so it is enough that it reads no other global; that a name
        is an argument somewhere does not excuse it.
        """
        if self.loader is None:
            return False
        tree = self.parse(self.loader.get_source(self, name)[0])
        read = {found.name for found in tree.find_all(nodes.Name) if found.ctx == "load"}
        imported = meta.find_referenced_templates(tree)
        return not read & (self.globals.keys() - SAME_FOR_ALL) and all(
            other is not None and self.is_same_for_all(other) for other in imported
        )


def remembering(macro: Macro, drawings: Drawings) -> Callable[..., Markup]:
    """``macro``, called only for arguments with which it has not been called before."""

    def drawn(*args: Any, **kwargs: Any) -> Markup:
        try:
            key = (
                macro,
                locale(),
                tuple(map(frozen, args)),
                tuple(kwargs),
                tuple(map(frozen, kwargs.values())),
            )
            known = drawings.get(key)
        except TypeError:  # a caller's block, an object …: these are not compared, but drawn
            return cast(Markup, macro(*args, **kwargs))
        if known is None:
            known = cast(Markup, macro(*args, **kwargs))
            drawings.put(key, known)
        return known

    return drawn


def frozen(value: Any) -> Any:
    """``value`` as part of a key. Types count: a text and the same text as markup are drawn differently.

    Raises:
        TypeError: it holds something that is not plain data.
    """
    kind = type(value)
    if kind is str:
        return value
    if kind in PLAIN:
        return kind, value
    if kind is tuple or kind is list:
        return kind, tuple(map(frozen, value))
    if kind is dict:
        return kind, tuple(_frozen_items(value))
    if issubclass(kind, Enum):
        return kind, value
    raise TypeError(kind)


def _frozen_items(values: dict[Any, Any]) -> Iterator[tuple[Any, Any]]:
    for name, value in values.items():
        yield frozen(name), frozen(value)


@lru_cache(maxsize=4096)
def _sentence(_language: str, template: str) -> Markup:
    """A sentence without placeholders; templates write a percent sign twice in either kind."""
    return Markup(lookup(template)) % ()  # noqa: S704 - our own sentence  # nosec B704


def sentence(template: str, **params: object) -> Markup:
    """Template global ``_``: a sentence in the reader's language, its parameters escaped."""
    if params:
        return Markup(lookup(template)) % params  # noqa: S704 - our own sentence  # nosec B704
    return _sentence(locale(), template)
