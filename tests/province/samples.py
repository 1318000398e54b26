"""The samples of ``docs/pasang`` with their placeholders filled in: what an office copies is what is tried."""

import os
import socket
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.support.site import ROOT, free_port

SAMPLES = ROOT / "docs" / "pasang"
NAME = "koperasi.contoh.go.id"
NODES = ("127.0.0.11", "127.0.0.12", "127.0.0.13")
SITES = ("127.0.0.21", "127.0.0.22")


def filled(sample: str, given: Mapping[str, object]) -> str:
    """The sample with each placeholder of ``given`` replaced, in that order; one that it does not hold is an error."""
    text = (SAMPLES / sample).read_text()
    for placeholder, value in given.items():
        if placeholder not in text:
            raise LookupError(f"{sample} does not hold {placeholder!r}")
        text = text.replace(placeholder, str(value))
    return text


def free_ports(count: int) -> list[int]:
    """So many ports that nobody uses on any of this run's addresses."""
    found: list[int] = []
    while len(found) < count:
        port = free_port()
        if port not in found and all(_is_free(address, port) for address in ("127.0.0.1", *NODES, *SITES)):
            found.append(port)
    return found


def _is_free(address: str, port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def unprivileged(command: Sequence[str | Path]) -> list[str]:
    """The command as PostgreSQL's user where this run is root's, who may not run a database."""
    words = [str(word) for word in command]
    if os.geteuid() != 0:
        return words
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--", *words]


def give_away(folder: Path) -> None:
    """Let PostgreSQL's user write there."""
    if os.geteuid() == 0:
        subprocess.run(["chown", "-R", "postgres:", folder], check=True)


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of its own for :data:`NAME`, and its key."""
    certificate, key = folder / "cert.pem", folder / "key.pem"
    subprocess.run(
        [
            *(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:prime256v1",
                "-nodes",
            ),
            *("-days", "2", "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}"),
            *("-keyout", key, "-out", certificate),
        ],
        check=True,
        capture_output=True,
    )
    return certificate, key
