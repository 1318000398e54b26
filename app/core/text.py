"""Sentences that plain modules may speak, translated only when a reader is known.

Rules and parsers know no request and so no language. They return :class:`Text`: the Indonesian template (which is the
message id of the catalogue) and what fills it. ``app.core.i18n.say`` turns it into the reader's language.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


def N_(template: str) -> str:  # noqa: N802 - the name by which gettext tools know a deferred string
    """Mark ``template`` for the catalogue and return it unchanged."""
    return template


@dataclass(frozen=True)
class Text:
    """One sentence for the screen: ``template`` with ``%(name)s`` placeholders, and ``params`` that fill them."""

    template: str
    params: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.template % self.params if self.params else self.template

    def to_json(self) -> dict[str, Any]:
        """As stored beside a report or an import row; read back by :meth:`from_json`."""
        params = {
            name: value.to_json() if isinstance(value, Text) else value for name, value in self.params.items()
        }
        return {"template": self.template, "params": params}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "Text":
        """The sentence that :meth:`to_json` wrote."""
        params = {
            name: cls.from_json(value) if _is_text(value) else value
            for name, value in stored["params"].items()
        }
        return cls(stored["template"], params)


def _is_text(value: object) -> bool:
    return isinstance(value, Mapping) and value.keys() == {"template", "params"}
