"""The pages that every office begins with: general, sourced texts, to be checked by the office. See docs/panduan/editor.md."""

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from app.content import services
from app.content.rules import PARTS, Kind, Shape

FOLDER = Path(__file__).parent / "seeds"
TEXTS = ("title", "summary", "body")


def seeds() -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each file's name and content, in the order of the names."""
    for path in sorted(FOLDER.glob("*.toml")):
        yield path.stem, tomllib.loads(path.read_text(encoding="utf-8"))


def ensure_pages() -> int:
    """Load the seeds where there is no service page yet; how many pages were made.

    Nobody of the office has checked them, and they say so; those that only an office can fill in are drafts.
    """
    if services.has_services():
        return 0
    made = 0
    for name, seed in seeds():
        page = services.create_page(Kind(seed["kind"]), values_of(seed), seed=name)
        if seed.get("state", "published") == "published":
            services.publish(page)
        made += 1
    return made


def values_of(seed: Mapping[str, Any]) -> dict[str, Any]:
    """What a seed says, as ``services.create_page`` wants it."""
    kind = Kind(seed["kind"])
    values: dict[str, Any] = {
        "section": seed["section"],
        "slug": seed["slug"],
        "position": seed["position"],
        "check_with_office": seed.get("check", []),
    }
    for language, suffix in (("id", ""), ("en", "_en")):
        said = seed.get(language, {})
        values |= {f"{name}{suffix}": said.get(name, "").strip() for name in TEXTS}
        values[f"details{suffix}"] = {
            part.code: said[part.code]
            if part.shape is Shape.TEXT
            else [_line(*line) for line in said[part.code]]
            for part in PARTS[kind]
            if part.code in said
        }
    return values


def _line(text: str, note: str = "") -> dict[str, str]:
    return {"text": text, "note": note}
