"""What ./run asks before it serves."""

import os
import socket

import pytest

from app.core import serving
from app.core.config import read_settings


@pytest.fixture
def taken_port():
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        held.listen()
        yield held.getsockname()[1]


@pytest.fixture
def instance(tmp_path, monkeypatch):
    monkeypatch.setenv("SIMPUL_INSTANCE", str(tmp_path))
    return tmp_path


def test_sqlite_is_served_by_one_worker_and_postgresql_by_two():
    settings = {"HOST": "127.0.0.1", "PORT": "8000"}
    workers = [
        serving.server_options(settings, sqlite=sqlite).index("--workers") + 1 for sqlite in (True, False)
    ]
    assert [
        serving.server_options(settings, sqlite=sqlite)[at]
        for sqlite, at in zip((True, False), workers, strict=True)
    ] == ["1", "2"]


def test_a_port_in_use_is_refused_with_one_sentence(instance, monkeypatch, capsys, taken_port):
    monkeypatch.setenv("SIMPUL_PORT", str(taken_port))
    assert serving.main() == 1
    printed = capsys.readouterr()
    assert f"porta {taken_port} sudah dipakai" in printed.err
    assert printed.out == ""


def test_a_port_in_use_is_seen_also_when_the_site_listens_everywhere(taken_port):
    everywhere = next(iter(serving.EVERYWHERE))
    assert serving.is_taken(everywhere, taken_port)


@pytest.mark.parametrize("port", ["delapan", "0", "70000", "-1"])
def test_a_port_that_is_none_is_refused(instance, monkeypatch, capsys, port):
    monkeypatch.setenv("SIMPUL_PORT", port)
    assert serving.main() == 1
    assert "SIMPUL_PORT harus angka" in capsys.readouterr().err


@pytest.fixture
def became(monkeypatch):
    """The command lines that this process would have become."""
    commands = []
    monkeypatch.setattr(os, "execv", lambda _path, command: commands.append(" ".join(command)))
    return commands


@pytest.mark.parametrize("host", ["komputer-kantor", "203.0.113.7"])
def test_an_address_that_is_not_this_machine_s_is_refused_with_one_sentence(
    instance, monkeypatch, capsys, host
):
    """Else the server stops with a traceback: that of an office network changes when the laptop moves."""
    monkeypatch.setenv("SIMPUL_HOST", host)
    assert serving.main() == 1
    assert f'SIMPUL_HOST berisi "{host}"' in capsys.readouterr().err


def test_host_and_port_come_from_the_settings_file(instance, became, taken_port):
    free = taken_port - 1 if not serving.is_taken("127.0.0.1", taken_port - 1) else taken_port - 2
    (instance / "simpul.env").write_text(f"SIMPUL_HOST=127.0.0.2\nSIMPUL_PORT={free}\n")
    assert serving.main() == 0
    assert not became
    serving.main(serve=True)
    assert f"--host 127.0.0.2 --port {free} --workers 1" in became[0]


def test_of_two_that_start_at_once_only_one_serves(instance, monkeypatch, became, capsys):
    """Neither answers yet, and granian would let both listen: stopping one would leave the other."""
    monkeypatch.setattr(serving, "is_taken", lambda _host, _port: False)
    monkeypatch.setenv("SIMPUL_PORT", "8765")
    serving.main(serve=True)
    assert serving.main(serve=True) == 1
    assert len(became) == 1
    assert f"porta 8765 sudah dipakai Simpul ini, proses {os.getpid()}" in capsys.readouterr().err
    monkeypatch.setenv("SIMPUL_PORT", "8766")
    serving.main(serve=True)
    assert len(became) == 2


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8123"),
        ("0.0.0.0", "http://127.0.0.1:8123"),
        ("::", "http://[::1]:8123"),
    ],
)
def test_links_lead_to_where_the_site_listens_unless_an_address_is_set(instance, monkeypatch, host, address):
    monkeypatch.setenv("SIMPUL_HOST", host)
    monkeypatch.setenv("SIMPUL_PORT", "8123")
    assert read_settings(instance)["BASE_URL"] == address
    monkeypatch.setenv("SIMPUL_BASE_URL", "https://koperasi.contoh.example")
    assert read_settings(instance)["BASE_URL"] == "https://koperasi.contoh.example"
