"""What staff write becomes safe HTML, whatever they paste."""

import re
from html.parser import HTMLParser

import pytest

from app.core.markdown import ATTRIBUTES, TAGS, plain, render

XSS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>@import 'https://jahat.example'</style>",
    "<math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    '[x](//jahat.example "onmouseover=alert(1)")',
    '[x](<https://a.example/"onclick="alert(1)>)',
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "![x](https://jahat.example/lacak.png)",
    "![x](/gambar/../../akun)",
    '![" onerror="alert(1)](/gambar/aaaaaaaaaaaaaaaaaaaaaa.webp)',
    "<javascript:alert(1)>",
    "`<script>alert(1)</script>`",
    "```html\n<script>alert(1)</script>\n```",
    '```"><script>alert(1)</script>\nx\n```',
    "[a]: javascript:alert(1)\n\n[a]",
    "<!-- --><script>alert(1)</script>",
    "<![CDATA[<script>alert(1)</script>]]>",
    "|<script>|x|\n|--|--|\n|<img onerror=alert(1)>|y|",
    "\x00<script>alert(1)</script>\u202e",
]


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag, attrs):
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("text", XSS)
def test_nothing_that_acts_gets_through(text):
    reader = Reader()
    reader.feed(str(render(text)))
    for tag, attributes in reader.seen:
        assert tag in TAGS
        assert attributes.keys() <= ATTRIBUTES.get(tag, set()) | {"rel"}
        assert re.match(r"https?://|mailto:|tel:|/|$", attributes.get("href") or "")
        assert re.match(r"/gambar/[\w-]{22}(-kecil)?\.webp$|$", attributes.get("src") or "")


@pytest.mark.parametrize(
    ("text", "levels"),
    [
        ("# A\n\n## B\n\n# C", "h2 h3 h2"),
        ("### A\n\n##### B", "h2 h3"),
        ("##### A\n\n# B\n\n###### C", "h2 h2 h3"),
    ],
)
def test_headings_stand_below_that_of_the_page_without_a_gap(text, levels):
    assert re.findall(r"<(h\d)>", str(render(text))) == levels.split()
    deeper = re.findall(r"<(h\d)>", str(render(text, below=2)))
    assert [int(tag[1]) - 1 for tag in deeper] == [int(tag[1]) for tag in levels.split()]


def test_the_usual_marks_work():
    html = str(render("**a** *b*\n\n- satu\n- dua\n\n3. tiga\n\n> kata\n\n[situs](https://contoh.id)"))
    for part in ("<strong>a</strong>", "<em>b</em>", "<li>dua</li>", '<ol start="3">', "<blockquote>"):
        assert part in html
    assert '<a href="https://contoh.id" rel="noopener noreferrer">situs</a>' in html


def test_its_words_can_be_had_without_marks():
    assert plain("# Halo **dunia**\n\n- satu\n- [dua](https://x.id)\n\n`kode`") == "Halo dunia satu dua kode"
