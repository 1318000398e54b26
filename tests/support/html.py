"""Every HTML answer is parsed as a browser would, and must be right."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import html5lib

from tests.support.sharing import Known, digest

XHTML = "{http://www.w3.org/1999/xhtml}"
INLINE = re.compile(r"^(style|on[a-z]+)$")
WORDS = re.compile(r">[^<>&]+<")
VALUES = re.compile(
    r'(?<= )(?!id|for|href|method|type|src|name|aria-(?:describedby|labelledby|controls))([a-z-]+)="[^"<>&]+"'
)
NAMES = re.compile(r' (id|for|href|name|aria-(?:describedby|labelledby|controls))="([^"<>&]+)"')
_sound = Known()  # pages found right, as digests of what their soundness hangs on


def remember(folder: Path) -> None:
    """Keep in ``folder`` which pages were found right, for as long as this module demands the same of them."""
    _sound.share(folder / digest(Path(__file__).read_bytes(), html5lib.__version__.encode()))


def problems(page: str) -> list[str]:
    """What is wrong with ``page``; a page that differs only in its words from one that was right is right too."""
    looks = digest(skeleton(page).encode())
    if looks in _sound:
        return []
    found = parsed_problems(page)
    if not found:
        _sound.add(looks)
    return found


def skeleton(page: str) -> str:
    """``page`` without what its soundness does not hang on: words, plain values, addresses. Ids are numbered in their order."""
    numbers: dict[str, int] = {}

    def number(match: re.Match[str]) -> str:
        name, value = match.groups()
        if name == "name":
            return match[0] if value == "csrf_token" else " name"
        if name == "href" and not value.startswith("#"):
            return " href"
        ids = [value.removeprefix("#")] if name in {"id", "href"} else value.split()
        return f" {name}={[numbers.setdefault(id_, len(numbers)) for id_ in ids]}"

    return NAMES.sub(number, VALUES.sub(r'\1="…"', WORDS.sub("><", page)))


def parsed_problems(page: str) -> list[str]:
    """Parse errors, repeated ids, references to no id, inline code, a POST without a token."""
    parser = html5lib.HTMLParser()
    document = parser.parse(page)
    found = [f"line {line}: {code} {details}" for (line, _), code, details in parser.errors]
    elements = [element for element in document.iter() if isinstance(element.tag, str)]
    ids = Counter(element.get("id") for element in elements if element.get("id") is not None)
    found += [f"id {id_!r} stands {times} times" for id_, times in ids.items() if times > 1]
    for element in elements:
        found += problems_of(element, ids)
    return found


def problems_of(element: Any, ids: Counter[str]) -> list[str]:
    """What is wrong with one element."""
    tag = element.tag.removeprefix(XHTML)
    found = [f"<{tag}> has the inline {name}=" for name in element.attrib if INLINE.match(str(name))]
    if tag == "style" or (tag == "script" and not element.get("src") and is_code(element)):
        found.append(f"<{tag}> in the page: the policy blocks it")
    for name in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
        missing = [id_ for id_ in (element.get(name) or "").split() if id_ not in ids]
        found += [f"<{tag} {name}> names no element: {id_!r}" for id_ in missing]
    href = element.get("href") or ""
    if tag == "a" and href.startswith("#") and href != "#" and href[1:] not in ids:
        found.append(f"a link leads to no element: {href}")
    if tag == "form" and (element.get("method") or "get").lower() == "post":
        tokens = [
            e for e in element.iter(f"{XHTML}input") if e.get("name") == "csrf_token" and e.get("value")
        ]
        if len(tokens) != 1:
            found.append(f"<form action={element.get('action')!r}> has {len(tokens)} CSRF tokens")
    return found


def is_code(script: Any) -> bool:
    """False for a block of data, which no policy blocks."""
    return script.get("type", "text/javascript") in {"text/javascript", "module"}
