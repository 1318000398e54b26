"""docs/keamanan.md cites tests and code that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "keamanan.md").read_text(encoding="utf-8")
CITED = re.compile(r"`((?:[a-z]+/)?test_[a-z_]+\*?)`")


def test_every_cited_test_exists():
    cited = set(CITED.findall(TEXT))
    assert len(cited) > 20
    assert not [name for name in cited if not list(ROOT.glob(f"tests/**/{name.removesuffix('*')}*.py"))]


def test_every_test_of_security_is_cited_or_holds_the_page_itself():
    here = {path.stem for path in Path(__file__).parent.glob("test_*.py")} - {Path(__file__).stem}
    assert not [name for name in here if name not in TEXT]
