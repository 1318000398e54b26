"""Every HTML answer is parsed as a browser would, and must be right."""

import re
from collections import Counter
from typing import Any

import html5lib

XHTML = "{http://www.w3.org/1999/xhtml}"
INLINE = re.compile(r"^(style|on[a-z]+)$")
WORDS = re.compile(r">[^<>&]+<")
VALUES = re.compile(r'(?<= )(?!id|for|aria-|href|method|type|src|name)([a-z-]+)="[^"<>&]+"')
_sound: set[int] = set()  # pages found right, as digests of what their soundness hangs on


def problems(page: str) -> list[str]:
    """What is wrong with ``page``; a page that differs only in its words from one that was right is right too."""
    skeleton = hash(VALUES.sub(r'\1="…"', WORDS.sub("><", page)))
    if skeleton in _sound:
        return []
    found = parsed_problems(page)
    if not found:
        _sound.add(skeleton)
    return found


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
