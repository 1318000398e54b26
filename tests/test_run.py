"""./run says in one sentence what is missing. It is tried with pretended Pythons, so that nothing is installed."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("sh", "dirname", "cat", "cksum", "rm", "mkdir")
TOO_OLD = "#!/bin/sh\nexit 1\n"
WITHOUT_VENV = '#!/bin/sh\ncase "$2" in *version_info*) exit 0 ;; *) exit 1 ;; esac\n'
WITHOUT_NETWORK = """#!/bin/sh
case "$*" in
*version_info*|*ensurepip*|*--version*) exit 0 ;;
*"-m venv"*) mkdir -p .venv/bin; cp "$0" .venv/bin/python ;;
*"-m pip"*) exit 1 ;;
esac
"""


@pytest.fixture
def run(tmp_path):
    """``run(*options, python=…)``: ./run in an empty folder on a machine with nothing but ``python``, if that."""
    project, tools = tmp_path / "project", tmp_path / "bin"
    project.mkdir()
    tools.mkdir()
    for name in ("run", "requirements.txt"):
        shutil.copy(ROOT / name, project)
    for tool in (*TOOLS, "cp"):
        (tools / tool).symlink_to(shutil.which(tool))

    def start(*options, python=""):
        if python:
            (tools / "python3").write_text(python)
            (tools / "python3").chmod(0o755)
        return subprocess.run(
            ["./run", *options],
            cwd=project,
            env={"PATH": str(tools)},
            capture_output=True,
            text=True,
            check=False,
        )

    start.project = project
    return start


@pytest.mark.parametrize(
    ("python", "sentence"),
    [
        ("", "perlu Python 3.11"),
        (TOO_OLD, "perlu Python 3.11"),
        (WITHOUT_VENV, "modul venv belum terpasang"),
        (WITHOUT_NETWORK, "pustaka tidak dapat dipasang"),
    ],
    ids=["no Python", "too old", "no venv", "no network"],
)
def test_what_is_missing_is_said_in_one_sentence(run, python, sentence):
    done = run(python=python)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert done.stderr.count("\n") == 1


def test_an_interrupted_installation_is_not_taken_for_a_finished_one(run):
    run(python=WITHOUT_NETWORK)
    assert not (run.project / ".venv/installed").exists()


def test_an_unknown_option_is_refused(run):
    done = run("--prduction")
    assert done.returncode == 1
    assert 'pilihan "--prduction" tidak dikenal' in done.stderr
