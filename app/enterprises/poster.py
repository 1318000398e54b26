"""The poster for the stall: one page that leads buyers to the enterprise's page. It says only what that page shows."""

from datetime import datetime

from flask_babel import gettext as _

from app.core.i18n import locale, say
from app.core.office import office
from app.core.pdf import Document
from app.core.text import Text
from app.enterprises.exports import activity_name
from app.enterprises.models import Enterprise
from app.enterprises.publication import public_place
from app.enterprises.queries import region

SIDE = 120.0
"""Millimetres: read by a telephone from two steps away."""
LONG, LONGEST = 30, 150  # letters of a name that still stands large; of what it makes


def poster_pdf(enterprise: Enterprise, address: str, *, made: datetime) -> bytes:
    """One page of A4. ``address``: the public page; ``made`` is what the file says of its making."""
    name = enterprise.name
    document = Document(
        title=name,
        titled=False,
        office=office().letterhead(),
        created=made,
        language=locale(),
        page_label="",
        footnote=_("Terdaftar di %(office)s.", office=office().full_name),
    )
    document.space(2)
    document.banner(name, size=34 if len(name) <= LONG else 24, bold=True)
    document.space(2)
    document.banner(_shortened(enterprise.products), size=15)
    document.banner(_where(enterprise), size=12, soft=True)
    document.space(4)
    document.great_qr(address, side=SIDE)
    document.space(2)
    document.banner(_("Pindai untuk melihat dan memesan"), size=20, bold=True)
    document.space(1)
    document.banner(_("Arahkan kamera ponsel ke kotak di atas, atau buka:"), size=12, soft=True)
    document.banner(address.removeprefix("https://").removeprefix("http://"), size=13, bold=True)
    return document.bytes()


def _shortened(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rsplit(' ', 1)[0]} …"


def _where(enterprise: Enterprise) -> str:
    """What it is and where, as finely as its owner lets it be known."""
    places, place = region(), public_place(enterprise)
    found = activity_name(enterprise)
    told = (
        say(Text(found)) if found else "",
        places.name_of(place.kode_kelurahan),
        places.name_of(place.kode_kecamatan),
    )
    return " · ".join(filter(None, told))
