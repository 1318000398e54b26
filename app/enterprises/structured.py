"""An enterprise as search engines read it (schema.org): only what its page shows anyway."""

from collections.abc import Mapping
from typing import Any

from app.enterprises.models import Enterprise
from app.enterprises.publication import public_place
from app.enterprises.queries import region

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local_business(enterprise: Enterprise, contacts: Mapping[str, str], address: str) -> dict[str, Any]:
    """A LocalBusiness. ``contacts`` are those that are public; a position is told only where it is exact."""
    places, place = region(), public_place(enterprise)
    thing: dict[str, Any] = {
        "@type": "LocalBusiness",
        "name": enterprise.name,
        "description": enterprise.products,
        "url": address,
        "address": {
            "@type": "PostalAddress",
            "addressCountry": "ID",
            "addressRegion": places.province_name,
            "addressLocality": ", ".join(
                filter(None, (places.name_of(place.kode_kelurahan), places.name_of(place.kode_kecamatan)))
            )
            or places.name,
        },
        "telephone": contacts.get("phone") or contacts.get("whatsapp"),
        "email": contacts.get("email"),
        "sameAs": [contacts[one] for one in ("instagram", "marketplace", "website") if one in contacts],
        "openingHoursSpecification": [
            {
                "@type": "OpeningHoursSpecification",
                "dayOfWeek": DAYS[int(day) - 1],
                "opens": hours[0],
                "closes": hours[1],
            }
            for day, hours in sorted(enterprise.opening_hours.items())
        ],
    }
    if place.is_exact and place.point:
        thing["geo"] = {"@type": "GeoCoordinates", "latitude": place.point[0], "longitude": place.point[1]}
    return {name: value for name, value in thing.items() if value}
