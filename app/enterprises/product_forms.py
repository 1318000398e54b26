"""Products and opening hours as owners type them."""

from dataclasses import dataclass, field
from typing import Any

from app.core.parsing import Unreadable, fold_space, parse_rupiah
from app.core.text import N_, Text
from app.enterprises.forms import Problems, Sent
from app.enterprises.models import EnterpriseProduct
from app.enterprises.reading import read_time
from app.enterprises.rules import AVAILABILITY

DAYS = (N_("Senin"), N_("Selasa"), N_("Rabu"), N_("Kamis"), N_("Jumat"), N_("Sabtu"), N_("Minggu"))
MOST_PRICE = 2_000_000_000  # what PostgreSQL's integer holds


@dataclass
class ProductForm:
    """One product: ``typed`` for the page, ``values`` for the service."""

    typed: dict[str, str]
    values: dict[str, Any] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)

    @classmethod
    def empty(cls) -> "ProductForm":
        """Nothing typed yet."""
        return cls({"name": "", "price_low": "", "price_high": "", "unit": "", "availability": "ready"})

    @classmethod
    def of(cls, product: EnterpriseProduct) -> "ProductForm":
        """What stands there now."""
        typed = {name: getattr(product, name) for name in ("name", "unit", "availability")}
        prices = {"price_low": product.price_low, "price_high": product.price_high}
        return cls(typed | {name: "" if price is None else str(price) for name, price in prices.items()})

    @classmethod
    def read(cls, sent: Sent) -> "ProductForm":
        """The form as sent."""
        form = cls({name: fold_space(sent.get(name, "")[:400]) for name in cls.empty().typed})
        typed, values, problems = form.typed, form.values, form.problems
        values["name"], values["unit"] = typed["name"], typed["unit"]
        if not typed["name"]:
            problems["name"] = Text(N_("Isi nama produk."))
        for name, most in (("name", 120), ("unit", 40)):
            if len(typed[name]) > most:
                problems[name] = Text(N_("Paling panjang %(most)s huruf."), {"most": most})
        values["availability"] = typed["availability"] if typed["availability"] in AVAILABILITY else "ready"
        for name in ("price_low", "price_high"):
            form._price(name)
        low, high = values.get("price_low"), values.get("price_high")
        if high is not None and not problems:
            if low is None:
                problems["price_low"] = Text(N_("Isi harga terendah, atau kosongkan harga tertinggi."))
            elif high < low:
                problems["price_high"] = Text(
                    N_("Harga tertinggi harus lebih besar daripada harga terendah.")
                )
            elif high == low:
                values["price_high"] = None
        return form

    def _price(self, name: str) -> None:
        try:
            price = parse_rupiah(self.typed[name])
        except Unreadable as wrong:
            self.problems[name] = wrong.text
            return
        if price is not None and not 0 <= price <= MOST_PRICE:
            self.problems[name] = Text(N_("Harga 0 sampai Rp2.000.000.000."))
        self.values[name] = price


@dataclass
class HoursForm:
    """When it is open: for each day (1 Monday … 7 Sunday) from when until when; empty: closed or not said."""

    typed: dict[str, str]
    hours: dict[str, list[str]] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)

    @classmethod
    def of(cls, hours: dict[str, list[str]]) -> "HoursForm":
        """What stands there now."""
        typed: dict[str, str] = {}
        for day in map(str, range(1, 8)):
            opens, closes = hours.get(day, ["", ""])
            typed |= {f"buka_{day}": opens.replace(":", "."), f"tutup_{day}": closes.replace(":", ".")}
        return cls(typed)

    @classmethod
    def read(cls, sent: Sent) -> "HoursForm":
        """The form as sent. A place that is open past midnight closes before it opens."""
        names = [f"{part}_{day}" for day in range(1, 8) for part in ("buka", "tutup")]
        form = cls({name: fold_space(sent.get(name, "")[:20]) for name in names})
        for day in map(str, range(1, 8)):
            form._day(day)
        return form

    def _day(self, day: str) -> None:
        read: list[str | None] = []
        for name in (f"buka_{day}", f"tutup_{day}"):
            try:
                read.append(read_time(self.typed[name]))
            except Unreadable as wrong:
                self.problems[name] = wrong.text
                return
        opens, closes = read
        opens = "00:00" if opens == "24:00" else opens
        if opens and closes and opens != closes:
            self.hours[day] = [opens, closes]
        elif opens or closes:
            wrong_one = "tutup" if opens else "buka"
            self.problems[f"{wrong_one}_{day}"] = Text(
                N_("Isi jam buka dan jam tutup yang berbeda, atau kosongkan keduanya.")
            )
