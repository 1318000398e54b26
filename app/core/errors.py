"""What a service may raise and a route may show."""

from typing import Any

from app.core.text import Text


class RuleBroken(Exception):
    """A rule of the domain said no. ``text`` is written for the person on the page; ``field`` names the input it is about."""

    def __init__(self, template: str, *, field: str | None = None, **params: Any) -> None:
        self.text = Text(template, params)
        self.field = field
        super().__init__(str(self.text))
