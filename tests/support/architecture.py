"""The rules of the architecture that Python's own syntax tree can show. Each takes the folder that holds app/ and returns
what breaks it, one sentence each; rules of templates stand in templates.py.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

Rule = Callable[[Path], list[str]]

FLOORS: tuple[frozenset[str], ...] = (
    frozenset({"core"}),
    frozenset({"audit", "files", "notifications", "regions"}),
    frozenset({"accounts"}),
    frozenset({"content", "cooperatives"}),
    frozenset({"questionnaire", "enterprises"}),
    frozenset({"intake", "quality", "clinic", "desk", "cases", "surveys"}),
    frozenset({"review", "programs"}),
    frozenset({"insights", "opendata", "operations"}),
    frozenset({"pages"}),
    # The ninth floor composes the others, in this order:
    frozenset({"demo", "navigation"}),
    frozenset({"start_up"}),
    frozenset({"cli"}),
    frozenset({"factory"}),
)
FLOOR_OF = {feature: floor for floor, features in enumerate(FLOORS) for feature in features}
COMPOSITION = 9
BUILDS_ON = {"app.operations.moving": {"app.operations.backup"}}
"""Folders inside a feature that import another folder of it."""
SHELVES = ("rules", "models", "queries", "services", "forms", "routes", "cli")
HEAVY = {
    "PIL", "fontTools", "fpdf", "holidays", "icalendar", "numpy", "openpyxl", "pandas", "prometheus_client", "python_calamine", "scipy", "segno", "sklearn",
    "webauthn", "xlsxwriter",
}  # fmt: skip
HEAVY_HOMES = {
    "app/accounts/passkey_ceremonies.py": {"webauthn"},
    "app/core/glyphs.py": {"fontTools"},
    "app/core/ics.py": {"icalendar"},
    "app/core/qr.py": {"segno"},
    "app/core/sheet.py": {"fpdf"},
    "app/core/spreadsheet_guard.py": {"python_calamine"},
    "app/core/spreadsheets.py": {"openpyxl", "xlsxwriter"},
    "app/core/working_days.py": {"holidays"},
    "app/enterprises/clusters/axes.py": {"numpy"},
    "app/enterprises/clusters/counting.py": {"numpy"},
    "app/enterprises/share_card.py": {"PIL"},
    "app/enterprises/clusters/encoding.py": {"numpy"},
    "app/enterprises/clusters/engine.py": {"numpy", "sklearn"},
    "app/files/pictures.py": {"PIL"},
    "app/operations/metrics.py": {"prometheus_client"},
    "app/pages/guide.py": {"PIL"},
    "app/quality/forest.py": {"sklearn"},
}
EXTRAS = ("passkey",)  # groups that a site may have beside what every site has
COMMIT_HOMES = {"app/core/writing.py"}
RAW_WRITE_HOMES = {"app/core/search.py", "app/core/search_bulk.py"}  # keep the index that no model describes
LOOKED_AT = (ast.Import, ast.ImportFrom, ast.Call, ast.If, ast.FunctionDef, ast.AsyncFunctionDef)
LEAVES = {ast.Name, ast.Constant, ast.Load, ast.Store}  # two nodes of three, with nothing inside
MARKUP_HOMES = {
    "app/accounts/signals.py",  # panels of our own templates, escaped as they are drawn
    "app/core/icons.py",  # SVG of our own, no person's words in it
    "app/core/markdown.py",  # cleaned by nh3
    "app/core/qr.py",
    "app/pages/guide.py",  # cleaned by nh3
    "app/core/templating.py",  # our own sentences, their parameters escaped
    "app/questionnaire/drawing.py",  # a component's own text, every value escaped
}
CHANGING = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|DROP|ALTER|TRUNCATE)\b", re.IGNORECASE)
NOT_PLAIN = {
    "flask",
    "flask_login",
    "flask_babel",
    "flask_sqlalchemy",
    "flask_wtf",
    "sqlalchemy",
    "werkzeug",
    "wtforms",
}


distributions = cache(packages_distributions)


@dataclass(frozen=True)
class Module:
    """One file of app/: its path from the root, its dotted name, its syntax tree, and what of it the rules look at."""

    path: str
    name: str
    tree: ast.Module
    nodes: tuple[ast.AST, ...]
    is_package: bool

    @property
    def feature(self) -> str:
        """``accounts`` of app/accounts/rules.py, ``factory`` of app/factory.py."""
        return self.name.split(".")[1] if "." in self.name else ""

    @property
    def part(self) -> str:
        """``rules`` of app/accounts/rules.py and of app/accounts/rules/x.py, ``forms`` of app/clinic/desk/forms.py; empty for the
        feature itself."""
        inside = self.name.split(".")[2:]
        return next((name for name in inside if name in SHELVES), inside[0] if inside else "")

    @property
    def folder(self) -> str:
        """``app.clinic.desk`` of app/clinic/desk/forms.py; empty for what stands in the feature's own folder."""
        inside = self.name.split(".")
        is_deep = len(inside) > 3 or (len(inside) == 3 and self.is_package)
        return ".".join(inside[:3]) if is_deep and inside[2] not in SHELVES else ""


@cache
def modules(root: Path) -> dict[str, Module]:
    """Every module of app/ by its dotted name."""
    found = {}
    for path in sorted((root / "app").rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found[name] = Module(path.relative_to(root).as_posix(), name, tree, tuple(nodes_of(tree)), is_package)
    return found


def nodes_of(tree: ast.AST) -> Iterator[ast.AST]:
    """Imports, calls, branches and functions, at whatever depth: all else, nine nodes of ten, is passed over once for all."""
    waiting = [tree]
    for node in waiting:
        if isinstance(node, LOOKED_AT):
            yield node
        for value in vars(node).values():
            for one in value if isinstance(value, list) else (value,):
                if isinstance(one, ast.AST) and type(one) not in LEAVES:
                    waiting.append(one)


def imports(module: Module, known: Collection[str]) -> Iterator[tuple[str, int]]:
    """Dotted names that ``module`` imports, with lines; ``from app.x import y`` gives app.x.y where that is a module."""
    for node in module.nodes:
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or "." * node.level
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                yield (inner if inner in known else base), node.lineno


@cache
def graph(root: Path) -> dict[str, dict[str, int]]:
    """For each module of app/ the modules of app/ that it imports, with the line."""
    known = modules(root)
    return {
        name: {other: line for other, line in imports(module, known) if other in known}
        for name, module in known.items()
    }


def imports_go_down(root: Path) -> list[str]:
    """A module imports its own feature and lower floors; every feature stands on a floor."""
    found, known = [], modules(root)
    for module in known.values():
        if not module.feature:
            continue
        if module.feature not in FLOOR_OF:
            found.append(f"{module.path} stands on no floor")
            continue
        for name, line in imports(module, known):
            if name == "app" or name.startswith("."):
                found.append(f"{module.path}:{line} imports {name!r}; name the module")
            elif name.startswith("app."):
                other = name.split(".")[1]
                if other != module.feature and FLOOR_OF.get(other, 99) >= FLOOR_OF[module.feature]:
                    found.append(f"{module.path}:{line} may not import {name}: it stands no lower")
    return found


def shelves_go_left(root: Path) -> list[str]:
    """Inside a feature and its folders no shelf imports one to its right, not even by way of a module that is no shelf."""
    found, known, edges = [], modules(root), graph(root)
    for module in known.values():
        if module.part not in SHELVES or FLOOR_OF.get(module.feature, 0) in (0, COMPOSITION):
            continue
        own = SHELVES.index(module.part)
        for name, line in edges[module.name].items():
            other = known[name]
            if other.feature == module.feature and shelf(other, known, edges) > own:
                found.append(f"{module.path}:{line} may not import {name}: it stands further right")
    return found


def shelf(module: Module, known: dict[str, Module], edges: dict[str, dict[str, int]]) -> int:
    """The place of a module on its feature's shelves; of one that is no shelf, the rightmost that it builds on, else −1."""
    waiting, seen, found = [module.name], {module.name}, -1
    while waiting:
        current = known[waiting.pop()]
        if current.part in SHELVES:
            found = max(found, SHELVES.index(current.part))
            continue
        below = {name for name in edges[current.name] if known[name].feature == module.feature} - seen
        seen |= below
        waiting += below
    return found


def folders_stand_apart(root: Path) -> list[str]:
    """A folder inside a feature imports of that feature only what they all stand on, and the folders that are listed."""
    known, edges = modules(root), graph(root)
    return [
        f"{module.path}:{line} may not import {name}: their folders stand apart"
        for module in known.values()
        if module.folder
        for name, line in edges[module.name].items()
        if known[name].feature == module.feature
        and known[name].folder not in {"", module.folder, *BUILDS_ON.get(module.folder, ())}
    ]


def no_circles(root: Path) -> list[str]:
    """No module reaches itself through its imports."""
    edges = graph(root)
    done: set[str] = set()
    found = []

    def walk(name: str, trail: tuple[str, ...]) -> None:
        if name in trail:
            found.append(" → ".join((*trail[trail.index(name) :], name)))
        elif name not in done:
            for other in sorted(edges[name]):
                walk(other, (*trail, name))
            done.add(name)

    for name in sorted(edges):
        walk(name, ())
    return found


def imports_stand_at_the_top(root: Path) -> list[str]:
    """Only a heavy library is imported inside a function, and only in its homes; never at the top."""
    found = []
    for module in modules(root).values():
        homes = HEAVY_HOMES.get(module.path, set())
        deferred = {id(node) for node in deferred_imports(module)}
        for node in module.nodes:
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            for name in imported_libraries(node):
                place = f"{module.path}:{node.lineno}"
                if name in HEAVY and name not in homes:
                    found.append(f"{place} imports {name}, which has no home there")
                elif name in HEAVY and id(node) not in deferred:
                    found.append(f"{place} imports {name} at the top: every start would wait for it")
                elif name not in HEAVY and id(node) in deferred and not is_type_checking(module.tree, node):
                    found.append(f"{place} imports {name} inside a function")
    return found


def imported_libraries(node: ast.Import | ast.ImportFrom) -> list[str]:
    """Top-level names that an import statement loads."""
    if isinstance(node, ast.Import):
        return [alias.name.split(".")[0] for alias in node.names]
    return [(node.module or "").split(".")[0]]


def deferred_imports(module: Module) -> Iterator[ast.stmt]:
    """Imports that do not run when the module is loaded: inside functions and under TYPE_CHECKING."""
    if not any(isinstance(node, ast.Import | ast.ImportFrom) and node.col_offset for node in module.nodes):
        return
    for node in module.nodes:
        under_types = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or under_types:
            yield from (n for n in nodes_of(node) if isinstance(n, ast.Import | ast.ImportFrom))


def is_type_checking(tree: ast.Module, wanted: ast.stmt) -> bool:
    """Whether an import stands under ``if TYPE_CHECKING`` at the top of the module."""
    blocks = (
        node for node in tree.body if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
    )
    return any(wanted is inner for block in blocks for inner in ast.walk(block))


def packages_hold_only_a_sentence(root: Path) -> list[str]:
    """``__init__.py`` is one docstring."""
    return [
        f"{module.path} must hold one docstring and nothing else"
        for module in modules(root).values()
        if module.is_package and not (len(module.tree.body) == 1 and ast.get_docstring(module.tree))
    ]


def rules_are_plain(root: Path) -> list[str]:
    """rules.py knows neither Flask nor a database."""
    found, known = [], modules(root)
    for module in known.values():
        if module.part == "rules":
            for name, line in imports(module, known):
                if name.split(".")[0] in NOT_PLAIN:
                    found.append(f"{module.path}:{line} imports {name}")
    return found


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the last name of what is called: ``commit`` of db.session.commit()."""
    for node in module.nodes:
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Attribute):
                yield node.func.attr, node
            elif isinstance(node.func, ast.Name):
                yield node.func.id, node


def only_the_unit_commits(root: Path) -> list[str]:
    """``commit()`` is called by the write unit alone."""
    return [
        f"{module.path}:{node.lineno} commits; open `with writing():` in the route instead"
        for module in modules(root).values()
        if module.path not in COMMIT_HOMES
        for name, node in calls(module)
        if name == "commit"
    ]


def no_raw_writes(root: Path) -> list[str]:
    """Changes go through the models: the guard of the write unit does not see raw SQL."""
    found = []
    for module in modules(root).values():
        for name, node in calls(module):
            writes = (
                name in {"text", "exec_driver_sql"}
                and node.args
                and CHANGING.match(first_words(node.args[0]))
            )
            if writes and module.path not in RAW_WRITE_HOMES:
                found.append(f"{module.path}:{node.lineno} writes with raw SQL")
    return found


def first_words(node: ast.expr) -> str:
    """What a string or f-string begins with; empty for anything else."""
    if isinstance(node, ast.JoinedStr) and node.values:
        node = node.values[0]
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def markup_has_homes(root: Path) -> list[str]:
    """``Markup(…)`` of anything but a plain string switches escaping off, so the modules that may are listed."""
    return [
        f"{module.path}:{node.lineno} calls Markup"
        for module in modules(root).values()
        if module.path not in MARKUP_HOMES
        for name, node in calls(module)
        if name == "Markup" and node.args and not isinstance(node.args[0], ast.Constant)
    ]


def messages_are_marked(root: Path) -> list[str]:
    """What is flashed to a person can be translated."""
    return [
        f"{module.path}:{node.lineno} flashes a bare string; wrap it in _()"
        for module in modules(root).values()
        for name, node in calls(module)
        if name == "flash" and node.args and isinstance(node.args[0], ast.Constant | ast.JoinedStr)
    ]


def libraries_are_declared(root: Path) -> list[str]:
    """What app/ imports stands in pyproject.toml, not only in somebody's environment."""
    with open(root / "pyproject.toml", "rb") as file:
        project = tomllib.load(file)
    extras = [pin for name in EXTRAS for pin in project.get("dependency-groups", {}).get(name, [])]
    pinned = project["project"]["dependencies"] + extras
    declared = {canonical(re.split(r"[\[=<>; ]", pin)[0]) for pin in pinned}
    known, found, provided = modules(root), [], distributions()
    for module in known.values():
        for name, line in imports(module, known):
            library = name.split(".")[0]
            if library in sys.stdlib_module_names or library in {"app", ""}:
                continue
            homes = {canonical(home) for home in provided.get(library, [])}
            if not homes & declared:
                found.append(f"{module.path}:{line} imports {library}, which pyproject.toml does not declare")
    return found


def canonical(distribution: str) -> str:
    """``Flask_Login`` and ``flask-login`` are one."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


RULES: tuple[Rule, ...] = (
    imports_go_down,
    shelves_go_left,
    folders_stand_apart,
    no_circles,
    imports_stand_at_the_top,
    packages_hold_only_a_sentence,
    rules_are_plain,
    only_the_unit_commits,
    no_raw_writes,
    markup_has_homes,
    messages_are_marked,
    libraries_are_declared,
)
