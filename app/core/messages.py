"""Messages that the next page shows once."""

from flask import flash


def tell(kind: str, title: str, text: str = "") -> None:
    """Show ``title`` (and ``text`` below it) at the top of the next page. ``kind``: done, warning, danger or info."""
    flash((title, text) if text else title, kind)  # type: ignore[arg-type]  # the template takes pairs too
