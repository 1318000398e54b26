"""The English catalogue. ``python -m tests.support.translations`` brings it up to date: new message ids come in without an
English text, ids that are gone leave, and the compiled catalogue is written anew.
"""

import io
import re
import sys
import tomllib
from functools import cache
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[2]
PO = ROOT / "app/translations/en/LC_MESSAGES/messages.po"
MO = PO.with_suffix(".mo")
KEYWORDS = DEFAULT_KEYWORDS | {"RuleBroken": None, "Text": None}
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
ANY_PLACEHOLDER = re.compile(r"%(?!%|\(\w+\)s)")


@cache
def extracted(root: Path = ROOT) -> Catalog:
    """Every message id in app/, as [tool.babel] of pyproject.toml says where to look."""
    with open(root / "pyproject.toml", "rb") as file:
        mappings = tomllib.load(file)["tool"]["babel"]["mappings"]
    methods = [(mapping["pattern"], mapping["method"]) for mapping in mappings]
    options = {mapping["pattern"]: mapping for mapping in mappings}
    catalog = Catalog()
    # Translations are kept without places: those would change with every line of code.
    for _, _, message, comments, context in extract_from_dir(root, methods, options, KEYWORDS):
        catalog.add(message, auto_comments=comments, context=context)
    return catalog


def translated(path: Path = PO) -> Catalog:
    """The catalogue as it is kept; an empty one when there is none yet."""
    if not path.exists():
        return Catalog(locale="en")
    with path.open("rb") as file:
        return read_po(file, locale="en", abort_invalid=True)


def faults(wanted: Catalog, kept: Catalog) -> list[str]:
    """What keeps ``kept`` from being a complete translation of ``wanted``."""
    asked = keys(wanted)
    found = [
        f"gone from the code: {message.id!r}" for message in kept if message.id and key(message) not in asked
    ]
    found += [f"obsolete: {message.id!r}" for message in kept.obsolete.values()]
    for message in wanted:
        if not message.id:
            continue
        english = kept.get(message.id if isinstance(message.id, str) else message.id[0], message.context)
        found += faults_of(message, english)
    return found


def faults_of(message: Message, english: Message | None) -> list[str]:
    """What is wrong with one translation."""
    if english is None or not all(as_texts(english.string)):
        return [f"no English text: {message.id!r}"]
    found = [f"fuzzy: {message.id!r}"] if english.fuzzy else []
    ids, texts = as_texts(message.id), as_texts(english.string)
    if len(ids) > 1 and len(texts) != 2:
        found.append(f"one English text for singular and plural: {message.id!r}")
    names = {name for text in ids for name in PLACEHOLDER.findall(text)}
    for text in texts:
        if set(PLACEHOLDER.findall(text)) - names or names - set(PLACEHOLDER.findall(text)) - {"num"}:
            found.append(f"other placeholders: {message.id!r} → {text!r}")
    if names and any(ANY_PLACEHOLDER.search(text) for text in (*ids, *texts)):
        found.append(f"a placeholder without a name, or a bare %: {message.id!r}")
    return found


def as_texts(value: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """A text or its plural forms, as forms."""
    return (value,) if isinstance(value, str) else tuple(value)


def key(message: Message) -> tuple[str, str | None]:
    """What makes a message one: its first id and its context."""
    return as_texts(message.id)[0], message.context


def keys(catalog: Catalog) -> set[tuple[str, str | None]]:
    """The keys of all messages."""
    return {key(message) for message in catalog if message.id}


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as the site reads it."""
    packed = io.BytesIO()
    write_mo(packed, catalog)
    return packed.getvalue()


def merged(wanted: Catalog, kept: Catalog) -> Catalog:
    """``wanted`` with the English texts that ``kept`` has for it."""
    header = "# English texts of Simpul."
    result = Catalog(locale="en", project="Simpul", version="1", header_comment=header, fuzzy=False)
    for message in wanted:
        if message.id:
            english = kept.get(as_texts(message.id)[0], message.context)
            same_shape = english is not None and len(as_texts(english.id)) == len(as_texts(message.id))
            blank = "" if isinstance(message.id, str) else ("", "")
            result.add(
                message.id, english.string if english and same_shape else blank, context=message.context
            )
    result.creation_date = result.revision_date = kept.creation_date
    return result


def bring_up_to_date() -> int:
    """Write the catalogue and its compiled form; returns how many texts are missing."""
    catalog = merged(extracted(), translated())
    PO.parent.mkdir(parents=True, exist_ok=True)
    with PO.open("wb") as file:
        write_po(file, catalog, width=0, no_location=True, sort_output=True, omit_header=False)
    MO.write_bytes(compiled(translated()))
    return sum(not all(as_texts(message.string)) for message in catalog if message.id)


if __name__ == "__main__":
    missing = bring_up_to_date()
    print(f"{len(keys(translated()))} messages, {missing} without an English text")
    sys.exit(0)
