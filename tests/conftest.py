"""The fixtures that every test may use. One suite for both databases: ``pytest --database sqlite|postgresql``."""

import contextvars
import gc
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from click.testing import Result
from flask import Flask

from app.core import caching
from app.core.access import Role
from app.core.config import SETTINGS
from app.core.database import Base
from app.core.extensions import db, limiter
from tests.support import html, statements
from tests.support.client import Client, watch_safe_requests
from tests.support.databases import Databases, left_over, make_quick, note_writes, sweep
from tests.support.postgres import PostgresServer
from tests.support.sharing import compiled_templates, shared_folder

if TYPE_CHECKING:
    from tests.factories import Factories

SERVER = pytest.StashKey[PostgresServer]()
WRITTEN = "tables written"
FACTORY = "what it was made with"
TOUCHES_DATABASE = {"app", "databases", "site", "demo_site"}
# Beginnings of tests that use a database and yet cannot tell one from the other: who may enter where, what is drawn or printed of
# rows that other tests read too, the demonstration on other days. Of the roles of the access matrix the admin's goes everywhere.
# Single tests are chosen by what they send: tests/support/statements.py.
SAME_ON_BOTH = tuple(
    f"tests/{test}"
    for test in (
        "accounts/test_access.py::test_each_role", "cooperatives/test_entry.py::test_everybody_enters",
        "cooperatives/test_entry.py::test_only_operators", "core/test_error_pages.py", "core/test_remembered_components.py",
        "demo/test_any_day.py", "demo/test_clinic.py", "demo/test_start_up.py", "enterprises/test_privacy_everywhere.py::test_what_the_office_sees",
        "pages/test_components.py", "pages/test_home.py::test_a_kept_page", "pages/test_home.py::test_later_pages",
        "pages/test_home.py::test_the_first_visit", "questionnaire/test_drawing.py", "questionnaire/test_edition_pages.py::test_nobody_else",
        "questionnaire/test_edition_pages.py::test_only_operators", "questionnaire/test_paper.py", "questionnaire/test_sheet_cells.py",
        "questionnaire/test_template_sheet.py", "security/test_answers.py",
        *(f"security/test_matrix.py::test_every_address_answers_a_role_as_its_marker_says[{role}]"
          for role in ("nobody", *(role for role in Role if role is not Role.ADMIN))),
    )
)  # fmt: skip

# A slow moment of the machine is no failure, and the same tree gives the same answer on every machine. To look further than
# that: ./test --hypothesis-profile explore
hypothesis.settings.register_profile("explore", deadline=None, max_examples=1000)
hypothesis.settings.register_profile("simpul", deadline=None, derandomize=True, max_examples=25)
hypothesis.settings.register_profile("postgresql", deadline=None, derandomize=True, max_examples=10)
hypothesis.settings.load_profile("simpul")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database", choices=("sqlite", "postgresql"), default="sqlite", help="what the site runs on"
    )
    parser.addoption(
        "--kills", type=int, default=4, help="how often the server is killed while somebody types"
    )
    parser.addoption("--headed", action="store_true", help="show the browser")
    parser.addoption(
        "--only-database", action="store_true", help="leave out what would end the same on another database"
    )
    parser.addoption(
        "--weigh-all", action="store_true", help="with it: leave out only what touches no database"
    )
    parser.addoption(
        "--record-statements", type=Path, help="a folder for what each test sends to the database"
    )


def pytest_configure(config: pytest.Config) -> None:
    gc.set_threshold(50_000, 20, 20)
    if not hasattr(config, "workerinput"):
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # a run that is stopped stops its servers
    for name in ("INSTANCE", *(setting.name for setting in SETTINGS)):
        os.environ.pop(f"SIMPUL_{name}", None)  # whatever this machine's site is set to
    if folder := config.getoption("--record-statements"):
        config.pluginmanager.register(statements.Recorder(folder))
    if config.getoption("--database") == "postgresql" and not config.getoption("--hypothesis-profile"):
        hypothesis.settings.load_profile("postgresql")  # the laws are the same; what differs are statements


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file made for a test holds the second in which it was made; by that, two workers would disagree what there is to do."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--only-database"):
        wanted = touches_the_database if config.getoption("--weigh-all") else hangs_on_the_database
        kept = [item for item in items if wanted(item)]
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = kept


def hangs_on_the_database(item: pytest.Item) -> bool:
    """Whether a test could end otherwise on another database; of those in the browser, one journey stands for all:
    that in which every step reaches the server."""
    if item.nodeid.startswith(SAME_ON_BOTH) or statements.function(item.nodeid) in statements.same_on_both():
        return False
    if item.path.parent.name == "browser":
        return item.path.stem == "test_journey" and "without script" in item.name
    return touches_the_database(item)


def touches_the_database(item: pytest.Item) -> bool:
    """Whether a test has one at all."""
    return bool(TOUCHES_DATABASE & set(getattr(item, "fixturenames", ())))


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist: its workers share the one server that the controller starts."""
    node.workerinput["postgres_address"] = postgres_address(node.config)


def pytest_unconfigure(config: pytest.Config) -> None:
    if server := config.stash.get(SERVER, None):
        server.__exit__(None, None, None)


def postgres_address(config: pytest.Config) -> str:
    """Where the PostgreSQL server of this run listens, started when first asked for; empty on SQLite."""
    if config.getoption("--database") == "sqlite":
        return ""
    if given := getattr(config, "workerinput", {}).get("postgres_address"):
        return str(given)
    if SERVER not in config.stash:
        config.stash[SERVER] = PostgresServer().__enter__()
    return config.stash[SERVER].address


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Databases:
    """Makes empty databases of the kind that this run tests: ``with databases.fresh() as url``."""
    config = request.config
    worker = getattr(config, "workerinput", {}).get("workerid", "main")
    folder = tmp_path_factory.mktemp("databases")
    return Databases(config.getoption("--database"), folder, postgres_address(config), worker)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the tested site is configured with, beside its database."""
    return {
        "INSTANCE": str(tmp_path_factory.mktemp("instance")),
        "TESTING": True,
        "SECRET_KEY": "a key for tests only, of no worth to anybody",
        "ARGON2_TIME_COST": 1,
        "ARGON2_MEMORY_COST": 8,
        "BACKUP_FIRST": "0",
    }


@contextmanager
def site_of_its_own(databases: Databases, settings: dict[str, Any]) -> Iterator[Flask]:
    """The application with an empty database of its own."""
    from app.factory import create_app  # here, so that tests of plain rules do not load the site

    with databases.fresh() as url:
        app = create_app(settings | {"DATABASE_URL": url})
        app.test_client_class = Client
        with app.app_context():
            make_quick(db.engine)
            db.create_all()
            app.extensions[WRITTEN] = note_writes(db.engine, Base.metadata)
            caching.pages_of(app)
        watch_safe_requests(app)
        app.extensions[FACTORY] = frozenset({*app.extensions, FACTORY})
        yield app
        with app.app_context():
            left = left_over(db.engine, Base.metadata)
            db.engine.dispose()
        assert not left, f"rows that no test swept away: {left}"


@pytest.fixture(scope="session")
def tested_app(
    databases: Databases, settings: dict[str, Any], request: pytest.FixtureRequest
) -> Iterator[Flask]:
    """The application, made once; tests take ``app``, which is the same one, emptied after each test."""
    with site_of_its_own(databases, settings) as app:
        Client.check_html = (
            databases.kind == "sqlite"
        )  # the same pages come from both; parsing each takes 20 ms
        if folder := shared_folder(request.config, "templates"):
            app.jinja_env.bytecode_cache = compiled_templates(folder)
        if folder := shared_folder(request.config, "pages"):
            html.remember(folder)
        gc.collect()
        gc.freeze()  # the site stays: looking through it for garbage, again and again, is a tenth of a run
        yield app


@pytest.fixture
def app(tested_app: Flask) -> Iterator[Flask]:
    """The application with an empty database, inside its context; writes are real commits, swept away afterwards."""
    with tested_app.app_context():
        yield tested_app
        db.session.remove()
        written = tested_app.extensions[WRITTEN]
        sweep(db.engine, Base.metadata, only=written)
        written.clear()
        forget(tested_app)
    limiter.reset()


def forget(app: Flask) -> None:
    """Nothing of one test is in the memory of the process at the next: pages, figures, words, visits."""
    from app.insights.services import counter_of

    caching.pages_of(app).clear()
    counter_of(app).begin()
    for name in app.extensions.keys() - app.extensions[FACTORY]:
        del app.extensions[name]


@pytest.fixture
def client(app: Flask) -> Client:
    """A browser that nobody has signed in with."""
    made: Client = app.test_client()  # type: ignore[assignment]
    return made


@pytest.fixture
def client_as(app: Flask) -> Callable[[Any], Client]:
    """``client_as(user)``: a browser in which ``user`` has just signed in."""
    from app.accounts.step_up import PROVED
    from app.core.database import now

    def sign_in(user: Any) -> Client:
        client: Client = app.test_client()  # type: ignore[assignment]
        with client.session_transaction() as session:
            session["_user_id"] = user.get_id()
            session["_fresh"] = True
            session[PROVED] = int(now().timestamp())
        return client

    return sign_in


@pytest.fixture
def command(app: Flask) -> Callable[..., Result]:
    """``command("user", "create", "--email", …, input="…")``: a command as the shell would run it."""
    runner = app.test_cli_runner()

    def run(*arguments: str | Path, **options: Any) -> Result:
        db.session.rollback()
        return contextvars.Context().run(runner.invoke, args=[str(a) for a in arguments], **options)

    return run


@pytest.fixture
def factories(app: Flask) -> "Factories":
    """Makes the things that tests are about, committed."""
    from tests.factories import Factories

    return Factories()


@pytest.fixture
def make_user(factories: "Factories") -> Callable[..., Any]:
    """``make_user(*roles, **overrides)``: a person; the password is :data:`tests.factories.PASSWORD`."""
    return factories.user


@pytest.fixture
def make_cooperative(factories: "Factories") -> Callable[..., Any]:
    """``make_cooperative(**overrides)``: a listed cooperative."""
    return factories.cooperative


@pytest.fixture
def make_membership(factories: "Factories") -> Callable[..., Any]:
    """``make_membership(user, cooperative, **overrides)``: an active right to act for it."""
    return factories.membership
