"""``./run`` prepares the database, tells where the site is, and says in one sentence what is wrong."""

import errno
import os
import sys
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from flask.cli import cli as shell
from sqlalchemy import func, inspect, select, text
from sqlalchemy.exc import OperationalError

from app.accounts.models import User
from app.accounts.passwords import verify_password
from app.cooperatives.models import Cooperative
from app.core.extensions import db
from app.core.plain_words import DETAILS, file_trouble, in_one_sentence
from app.core.writing import writing
from app.demo import loader
from app.demo.accounts import SIGN_INS
from app.demo.loader import load
from app.factory import create_app
from app.questionnaire.models import Edition
from app.regions.queries import office_region
from app.start_up import upgrade
from tests.factories import Factories
from tests.support.databases import make_quick

KEY = {"SECRET_KEY": "kunci yang panjang dan acak untuk pengujian saja, 48 huruf"}
PUBLIC = {"BASE_URL": "https://koperasi.contoh.go.id"}


SOME = 10
pytestmark = pytest.mark.xdist_group("start-up")


@pytest.fixture(scope="module", autouse=True)
def small_city():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loader, "load", lambda enterprises: load(SOME, min(enterprises, 60)))
        yield


class Machine:
    """Where a site is started: always at the same place, with the same tables or other ones. ``machine(**settings)`` is a site
    there, which no other site beside it uses at that time.
    """

    def __init__(self, databases, settings):
        self.databases, self.settings = databases, settings
        self.url, self.sites = "", {}

    @contextmanager
    def like(self, url=""):
        """Begin with a copy of the database at ``url``, or with none."""
        with self.databases.fresh(url, name="start_up") as self.url:
            yield self
            self.rest()

    def __call__(self, **given):
        key = tuple(sorted(given.items()))
        if key not in self.sites:
            self.sites[key] = site = create_app(self.settings | {"DATABASE_URL": self.url} | given)
            with site.app_context():
                make_quick(db.engine)
        return self.sites[key]

    def rest(self):
        for site in self.sites.values():
            with site.app_context():
                db.session.remove()
                db.engine.dispose()

    @contextmanager
    def started(self, *arguments, **given):
        """What a start from nothing says, and the URL of a copy of what it leaves."""
        with self.like():
            done = run(self(**given), "start-up", *arguments)
            self.rest()
            with self.databases.fresh(self.url) as copy:
                yield done, copy


@pytest.fixture(scope="module")
def place(databases, settings, tmp_path_factory):
    return Machine(databases, settings | {"INSTANCE": str(tmp_path_factory.mktemp("start-up"))})


@pytest.fixture(scope="module")
def first_start(place):
    with place.started(PORT="8123", BASE_URL="http://127.0.0.1:8123") as done:
        yield done


@pytest.fixture(scope="module")
def first_empty_start(place):
    with place.started("--empty") as done:
        yield done


@pytest.fixture
def bare(place):
    """``bare(**settings)``: a site on a database that has no table yet."""
    with place.like() as machine:
        yield machine


@pytest.fixture
def machine(place, first_empty_start):
    """``machine(**settings)``: a site that was started once, and that nobody has used."""
    with place.like(first_empty_start[1]) as machine:
        yield machine


@pytest.fixture
def demonstration(place, first_start):
    """``demonstration(**settings)``: a site that was started once, with the demonstration."""
    with place.like(first_start[1]) as machine:
        yield machine


def run(site, *arguments):
    return site.test_cli_runner().invoke(args=arguments)


def one_sentence(result):
    """What a failed command said: one line, no traceback."""
    assert result.exit_code == 1
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


def count(site, model):
    with site.app_context():
        return db.session.scalar(select(func.count()).select_from(model))


def people(site):
    return count(site, User)


def test_the_first_start_makes_the_tables_loads_the_demonstration_and_prints_a_sign_in_per_role(
    first_start, demonstration
):
    done, _ = first_start
    assert done.exit_code == 0, done.output
    assert f"{SOME} koperasi fiktif" in done.output
    lines = done.stdout.splitlines()
    where = lines.index("Simpul: http://127.0.0.1:8123")
    assert [line.split() for line in lines[where + 1 : -1]] == [
        [sign_in.role.value, sign_in.email, sign_in.password]
        + (["kunci", "kode", "masuk", sign_in.secret] if sign_in.secret else [])
        for sign_in in SIGN_INS
    ]
    assert "demo code" in lines[-1]
    with demonstration().app_context():
        for sign_in in SIGN_INS:
            user = db.session.scalars(select(User).where(User.email == sign_in.email)).one()
            assert verify_password(user.password_hash, sign_in.password)


def test_a_later_start_changes_nothing_and_prints_the_sign_ins_again(demonstration):
    site = demonstration()
    before = people(site)
    assert before > SOME
    done = run(site, "start-up")
    assert done.exit_code == 0
    assert "koperasi fiktif" not in done.output
    assert done.stdout.count("@contoh.example") == len(SIGN_INS)
    assert people(site) == before


def test_empty_leaves_the_demonstration_out_and_says_how_to_make_the_first_account(
    first_empty_start, machine
):
    done, _ = first_empty_start
    assert done.exit_code == 0
    assert "user create" in done.stdout
    assert "@contoh.example" not in done.output
    site = machine()
    assert people(site) == 0
    with site.app_context():
        published = list(db.session.scalars(select(Edition.published_at).order_by(Edition.year)))
    assert published[0]
    assert published[1:] == [None]


def test_a_site_with_people_is_not_told_how_to_make_the_first_account(machine):
    site = machine()
    with site.app_context(), writing() as session:
        session.add(User(name="Orang Sungguhan", email="orang@uji.example"))
    done = run(site, "start-up")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [f"Simpul: {site.config['BASE_URL']}"]
    assert people(site) == 1


def test_a_register_without_people_is_not_mistaken_for_an_empty_database(machine):
    site = machine()
    with site.app_context():
        Factories().cooperative()
    done = run(site, "start-up")
    assert done.exit_code == 0
    assert people(site) == 0
    assert "hanya dimuat ke basis data yang kosong" in one_sentence(run(site, "demo", "load"))


def test_production_demands_a_key_an_address_and_no_demonstration(demonstration, monkeypatch):
    assert "SIMPUL_SECRET_KEY belum diisi" in one_sentence(
        run(demonstration(SECRET_KEY=""), "start-up", "--production")
    )
    site = demonstration(**KEY, **PUBLIC)
    for address in ("http://127.0.0.1:8000", "http://localhost"):
        with monkeypatch.context() as patch:
            patch.setitem(site.config, "BASE_URL", address)
            assert "SIMPUL_BASE_URL belum diisi" in one_sentence(run(site, "start-up", "--production"))
    assert "demo remove" in one_sentence(run(site, "start-up", "--production"))
    there = count(site, Cooperative)
    assert there > SOME
    removed = run(site, "demo", "remove")
    assert f"Data peragaan dihapus: {there} koperasi" in removed.stdout
    assert "Buat admin pertama" in removed.stdout
    done = run(site, "start-up", "--production")
    assert done.exit_code == 0
    assert done.stdout.splitlines()[0] == "Simpul: https://koperasi.contoh.go.id"
    assert done.stderr == ""
    assert people(site) == 0


def test_production_can_be_a_setting(machine):
    done = run(machine(**KEY, **PUBLIC, PRODUCTION="1"), "start-up")
    assert done.exit_code == 0
    assert "@contoh.example" not in done.output


@pytest.mark.parametrize(
    ("given", "warning"),
    [
        ({"BASE_URL": "http://koperasi.contoh.go.id"}, "bukan https"),
        ({"HOST": "0.0.0.0", "BASE_URL": "http://127.0.0.1:8000"}, "hanya terbuka di komputer ini"),
        ({"BASE_URL": "http://127.0.0.1:8000"}, ""),
        (PUBLIC, ""),
    ],
    ids=["plain http", "network without an address", "one machine", "https"],
)
def test_what_works_only_by_half_is_warned_of(machine, monkeypatch, given, warning):
    site = machine()
    for name, value in given.items():
        monkeypatch.setitem(site.config, name, value)
    done = run(site, "start-up", "--empty")
    assert done.exit_code == 0
    assert warning in done.stderr
    assert bool(done.stderr) == bool(warning)


def test_a_region_without_kelurahan_starts_without_demonstration(machine, monkeypatch):
    empty = replace(office_region("35.73"), kelurahan={})
    monkeypatch.setattr(loader, "region", lambda: empty)
    done = run(machine(), "start-up")
    assert done.exit_code == 0
    assert (
        done.stderr.strip() == "Data kelurahan Kota Malang tidak ada, jadi data peragaan tidak dapat dibuat."
    )
    assert "Simpul: " in done.stdout


def test_a_database_without_tables_takes_no_demonstration(bare):
    assert "belum disiapkan" in one_sentence(run(bare(), "demo", "load"))


def test_demo_load_shows_the_sign_ins_and_signins_shows_them_again(machine):
    site = machine()
    assert "Tidak ada data peragaan." in run(site, "demo", "signins").stdout
    loaded = run(site, "demo", "load")
    assert loaded.exit_code == 0
    shown = run(site, "demo", "signins").stdout
    assert shown.count("@contoh.example") == len(SIGN_INS)
    assert shown in loaded.stdout
    assert run(site, "demo", "remove").exit_code == 0
    assert "Tidak ada data peragaan." in run(site, "demo", "remove").stdout


def test_a_database_of_a_newer_version_is_refused(machine):
    site = machine()
    with site.app_context(), db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'ffff'"))
    assert "tidak cocok dengan versi Simpul" in one_sentence(run(site, "start-up"))


def test_upgrading_twice_changes_nothing(machine):
    with machine().app_context():
        tables = set(inspect(db.engine).get_table_names())
        upgrade()
        assert set(inspect(db.engine).get_table_names()) == tables
        assert "report" in tables


def start_site(given):
    """As wsgi.py and the shell do it; ends with the command's status."""
    with in_one_sentence():
        site = create_app(given)
    done = run(site, "start-up", "--empty")
    print(done.stderr, end="")
    raise SystemExit(done.exit_code)


@pytest.fixture
def told(capsys):
    """``told(**settings)``: what somebody reads who starts a site with these settings."""

    def start(**given):
        with pytest.raises(SystemExit) as ended:
            start_site(given)
        said = "".join(capsys.readouterr()).strip()
        assert ended.value.code == 1, said
        assert "\n" not in said
        return said

    return start


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"REGION": "99.99"}, 'SIMPUL_REGION berisi "99.99"'),
        ({"TIMEZONE": "Asia/Malang"}, "SIMPUL_TIMEZONE tidak dikenal"),
        ({"REPORT_OPENS": "31-31"}, 'SIMPUL_REPORT_OPENS berisi "31-31"'),
        ({"POOL_SIZE": "banyak"}, "Ada pengaturan yang tidak dapat dibaca: SIMPUL_POOL_SIZE: banyak"),
        ({"BASE_URL": "koperasi.contoh.go.id"}, 'SIMPUL_BASE_URL berisi "koperasi.contoh.go.id"'),
        ({"BACKUP_KEEP": "semua"}, 'SIMPUL_BACKUP_KEEP berisi "semua"'),
        ({"DATABASE_URL": "postgresql://a@127.0.0.1:1/simpul"}, "Basis data tidak dapat dihubungi"),
        ({"DATABASE_URL": "bukan alamat"}, "SIMPUL_DATABASE_URL tidak dapat dibaca"),
        ({"DATABASE_URL": "oracle5://a@b/c"}, "SIMPUL_DATABASE_URL tidak dapat dibaca"),
        ({"DATABASE_URL": "sqlite:////nowhere/at/all/simpul.db"}, "tidak dapat dipakai"),
    ],
    ids=lambda value: next(iter(value.values()))[:20] if isinstance(value, dict) else "",
)
def test_a_wrong_setting_is_told_in_one_sentence(told, tmp_path, given, sentence):
    assert sentence in told(**{"INSTANCE": str(tmp_path), "DATABASE_URL": "", **given})


def test_a_folder_that_cannot_be_used_is_told_in_one_sentence(told, tmp_path):
    (tmp_path / "file").write_text("")
    assert "bukan folder" in told(INSTANCE=str(tmp_path / "file"))
    (tmp_path / "simpul.db").write_text("this is not a database " * 100)
    assert "tidak dapat dipakai: file is not a database." in told(INSTANCE=str(tmp_path), DATABASE_URL="")


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.EACCES, "/data/simpul tidak boleh dibaca atau ditulis oleh pengguna ini. Perbaiki izinnya."),
        (errno.EROFS, "/data/simpul tidak boleh dibaca atau ditulis oleh pengguna ini. Perbaiki izinnya."),
        (errno.ENOSPC, "Disk penuh. Kosongkan ruang, lalu jalankan lagi."),
    ],
)
def test_what_the_system_refuses_is_said_in_plain_words(number, sentence):
    assert file_trouble(OSError(number, os.strerror(number), "/data/simpul")) == sentence


def test_the_password_of_the_database_is_never_printed(told, tmp_path):
    url = "postgresql://simpul:rahasia-sekali@127.0.0.1:1/simpul"
    assert "rahasia" not in told(INSTANCE=str(tmp_path), DATABASE_URL=url)


def test_what_nobody_foresaw_is_one_sentence_and_its_details_are_kept(machine, monkeypatch):
    def break_down():
        raise KeyError("sesuatu")

    site = machine()
    monkeypatch.setattr("app.start_up.upgrade", break_down)
    said = one_sentence(run(site, "start-up"))
    kept = Path(site.instance_path) / DETAILS
    assert "galat yang tidak terduga, KeyError: 'sesuatu'." in said
    assert str(kept) in said
    assert "break_down" in kept.read_text()
    monkeypatch.setitem(site.config, "DEVELOPMENT", "1")
    assert isinstance(run(site, "start-up").exception, KeyError)


def test_a_database_that_goes_away_on_the_way_is_told_in_one_sentence(machine, monkeypatch):
    def go_away():
        raise OperationalError("SELECT 1", {}, Exception("server closed the connection\nunexpectedly"))

    monkeypatch.setattr("app.start_up.upgrade", go_away)
    said = one_sentence(run(machine(), "start-up"))
    assert "server closed the connection. Periksa" in said


def test_the_shell_sees_the_sentence_and_the_status(monkeypatch, tmp_path, capfd):
    monkeypatch.setenv("SIMPUL_INSTANCE", str(tmp_path))
    monkeypatch.setenv("SIMPUL_REGION", "99.99")
    monkeypatch.setenv("FLASK_RUN_FROM_CLI", "")  # the command sets it: as it was, afterwards
    monkeypatch.delitem(sys.modules, "wsgi", raising=False)
    with pytest.raises(SystemExit) as ended:
        shell.main(args=["--app", "wsgi", "start-up"])
    said = capfd.readouterr()
    assert (ended.value.code, said.out) == (1, "")
    assert said.err.startswith('SIMPUL_REGION berisi "99.99"')
    assert said.err.count("\n") == 1
