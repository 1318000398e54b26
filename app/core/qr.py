"""QR codes: as modules for a PDF and as inline SVG for a page."""

from html import escape
from itertools import groupby

from markupsafe import Markup

QUIET_ZONE = 4
"""Light modules that the standard (ISO/IEC 18004) asks for around a code."""

Matrix = tuple[tuple[bool, ...], ...]


def qr_matrix(url: str) -> Matrix:
    """The modules of ``url``, row by row, dark is ``True``; the quiet zone is the caller's to leave.

    Error correction M: a printed letter survives a fold or a stamp over 15 % of the code.
    Raises ValueError when ``url`` is longer than a QR code holds (2,331 bytes).
    """
    import segno

    code = segno.make(url, error="m", micro=False, boost_error=False)
    return tuple(tuple(bool(module) for module in row) for row in code.matrix)


def dark_runs(matrix: Matrix) -> list[tuple[int, int, int]]:
    """Neighbouring dark modules joined: ``(column, row, length)``, top to bottom, left to right."""
    runs = []
    for y, row in enumerate(matrix):
        x = 0
        for dark, group in groupby(row):
            length = len(list(group))
            if dark:
                runs.append((x, y, length))
            x += length
    return runs


def qr_svg(url: str, title: str) -> Markup:
    """``url`` as inline SVG without size or style; CSS gives the width by the class ``qr``.

    It reads without any CSS, also in a dark scheme: its own light ground, dark lines. ``title`` is what a screen reader
    says in its place, already in the reader's language.
    """
    matrix = qr_matrix(url)
    side = len(matrix) + 2 * QUIET_ZONE
    lines = "".join(f"M{x + QUIET_ZONE} {y + QUIET_ZONE}.5h{length}" for x, y, length in dark_runs(matrix))
    return Markup(  # noqa: S704 - numbers of our own, and the title is escaped  # nosec B704
        f'<svg xmlns="http://www.w3.org/2000/svg" class="qr" viewBox="0 0 {side} {side}" role="img" '
        f'shape-rendering="crispEdges"><title>{escape(title)}</title>'
        f'<path class="qr-light" fill="#fff" d="M0 0h{side}v{side}H0z"/>'
        f'<path class="qr-dark" stroke="#000" d="{lines}"/></svg>'
    )
