"""The picture that messengers show beside a link to an enterprise: its name, what it makes, where; and its first product."""

from io import BytesIO
from typing import TYPE_CHECKING, Any

from app.core import knot
from app.core.glyphs import BOLD, REGULAR, printable
from app.core.i18n import say
from app.core.office import office
from app.core.text import Text
from app.enterprises.exports import activity_name
from app.enterprises.models import Enterprise
from app.enterprises.publication import public_place
from app.enterprises.queries import products_of, region
from app.files.queries import file_by_token

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 1200, 630  # pixels, what messengers ask for
MARGIN, PICTURE, STRIP = 72, 360, 150
KNOT, FINE = 2.0, 3  # pixels of the card to a unit of the logo; how much larger it is drawn first
GROUND, INK, SOFT, TEAL, AMBER = "#faf6ec", "#1c2b2d", "#4c5a5b", "#0b5d5b", "#e0a11b"


def card_png(enterprise: Enterprise) -> bytes:
    """The card as PNG; it says only what the public page says."""
    from PIL import Image, ImageDraw

    card = Image.new("RGB", (WIDTH, HEIGHT), GROUND)
    card.paste(_strands(), (0, 0))
    pen = ImageDraw.Draw(card)
    picture = _first_picture(enterprise)
    room = WIDTH - 2 * MARGIN - (PICTURE + 48 if picture else 0)
    if picture:
        card.paste(picture, (WIDTH - MARGIN - PICTURE, 168))
    places, place, found = region(), public_place(enterprise), activity_name(enterprise)
    y = _write(pen, say(Text(found)) if found else "", 168, size=30, color=TEAL, room=room, lines=1)
    y = _write(pen, enterprise.name, y + 8, size=60, bold=True, color=INK, room=room, lines=3)
    y = _write(pen, enterprise.products, y + 16, size=34, color=SOFT, room=room, lines=2)
    where = ", ".join(
        filter(None, (places.name_of(place.kode_kelurahan), places.name_of(place.kode_kecamatan)))
    )
    _write(pen, where, y + 16, size=34, color=INK, room=room, lines=1)
    _write(pen, office().full_name, HEIGHT - 74, size=26, color=SOFT, room=WIDTH - 2 * MARGIN, lines=1)
    kept = BytesIO()
    card.save(kept, "PNG", optimize=True)
    return kept.getvalue()


def _strands() -> Any:
    """The knot at the left margin; its strands run on to the edges. Drawn large and made small, so that no edge is jagged."""
    from PIL import Image, ImageDraw

    large = Image.new("RGB", (WIDTH * FINE, STRIP * FINE), GROUND)
    pen, unit, top = ImageDraw.Draw(large), KNOT * FINE, 52.0 * FINE
    margin, width = MARGIN * FINE, round(knot.STROKE * unit)
    for color, path, start, end in (
        (TEAL, knot.TEAL, 0.0, float(margin)),
        (AMBER, knot.AMBER, margin + knot.WIDTH * unit, float(WIDTH * FINE)),
    ):
        for height in knot.LOOSE_ENDS:
            pen.line([(start, top + height * unit), (end, top + height * unit)], color, width)
        for piece in knot.strokes(path):
            pen.line([(margin + x * unit, top + y * unit) for x, y in piece], color, width, joint="curve")
    return large.resize((WIDTH, STRIP))


def _write(
    pen: "ImageDraw", text: str, y: float, *, size: int, color: str, room: int, lines: int, bold: bool = False
) -> float:
    """At most ``lines`` lines in ``room`` pixels from the left margin; where the next thing may stand."""
    from PIL import ImageFont

    font = ImageFont.truetype(BOLD if bold else REGULAR, size)
    for line in _broken(printable(text), room, lines, lambda words: pen.textlength(words, font)):
        pen.text((MARGIN, y), line, color, font)
        y += size * 1.25
    return y


def _broken(text: str, room: int, most: int, measured: Any) -> list[str]:
    """``text`` in lines that fit; what is too much ends in an ellipsis."""
    found: list[str] = []
    for word in text.split():
        longer = f"{found[-1]} {word}" if found else word
        if found and measured(longer) <= room:
            found[-1] = longer
        elif len(found) == most:
            found[-1] += " …"
            break
        else:
            found.append(word)
    return [_cut(line, room, measured) for line in found]


def _cut(line: str, room: int, measured: Any) -> str:
    while len(line) > 2 and measured(line) > room:
        line = line.removesuffix("…").rstrip()[:-1] + "…"
    return line


def _first_picture(enterprise: Enterprise) -> Any:
    """The first product's picture as a square, or None."""
    from PIL import Image, ImageOps

    token = next((one.picture_token for one in products_of(enterprise) if one.picture_token), None)
    stored = file_by_token(token) if token else None
    if stored is None:
        return None
    with Image.open(BytesIO(stored.content)) as opened:
        return ImageOps.fit(opened.convert("RGB"), (PICTURE, PICTURE))
