"""What a browser calls itself, in two plain words that a person recognises. Plain Python."""

import re

BROWSERS = (
    ("Edge", re.compile(r"\bEdgA?/")),
    ("Opera", re.compile(r"\bOPR/|\bOpera\b")),
    ("Samsung Internet", re.compile(r"\bSamsungBrowser/")),
    ("Firefox", re.compile(r"\b(Firefox|FxiOS)/")),
    ("Chrome", re.compile(r"\b(Chrome|CriOS|HeadlessChrome)/")),
    ("Safari", re.compile(r"\bSafari/")),
)
SYSTEMS = (
    ("Android", re.compile(r"\bAndroid\b")),
    ("iPhone", re.compile(r"\biPhone\b")),
    ("iPad", re.compile(r"\biPad\b")),
    ("Windows", re.compile(r"\bWindows\b")),
    ("Mac", re.compile(r"\bMac OS X\b|\bMacintosh\b")),
    ("Chromebook", re.compile(r"\bCrOS\b")),
    ("Linux", re.compile(r"\bLinux\b")),
)
LONGEST = 400


def device_of(agent: str) -> str:
    """``Chrome, Android``: browser and system, of those that are named here; empty when neither is known.

    Nothing that the browser sent is kept as it came.
    """
    known = agent[:LONGEST]
    found = (
        next((name for name, pattern in table if pattern.search(known)), "") for table in (BROWSERS, SYSTEMS)
    )
    return ", ".join(name for name in found if name)
