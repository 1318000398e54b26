"""``python -m tests.province doors``: nginx, Caddy and HAProxy with TLS, from the samples, each before a site of its own."""

import argparse
import ssl
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import flask_migrate

from app.core.access import Role
from app.core.extensions import db
from app.core.serving import server_options
from tests.factories import Factories
from tests.faults import town as towns
from tests.province import looks
from tests.province.looks import Door
from tests.province.machines import Process, wait_for
from tests.province.samples import NAME, SAMPLES, certificate, filled, free_ports
from tests.support.site import ROOT, environment_of

TOKEN = "angka-pemantauan"


def nginx(folder: Path, ports: Sequence[int], pem: tuple[Path, Path]) -> list[str]:
    """As Debian's own nginx.conf reads it: with gzip on."""
    door, site, plain, *_ = ports
    sample = filled(
        "nginx.conf",
        {
            "[::]:": "[::1]:",
            ":80;": f":{plain};",
            "listen 80;": f"listen 127.0.0.1:{plain};",
            "[::1]:443 ssl": f"[::1]:{door} ssl",
            "listen 443 ssl": f"listen 127.0.0.1:{door} ssl",
            "127.0.0.1:8000": f"127.0.0.1:{site}",
            "/etc/letsencrypt/live/koperasi.contoh.go.id/fullchain.pem": pem[0],
            "/etc/letsencrypt/live/koperasi.contoh.go.id/privkey.pem": pem[1],
        },
    )
    temporary = "".join(
        f"{what}_temp_path {folder / what};\n"
        for what in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    config = folder / "nginx.conf"
    config.write_text(
        f"pid {folder}/pid;\nevents {{}}\nhttp {{\ngzip on;\naccess_log off;\n{temporary}{sample}\n}}\n"
    )
    return ["/usr/sbin/nginx", "-c", str(config), "-e", str(folder / "error.log"), "-g", "daemon off;"]


def caddy(folder: Path, ports: Sequence[int], pem: tuple[Path, Path]) -> list[str]:
    """With our own certificate: nobody signs one for this machine."""
    door, site, *_ = ports
    sample = filled(
        "Caddyfile",
        {
            f"{NAME} {{": f"https://{NAME}:{door} {{\n\tbind 127.0.0.1\n\ttls {pem[0]} {pem[1]}",
            "127.0.0.1:8000": f"127.0.0.1:{site}",
        },
    )
    config = folder / "Caddyfile"
    config.write_text("{\n\tadmin off\n\tauto_https disable_redirects\n}\n" + sample)
    return ["/usr/bin/caddy", "run", "--config", str(config), "--adapter", "caddyfile"]


def haproxy(folder: Path, ports: Sequence[int], pem: tuple[Path, Path]) -> list[str]:
    """On another machine than the site, as in a province; the database's part of the sample finds nobody here."""
    door, site, database, _ = ports
    both = folder / "simpul.pem"
    both.write_text(pem[1].read_text() + pem[0].read_text())
    sample = filled(
        "haproxy.cfg",
        {
            "10.0.0.": "127.0.0.",
            "127.0.0.1:5000": f"127.0.0.1:{database}",
            ":8000": f":{site}",
            "bind :443": f"bind 127.0.0.1:{door}",
            "/etc/haproxy/simpul.pem": both,
            "/etc/haproxy/simpul-503.http": SAMPLES / "simpul-503.http",
        },
    )
    config = folder / "haproxy.cfg"
    config.write_text(sample)
    return ["/usr/sbin/haproxy", "-db", "-f", str(config)]


DOORS: dict[str, tuple[Callable[[Path, Sequence[int], tuple[Path, Path]], list[str]], str, str]] = {
    "nginx": (nginx, "127.0.0.1", "1"),
    "caddy": (caddy, "127.0.0.1", "1"),
    "haproxy": (haproxy, "127.0.0.21", "127.0.0.1"),
}
"""How each is configured, where its site listens, and what that site's SIMPUL_PROXY says."""


@contextmanager
def standing(name: str, folder: Path) -> Iterator[Door]:
    """A site in production with this door before it; both are gone afterwards."""
    configure, host, proxy = DOORS[name]
    ports, instance = free_ports(4), folder / "instance"
    instance.mkdir()
    given = {"HOST": host, "PORT": str(ports[1]), "BASE_URL": f"https://{NAME}", "PROXY": proxy,
             "SECRET_KEY": "k" * 48, "METRICS_TOKEN": TOKEN, "PRODUCTION": "1", "SCHEDULER": "0"}  # fmt: skip
    (instance / "simpul.env").write_text("".join(f"SIMPUL_{key}={value}\n" for key, value in given.items()))
    url = f"sqlite:///{instance / 'simpul.db'}"
    person = _person(instance, url)
    pem = certificate(folder)
    with ExitStack() as stack:
        options = server_options(given, sqlite=True)
        serve = [sys.executable, "-m", "granian", *options, "tests.province.seen:app"]
        environment = environment_of(instance, url, {}) | {"PYTHONPATH": str(ROOT)}
        for command, log in ((serve, "site.log"), (configure(folder, ports, pem), "door.log")):
            process = Process(command, folder / log, environment | {"XDG_DATA_HOME": str(folder)})
            stack.callback(process.stop)
            process.start()
        trust = ssl.create_default_context(cafile=str(pem[0]))
        door = Door(ports[0], trust, (host, ports[1]), person, TOKEN, is_far=proxy != "1")
        try:
            wait_for(name, lambda: looks.is_open(door), 60)
        except TimeoutError:
            print((folder / "door.log").read_text()[-2000:], (folder / "site.log").read_text()[-2000:])
            raise
        yield door


def _person(instance: Path, url: str) -> str:
    app = towns.beside(instance, url)
    with app.app_context():
        db.create_all()
        flask_migrate.stamp()
        email = Factories().user(Role.EDITOR).email
        db.session.remove()
        db.engine.dispose()
    return str(email)


def main(given: Sequence[str]) -> int:
    """Each door in turn; ends with 1 when one lets through, loses or doubles what it should not."""
    parser = argparse.ArgumentParser(prog="python -m tests.province doors", description=__doc__)
    parser.add_argument("door", nargs="*", choices=[*DOORS, []], default=[])
    wrong = 0
    for name in parser.parse_args(given).door or DOORS:
        with tempfile.TemporaryDirectory(prefix="sd-") as made:
            folder = Path(made)
            folder.chmod(0o755)
            with standing(name, folder) as door:
                for look in looks.LOOKS:
                    try:
                        said, mark = look(door), "ok"
                    except AssertionError as no:
                        where = traceback.extract_tb(no.__traceback__)[-1].line
                        said, mark, wrong = str(no) or str(where), "WRONG", wrong + 1
                    except looks.NotHere as why:
                        said, mark = str(why), "-"
                    print(f"{name:<9}{mark:<7}{(look.__doc__ or '').rstrip('.')}: {said}", flush=True)
    return int(wrong > 0)
