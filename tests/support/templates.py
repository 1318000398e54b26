"""The rules of templates. Each takes the folder that holds app/ and returns what breaks it, one sentence each."""

import re
from collections.abc import Callable
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

from jinja2 import Environment, nodes

Rule = Callable[[Path], list[str]]

SHARED = {"layout", "components"}
SAFE_HOMES: set[str] = set()  # templates that may use |safe
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "placeholder", "title"}
COMPANIONS = {"components/messages.html": {"described"}}  # lists the ids that messages() gives
PROPER = {
    "Simpul",
    "NIK",
    "CSV",
    "XLSX",
    "PDF",
    "English",
    "Bahasa Indonesia",
    "Rp",
}  # the same in every language
WORD = re.compile(r"[^\W\d_]{2,}")
HOLE = "xHOLEx"  # stands where an expression fills something in; letters, so that it may be a tag's name
ENVIRONMENT = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True)


@cache
def sources(root: Path) -> dict[str, str]:
    """Every template's text by its path inside templates/."""
    folder = root / "app/templates"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.html"))
    }


@cache
def trees(root: Path) -> tuple[tuple[str, nodes.Template], ...]:
    """Every template's syntax tree."""
    return tuple((name, ENVIRONMENT.parse(source, name)) for name, source in sources(root).items())


@cache
def pages(root: Path) -> tuple[tuple[str, "Page"], ...]:
    """Every template's HTML."""
    return tuple((name, Page.of(source)) for name, source in sources(root).items())


def borrow_only_shared(root: Path) -> list[str]:
    """A template uses layouts, components, and its own feature's templates."""
    found = []
    for name, tree in trees(root):
        for node in tree.find_all((nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)):
            if not isinstance(node.template, nodes.Const):
                found.append(f"{name}:{node.lineno} borrows a template by a computed name")
            elif node.template.value.split("/")[0] not in SHARED | {name.split("/")[0]}:
                found.append(f"{name}:{node.lineno} may not borrow {node.template.value}")
    return found


def imported_macros_are_used(root: Path) -> list[str]:
    """No import is left over."""
    found = []
    for name, tree in trees(root):
        read = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "load"}
        for node in tree.find_all((nodes.FromImport, nodes.Import)):
            given = node.names if isinstance(node, nodes.FromImport) else [node.target]
            aliases = [alias[1] if isinstance(alias, tuple) else alias for alias in given]
            found += [
                f"{name}:{node.lineno} imports {alias} and does not use it"
                for alias in aliases
                if alias not in read
            ]
    return found


def components_are_single(root: Path) -> list[str]:
    """components/x.html defines the macro x, or is a fragment to include; parts of its own begin with an underscore."""
    found = []
    for name, tree in trees(root):
        public = {macro.name for macro in tree.find_all(nodes.Macro) if not macro.name.startswith("_")}
        if (
            name.startswith("components/")
            and public
            and public != {Path(name).stem} | COMPANIONS.get(name, set())
        ):
            found.append(f"{name} defines {', '.join(sorted(public))}")
    return found


def escaping_stays_on(root: Path) -> list[str]:
    """``|safe`` only where listed, ``autoescape false`` nowhere."""
    found = []
    for name, tree in trees(root):
        if name not in SAFE_HOMES:
            unsafe = (node for node in tree.find_all(nodes.Filter) if node.name == "safe")
            found += [f"{name}:{node.lineno} uses |safe" for node in unsafe]
        found += [
            f"{name}:{node.lineno} changes escaping"
            for node in tree.find_all(nodes.ScopedEvalContextModifier)
        ]
    return found


def nothing_inline(root: Path) -> list[str]:
    """No style, handler or script stands in a page: the policy would block it."""
    found = []
    for name, page in pages(root):
        for tag, attributes in page.tags:
            if tag == "style":
                found.append(f"{name}: <style>")
            is_data = attributes.get("type", "").endswith("json")
            if tag == "script" and "src" not in attributes and not is_data:
                found.append(f"{name}: <script> without src")
            found += [
                f"{name}: {key}= on <{tag}>"
                for key in attributes
                if key == "style" or re.match(r"on[a-z]+$", key)
            ]
    return found


def words_are_marked(root: Path) -> list[str]:
    """Every word on a screen stands in ``_()`` or ``{% trans %}``."""
    found = []
    for name, page in pages(root):
        spoken = page.texts + [
            value
            for _, attributes in page.tags
            for key, value in attributes.items()
            if key in SPOKEN_ATTRIBUTES
        ]  # fmt: skip
        for text in spoken:
            for piece in text.split(HOLE):
                if piece.strip(" \n.,:;·–—()") not in PROPER and WORD.search(piece):
                    found.append(f"{name}: {piece.strip()!r} is not marked for translation")
    return found


class Page(HTMLParser):
    """What of a template is HTML: tags with their attributes, and texts; what Jinja fills in is a hole."""

    @classmethod
    def of(cls, source: str) -> "Page":
        """The HTML of a template's source."""
        page = cls()
        page.feed(without_jinja(source))
        page.close()
        return page

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.texts: list[str] = []
        self.raw = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {key: value or "" for key, value in attrs}))
        self.raw = tag in {"script", "style"}

    def handle_endtag(self, tag: str) -> None:
        self.raw = False

    def handle_data(self, data: str) -> None:
        if not self.raw:
            self.texts.append(data)


def without_jinja(source: str) -> str:
    """``source`` with a hole for each expression and translated passage, without statements, comments, and what stands in
    a block that fills a class attribute.
    """
    kept: list[str] = []
    statement: list[str] = []
    silent: list[str] = []  # the statements that end what is left out
    for _, kind, value in ENVIRONMENT.lex(source):
        if kind == "block_begin":
            statement = []
        elif kind == "name":
            statement.append(value)
        elif kind == "block_end":
            if silent and statement[:1] == [silent[-1]]:
                silent.pop()
            elif statement[:1] == ["trans"]:
                silent.append("endtrans")
                kept.append(HOLE)
            elif statement[:1] == ["block"] and statement[-1].endswith("_class"):
                silent.append("endblock")
        elif kind == "variable_end":
            kept.append(HOLE)
        elif kind == "data" and not silent:
            kept.append(value)
    return "".join(kept)


RULES: tuple[Rule, ...] = (
    borrow_only_shared,
    imported_macros_are_used,
    components_are_single,
    escaping_stays_on,
    nothing_inline,
    words_are_marked,
)
