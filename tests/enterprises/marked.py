"""UKM each of whose private fields bears a mark of its own, one for every way in which an owner may consent."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import combinations, cycle, product

from app.core.database import now
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.models import Enterprise
from app.enterprises.rules import Precision, Purpose, State
from tests.enterprises.conftest import VALUES

CHANNELS = (Purpose.WHATSAPP, Purpose.PHONE, Purpose.EMAIL, Purpose.LINKS)
KELURAHAN = "Purwantoro"


@dataclass(frozen=True)
class Marked:
    """One of them: its number, which all its marks bear, what was agreed to, and whether everybody may see it at all."""

    number: int
    agreed: frozenset[Purpose]
    precision: Precision
    slug: str
    is_public: bool

    @property
    def name(self) -> str:
        """What it is called in public; letters stand for the digits of its number, since a search reads words."""
        return f"Warung {worded(self.number)}"

    @property
    def never(self) -> tuple[str, ...]:
        """What no public page may hold."""
        return (
            f"Pemilik{worded(self.number)}",
            f"8110{self.number:06}",
            f"pemilik{self.number:04}@",
            f"Gang{worded(self.number)}",
            f"77000{self.number:08}",
            f"catatan{worded(self.number)}",
        )

    @property
    def by_consent(self) -> dict[Purpose, tuple[str, ...]]:
        """What is public only while the owner agrees to it."""
        return {
            Purpose.WHATSAPP: (f"8220{self.number:06}",),
            Purpose.PHONE: (f"341{440000 + self.number}",),
            Purpose.EMAIL: (f"toko{self.number:04}@",),
            Purpose.LINKS: (f"ig{self.number:04}", f"lapak{self.number:04}", f"situs{self.number:04}"),
        }

    @property
    def point(self) -> tuple[float, float]:
        """Where it really stands."""
        return round(-7.9400 - self.number / 10_000, 6), round(112.6300 + self.number / 10_000, 6)


def worded(number: int) -> str:
    """``Zqbda``: a word that stands nowhere else."""
    return "Zq" + "".join("abcdefghij"[int(digit)] for digit in f"{number:03}")


def marked_enterprises(operator) -> list[Marked]:
    """Listed ones for every set of channels and every precision, and one of each state that nobody outside the office sees, whatever was agreed to."""
    every = frozenset(CHANNELS)
    settings = [*zip(cycle(Precision), _subsets(), strict=False), *product(Precision, ((), CHANNELS))]
    made = [
        _made(number, frozenset(agreed), precision, operator)
        for number, (precision, agreed) in enumerate(settings, 1)
    ]
    unseen = (State.DRAFT, State.WAITING, State.RETURNED, State.HIDDEN, State.MERGED, State.LISTED)
    made += [
        _made(900 + number, every, Precision.EXACT, operator, state) for number, state in enumerate(unseen)
    ]
    return made


def _subsets() -> Iterator[tuple[Purpose, ...]]:
    for count in range(len(CHANNELS) + 1):
        yield from combinations(CHANNELS, count)


def _made(number, agreed, precision, operator, unseen=None) -> Marked:
    told = Marked(number, agreed, precision, "", unseen is None)
    with writing():
        enterprise = services.add_enterprise(_values(told))
        location = {Purpose.LOCATION} if precision is not Precision.KECAMATAN else set()
        services.set_consents(enterprise, dict.fromkeys({Purpose.LISTING, *agreed, *location}, True))
        if unseen is not State.DRAFT:
            services.submit(enterprise)
        if unseen not in (State.DRAFT, State.WAITING):
            services.verify(enterprise, by=operator, words=told.never[-1])
        services.save_product(enterprise, {"name": f"Produk {worded(number)}", "price_low": 1000})
        _put_out_of_sight(enterprise, unseen, told)
    return Marked(number, agreed, precision, enterprise.slug, unseen is None)


def _put_out_of_sight(enterprise: Enterprise, unseen: State | None, told: Marked) -> None:
    if unseen is State.RETURNED:
        services.give_back(enterprise, reason=told.never[-1])
    elif unseen is State.HIDDEN:
        services.set_consents(enterprise, {Purpose.LISTING: False})
    elif unseen is State.MERGED:
        enterprise.state = State.MERGED
    elif unseen is State.LISTED:  # nobody said for two years that it is still there
        enterprise.confirmed_at = now() - timedelta(days=800)


def _values(told: Marked) -> dict:
    latitude, longitude = told.point
    number, consented = told.number, told.by_consent
    return VALUES | {
        "name": told.name,
        "products": f"Nasi goreng {worded(number)}",
        "activity": "warung-makan",
        "owner_name": told.never[0],
        "owner_phone": f"+62{told.never[1]}",
        "owner_email": f"{told.never[2]}uji.example",
        "address": f"{told.never[3]} nomor 7",
        "nib": told.never[4],
        "latitude": latitude,
        "longitude": longitude,
        "point_precision": told.precision,
        "start_year": 1931,
        "workers_men": 4321,
        "workers_women": 5432,
        "sales_band": "sampai-15m",
        "capital_band": "sampai-5m",
        "owner_education": "tidak_sekolah",
        "owner_disability": "ya",
        "owner_age_band": "55+",
        "owner_sex": "perempuan",
        "legal_form": "firma",
        "funding": ["pinjol"],
        "needs": ["pembukuan"],
        "infrastructure": {"power": "kurang", "internet": "kurang", "road": "tidak", "water": "tidak"},
        "contacts": {
            "whatsapp": f"+62{consented[Purpose.WHATSAPP][0]}",
            "phone": f"+62{consented[Purpose.PHONE][0]}",
            "email": f"{consented[Purpose.EMAIL][0]}uji.example",
            "instagram": f"https://www.instagram.com/{consented[Purpose.LINKS][0]}",
            "marketplace": f"https://toko.example/{consented[Purpose.LINKS][1]}",
            "website": f"https://{consented[Purpose.LINKS][2]}.example",
        },
    }
