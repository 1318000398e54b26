"""The office that runs this site, as its letterhead and footer show it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app

from app.core.hosts import LOCAL, hostname
from app.core.pdf import Letterhead
from app.core.templating import plain_data


@plain_data
@dataclass(frozen=True)
class Office:
    """Name, place and reach of the Dinas; empty strings where a setting is not filled."""

    name: str
    city: str
    address: str
    phone: str
    email: str
    hours: str
    only_here: str = ""  # the site's address, where nobody but this machine can open it: what is printed leads nowhere then

    @property
    def full_name(self) -> str:
        """``Dinas Koperasi dan UKM Kota Malang``."""
        return f"{self.name} {self.city}".strip()

    def letterhead(self) -> Letterhead:
        """The head of the office's printed pages."""
        reach = " · ".join(part for part in (self.phone, self.email, self.hours) if part)
        return Letterhead(self.full_name, tuple(line for line in (self.address, reach) if line))


def office() -> Office:
    """The office as the settings describe it; its city is the name of the region."""
    config = current_app.config
    base: str = config["BASE_URL"]
    return Office(
        name=config["OFFICE_NAME"],
        city=config["OFFICE_CITY"],
        address=config["OFFICE_ADDRESS"],
        phone=config["OFFICE_PHONE"],
        email=config["OFFICE_EMAIL"],
        hours=config["OFFICE_HOURS"],
        only_here=base if hostname(urlsplit(base).netloc) in LOCAL else "",
    )
