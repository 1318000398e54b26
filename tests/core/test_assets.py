"""Static files under names that change with their content."""

import re

import pytest

from app.core.assets import REMARK, SHEETS, Assets
from tests.support.site import ROOT


@pytest.fixture
def folder(tmp_path):
    """``folder({"js/main.js": "…"})``: the files, and what is made of them."""
    (tmp_path / "css").mkdir()
    for order in SHEETS.values():
        (tmp_path / "css" / order).write_text("")

    def make(files):
        for name, content in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(content)
        return Assets(tmp_path)

    return make


def test_scripts_in_folders_import_each_other_by_their_hashed_names(folder):
    assets = folder(
        {
            "js/main.js": 'import("./checks/live.js");',
            "js/speak.js": "export const speak = 1;",
            "js/checks/live.js": 'import { speak } from "../speak.js";\nimport { run } from "./run.js";',
            "js/checks/run.js": "export const run = 1;",
        }
    )
    (live,) = re.findall(
        r'import\("\./(checks/live\.[0-9a-f]{10}\.js)"\)', assets.by_name["js/main.js"].content.decode()
    )
    assert live == assets.by_name["js/checks/live.js"].address.removeprefix("js/")
    written = assets.by_name["js/checks/live.js"].content.decode()
    speak = assets.by_name["js/speak.js"].address.removeprefix("js/")
    run = assets.by_name["js/checks/run.js"].address.removeprefix("js/checks/")
    assert f'from "../{speak}"' in written
    assert f'from "./{run}"' in written


def test_a_change_in_a_script_changes_the_names_of_all_that_import_it(folder):
    files = {"js/main.js": 'import "./checks/a.js";', "js/checks/a.js": "export const a = 1;"}
    before = folder(files)("js/main.js")
    assert folder(files | {"js/checks/a.js": "export const a = 2;"})("js/main.js") != before


def test_scripts_that_import_each_other_in_a_circle_are_refused(folder):
    with pytest.raises(ValueError, match="circle"):
        folder({"js/a.js": 'import "./b/b.js";', "js/b/b.js": 'import "../a.js";'})


def test_our_scripts_are_sent_without_their_comments_and_those_of_others_with_their_licence(folder):
    written = '// Why.\nconst a = "https://b.example"; // stays\n  // and why\nalert(a);\n'
    assets = folder({"js/a.js": written, "vendor/b.js": "// MIT\nalert(1);\n"})
    assert assets.by_name["js/a.js"].content == b'const a = "https://b.example"; // stays\nalert(a);\n'
    assert assets.by_name["vendor/b.js"].content.startswith(b"// MIT\n")


def test_no_text_of_a_script_is_taken_for_a_comment():
    for path in (ROOT / "app/static/js").rglob("*.js"):
        script = path.read_bytes()
        for remark in REMARK.finditer(script):
            assert script[: remark.start()].count(b"`") % 2 == 0, f"{path.name}: {remark[0]!r}"
