"""The look's own rules: one place for colours, nothing that old phones drop, few bytes."""

import gzip
import re
from pathlib import Path

import brotli
import pytest

STATIC = Path(__file__).parents[2] / "app/static"
CSS = STATIC / "css"
SHEETS = sorted(path.relative_to(CSS).as_posix() for path in CSS.rglob("*.css"))
SCRIPTS = sorted((STATIC / "js").glob("*.js"))
CHECKS = sorted(
    (STATIC / "js/checks").glob("*.js")
)  # loaded when the form is filled in, after its first picture
SAVING, OFFLINE = re.compile(r"autosave|save[d_]"), re.compile(r"draft_|offline|sw\.")
MAPS = re.compile(r"map|pick_point")
FUNCTIONS = {
    "draft_crypto.js",
    "draft_database.js",
    "figure.js",
    "main.js",
    "map_base.js",
    "offline_home.js",
    "speak.js",
    "sw.js",
}
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|lab|lch|oklch|color)a?\(|:\s*(?:white|black|red|grey)\b", re.IGNORECASE
)
KIBIBYTE = 1024


def css(name: str) -> str:
    return COMMENT.sub("", (CSS / name).read_text())


def depth(sheet: str) -> int:
    """How many rules stand inside each other, at-rules left out."""
    deepest, open_rules = 0, []
    for start in re.finditer(r"([^{};]*)\{|\}", sheet):
        if start[0] == "}":
            open_rules.pop()
        else:
            open_rules.append(not start[1].strip().startswith("@"))
            deepest = max(deepest, sum(open_rules))
    return deepest


def test_every_sheet_is_in_the_order_and_the_order_names_no_other():
    orders = [
        (CSS / order).read_text().split() for order in ("ORDER", "ORDER_WORK", "ORDER_MAP", "ORDER_CLINIC")
    ]
    assert sorted(name for order in orders for name in order) == SHEETS


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "tokens.css"])
def test_colours_stand_in_the_tokens_only(name):
    assert not COLOUR.findall(css(name))


@pytest.mark.parametrize("name", SHEETS)
def test_no_sheet_uses_what_old_phones_drop(name):
    assert depth(css(name)) <= 1, "nested rules"
    assert "@layer" not in css(name)
    assert "@import" not in css(name)


@pytest.mark.parametrize("name", [name for name in SHEETS if name != "print.css"])
def test_importance_is_for_paper_only(name):
    assert "!important" not in css(name)


@pytest.mark.parametrize("name", SHEETS)
def test_every_token_that_is_used_is_defined(name):
    defined = set(re.findall(r"(--[\w-]+)\s*:", css("tokens.css")))
    assert not set(re.findall(r"var\((--[\w-]+)", css(name))) - defined


def test_the_dark_scheme_answers_every_colour_of_the_light_one():
    light, _, rest = css("tokens.css").partition("@media (prefers-color-scheme: dark)")
    dark = rest.partition("@media print")[0]
    coloured = set(re.findall(r"(--[\w-]+):\s*(?:#|rgb)", light))
    assert coloured - set(re.findall(r"(--[\w-]+):", dark)) == {"--on-thread", "--shade"}


def test_the_styles_of_the_whole_site_are_small(tested_app):
    sheet = tested_app.jinja_env.globals["asset"].by_name["simpul.css"]
    assert len(sheet.packed["gzip"]) <= 10 * KIBIBYTE
    assert len(sheet.packed["br"]) <= 9 * KIBIBYTE


WORK = {name for name in SHEETS if name in (CSS / "ORDER_WORK").read_text().split()}
WORDS = {
    "order",
    "note",
    "was",
    "changes",
    "locked",
    "preview",
    "mapping",
    "keys",
    "staff",
    "finding",
}  # words, too
TEMPLATES = STATIC.parent / "templates"


def classes(names: set[str]) -> set[str]:
    return {name for sheet in names for name in re.findall(r"\.([a-z][\w-]+)", css(sheet))}


def with_what_it_draws(name: str, seen: set[str]) -> set[str]:
    """A template and those that it extends, includes or imports."""
    if name not in seen:
        seen.add(name)
        for other in re.findall(r'(?:from|include|extends|import) "([^"]+)"', (TEMPLATES / name).read_text()):
            with_what_it_draws(other, seen)
    return seen


PAGES = sorted(
    path.relative_to(TEMPLATES).as_posix()
    for path in TEMPLATES.rglob("*.html")
    if path.parent.name not in ("layout", "components") and "{% extends" in path.read_text()
)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_needs_the_styles_of_work_loads_them(name):
    drawn = {
        one: re.sub(r"{#.*?#}", "", (TEMPLATES / one).read_text(), flags=re.DOTALL)
        for one in with_what_it_draws(name, set())
    }
    if any("work.css" in source for source in drawn.values()):
        return
    of_work = classes(WORK) - classes(set(SHEETS) - WORK) - WORDS
    written = {
        word
        for source in drawn.values()
        for value in re.findall(r'class="([^"]*)"', source)
        for word in re.findall(r"[\w-]+", value)
    }
    assert not written & of_work


def weight(scripts: list[Path]) -> int:
    return sum(len(gzip.compress(path.read_bytes(), 9)) for path in scripts)


@pytest.mark.parametrize(
    "path",
    [path for path in SCRIPTS if not any(kind.match(path.name) for kind in (SAVING, OFFLINE, MAPS))],
    ids=lambda path: path.name,
)
def test_a_script_of_ordinary_pages_is_small(path):
    """A page loads main.js, and of the others those that it asks for."""
    assert weight([path]) <= 1.5 * KIBIBYTE


def test_the_scripts_that_save_a_form_are_small():
    assert weight([path for path in SCRIPTS if SAVING.match(path.name)]) <= 9 * KIBIBYTE


def test_a_map_with_its_library_styles_and_lines_stays_within_its_50_kilobytes(tested_app):
    """The rest of them is for one view's squares, see tests/enterprises/test_map.py."""
    known = tested_app.jinja_env.globals["asset"].by_name
    needed = ("map.css", "js/map.js", "js/map_base.js", "vendor/leaflet/leaflet.js")
    lines = brotli.compress(
        (STATIC.parent / "regions/data/outlines/35.73.kelurahan.json").read_bytes(), quality=4
    )
    assert sum(len(known[name].packed["br"]) for name in needed) + len(lines) <= 47 * KIBIBYTE
    assert weight([path for path in SCRIPTS if MAPS.match(path.name)]) <= 6 * KIBIBYTE


def test_the_scripts_for_filling_in_offline_are_small():
    """They are loaded by those who have set it up, once."""
    assert weight([path for path in SCRIPTS if OFFLINE.match(path.name)]) <= 14 * KIBIBYTE


@pytest.mark.parametrize(
    "path", [path for path in SCRIPTS if path.name not in FUNCTIONS], ids=lambda p: p.name
)
def test_a_script_is_one_class(path):
    assert path.read_text().count("export default class ") == 1


def test_the_scripts_that_check_the_form_are_small():
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in CHECKS) <= 18 * KIBIBYTE


@pytest.mark.parametrize("path", SCRIPTS + CHECKS, ids=lambda path: path.name)
def test_scripts_speak_what_phones_of_2017_understand(path):
    code = re.sub(r"//.*", "", path.read_text())
    assert not re.findall(
        r"\?\.|\?\?|\|\|=|(?m:^await )|static #|\(\?<[=!]|\.at\(|replaceAll|structuredClone", code
    )


@pytest.mark.parametrize("path", SCRIPTS + CHECKS, ids=lambda path: path.name)
def test_scripts_write_no_markup_and_no_words_of_their_own(path):
    assert not re.findall(r"innerHTML|insertAdjacentHTML|document\.write|\.style\b|eval\(", path.read_text())
