"""What people send about a UKM, step by step: a form keeps what was typed, so that nothing has to be typed twice."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from werkzeug.datastructures import MultiDict

from app.accounts.rules import read_email
from app.core.database import today
from app.core.parsing import Unreadable, fold_lines, fold_space, parse_phone
from app.core.text import N_, Text
from app.enterprises import rules
from app.enterprises.membership import read_cooperative
from app.enterprises.models import Enterprise
from app.enterprises.queries import region
from app.enterprises.reading import (
    part_degrees,
    read_count,
    read_degrees,
    read_instagram,
    read_link,
    read_nib,
    read_whatsapp,
    read_year,
)
from app.enterprises.rules import CHANNELS, INFRASTRUCTURE, Precision, Purpose
from app.enterprises.sectors import activities, suggest
from app.regions.borders import has_borders, kecamatan_at

Sent = MultiDict[str, str]
Problems = dict[str, Text]
LONGEST = 2000  # characters of one input that are read at all
STEPS = (1, 2, 3)
YES, NO = "ya", "tidak"
PROFILE = {
    "owner_age_band": rules.AGE_BANDS,
    "owner_sex": rules.SEXES,
    "owner_education": rules.EDUCATION,
    "owner_disability": rules.DISABILITY,
}
SINGLE = {
    1: ("name", "products", "activity", "owner_name", "owner_phone", "owner_email", "legal_form", "start_year", "has_nib", "nib"),
    2: ("kode_kelurahan", "address", "latitude", "longitude", "point_precision", *CHANNELS),
    3: ("workers_men", "workers_women", "sales_band", "capital_band", *INFRASTRUCTURE, *PROFILE, "cooperative", "listing"),
}  # fmt: skip
SEVERAL = {1: (), 2: ("public",), 3: ("digital", "funding", "needs", "agree")}


@dataclass
class StepForm:
    """One step: ``typed`` for the page, ``values`` and ``consents`` for the service."""

    step: int
    typed: dict[str, Any]
    values: dict[str, Any] = field(default_factory=dict)
    consents: dict[Purpose, bool] = field(default_factory=dict)
    problems: Problems = field(default_factory=dict)
    recorded: Enterprise | None = None  # as the register has it

    @classmethod
    def read(cls, step: int, sent: Sent, recorded: Enterprise | None = None) -> "StepForm":
        """The step as sent."""
        typed: dict[str, Any] = {
            name: (fold_lines if name in ("products", "address") else fold_space)(
                sent.get(name, "")[:LONGEST]
            )
            for name in SINGLE[step]
        }
        typed |= {name: [one[:40] for one in sent.getlist(name)[:20]] for name in SEVERAL[step]}
        form = cls(step, typed, recorded=recorded)
        READERS[step](form)
        return form

    def take(self, name: str, reader: Callable[[str], Any], *, column: str = "") -> Any:
        """Read one input into ``values``; what cannot be read becomes a problem of its own."""
        try:
            value = reader(self.typed[name])
        except Unreadable as wrong:
            self.problems[name] = wrong.text
            return None
        self.values[column or name] = value
        return value

    def need(self, name: str, sentence: str) -> None:
        """Something must stand there."""
        if not self.typed[name] and name not in self.problems:
            self.problems[name] = Text(sentence)

    def text(self, name: str, most: int, *, empty: str | None = None) -> None:
        """Words of at most ``most`` characters."""
        words = self.typed[name]
        if len(words) > most:
            self.problems[name] = Text(N_("Paling panjang %(most)s huruf."), {"most": most})
        self.values[name] = words or empty

    def choose(self, name: str, known: Collection[str]) -> None:
        """One of a list, or nothing."""
        self.values[name] = self.typed[name] if self.typed[name] in known else None


def _read_business(form: StepForm) -> None:
    form.text("name", 120, empty="")
    form.text("products", 500, empty="")
    form.text("owner_name", 120)
    form.take("owner_phone", parse_phone)
    form.take("owner_email", read_email)
    form.choose("legal_form", rules.LEGAL_FORMS)
    form.take("start_year", partial(read_year, this_year=today().year))
    form.take("nib", read_nib)
    said = form.typed["has_nib"]
    form.values["has_nib"] = True if said == YES or form.values.get("nib") else False if said == NO else None
    form.need("name", N_("Isi nama usaha. Belum punya? Tulis nama yang dikenal pembeli."))
    form.need("products", N_("Isi apa yang dibuat atau dijual."))
    form.need("owner_name", N_("Isi nama pemilik. Hanya dilihat petugas."))
    if len(form.values["name"]) == 1:
        form.problems["name"] = Text(N_("Nama usaha paling pendek 2 huruf."))
    if not form.typed["owner_phone"] and not form.typed["owner_email"]:
        form.problems["owner_phone"] = Text(
            N_("Isi nomor HP atau surel. Petugas memakainya bila ada yang perlu ditanyakan.")
        )
    _find_activity(form)


def _find_activity(form: StepForm) -> None:
    """Chosen from the list, or else found by the words about what is made."""
    form.choose("activity", activities())
    if form.values["activity"] is None and form.typed["products"]:
        found = suggest(f"{form.typed['products']} {form.typed['name']}")
        if found:
            form.values["activity"] = found[0].code
        else:
            form.problems["activity"] = Text(
                N_("Kami belum mengenali bidangnya dari kata-kata Anda. Pilih yang paling dekat.")
            )


def _read_place(form: StepForm) -> None:
    places = region()
    form.choose("kode_kelurahan", places.kelurahan)
    form.values["kode_kecamatan"] = (form.values["kode_kelurahan"] or "")[:8] or None
    form.need("kode_kelurahan", N_("Pilih kelurahan tempat usaha."))
    if form.typed["kode_kelurahan"] and not form.values["kode_kelurahan"]:
        form.problems["kode_kelurahan"] = Text(
            N_("Kelurahan ini tidak ada di %(name)s. Pilih dari daftar."), {"name": places.name}
        )
    form.text("address", 300)
    _read_point(form)
    contacts = StepForm(0, form.typed, problems=form.problems)
    for channel, reader in CHANNEL_READERS.items():
        contacts.take(channel, reader)
    form.values["contacts"] = {channel: value for channel, value in contacts.values.items() if value}
    told = {purpose for channel, (_name, purpose) in CHANNELS.items() if form.typed[channel]}
    for purpose in (Purpose.WHATSAPP, Purpose.PHONE, Purpose.EMAIL, Purpose.LINKS):
        # nobody agrees to show what is not there: a number that an import brings later would be public at once
        form.consents[purpose] = purpose in told and purpose.value in form.typed["public"]


def _read_point(form: StepForm) -> None:
    if not form.typed["longitude"] and (both := part_degrees(form.typed["latitude"])):
        form.typed["latitude"], form.typed["longitude"] = both
    latitude = form.take("latitude", partial(read_degrees, most=90))
    longitude = form.take("longitude", partial(read_degrees, most=180))
    if (latitude is None) != (longitude is None) and not {"latitude", "longitude"} & set(form.problems):
        form.problems["latitude" if latitude is None else "longitude"] = Text(
            N_("Isi lintang dan bujur, atau kosongkan keduanya.")
        )
    if latitude is not None and longitude is not None and not is_here(latitude, longitude):
        form.problems["latitude"] = Text(
            N_("Titik ini di luar %(region)s. Periksa lintang dan bujurnya, atau kosongkan keduanya."),
            {"region": region().name},
        )
    fine = form.typed["point_precision"]
    chosen = Precision(fine) if fine in list(Precision) else Precision.KECAMATAN
    if chosen is Precision.EXACT and latitude is None and not form.problems:
        form.problems["point_precision"] = Text(
            N_("Titik tepat memerlukan koordinat. Isi titiknya, atau pilih yang lebih kasar.")
        )
    form.values["point_precision"] = chosen
    form.consents[Purpose.LOCATION] = chosen is not Precision.KECAMATAN


def is_here(latitude: float, longitude: float) -> bool:
    """Whether a point lies in the office's region; everywhere, where its borders are not known."""
    code = region().code
    return not has_borders(code) or kecamatan_at(code, latitude, longitude) is not None


def _read_scale(form: StepForm) -> None:
    form.take("workers_men", read_count)
    form.take("workers_women", read_count)
    form.choose("sales_band", [band.code for band in rules.SALES_BANDS])
    form.choose("capital_band", [band.code for band in rules.CAPITAL_BANDS])
    for name, choices in PROFILE.items():
        form.choose(name, choices)
    form.values["infrastructure"] = {
        name: form.typed[name]
        for name, (_label, choices) in INFRASTRUCTURE.items()
        if form.typed[name] in choices
    }
    for name, known in (("digital", rules.DIGITAL), ("funding", rules.FUNDING), ("needs", rules.NEEDS)):
        form.values[name] = [code for code in known if code in form.typed[name]]
    if len(form.values["digital"]) > 1 and "none" in form.values["digital"]:
        form.problems["digital"] = Text(N_("Pilih “Belum memakai” saja, atau yang sudah dipakai."))
    member_of = form.recorded.cooperative if form.recorded else None
    form.take("cooperative", partial(read_cooperative, recorded=member_of), column="cooperative_id")
    if form.typed["listing"] in (YES, NO):
        form.consents[Purpose.LISTING] = form.typed["listing"] == YES
    else:
        form.problems["listing"] = Text(N_("Pilih apakah usaha Anda tampil di daftar umum."))
    for purpose in (Purpose.PROGRAMMES, Purpose.STATISTICS):
        form.consents[purpose] = purpose.value in form.typed["agree"]


READERS: dict[int, Callable[[StepForm], None]] = {1: _read_business, 2: _read_place, 3: _read_scale}
CHANNEL_READERS: dict[str, Callable[[str], Any]] = {
    "whatsapp": read_whatsapp,
    "phone": parse_phone,
    "email": read_email,
    "instagram": read_instagram,
    "marketplace": read_link,
    "website": read_link,
}


def empty_form(step: int) -> StepForm:
    """Nothing typed yet."""
    typed: dict[str, Any] = dict.fromkeys(SINGLE[step], "") | {name: [] for name in SEVERAL[step]}
    return StepForm(step, typed)


def filled_form(step: int, enterprise: Enterprise, purposes: Collection[Purpose]) -> StepForm:
    """What the register says, as it would be typed."""
    form = empty_form(step)
    for name in SINGLE[step]:
        form.typed[name] = _as_typed(name, enterprise)
    if step == 2:
        form.typed["public"] = [purpose.value for purpose in purposes]
    if step == 3:
        form.typed |= {name: list(getattr(enterprise, name)) for name in ("digital", "funding", "needs")}
        form.typed["agree"] = [purpose.value for purpose in purposes]
        decided = enterprise.submitted_at is not None or Purpose.LISTING in purposes
        form.typed["listing"] = (YES if Purpose.LISTING in purposes else NO) if decided else ""
    return form


def _as_typed(name: str, enterprise: Enterprise) -> str:
    if name in CHANNELS:
        return _channel(name, enterprise.contacts)
    if name in INFRASTRUCTURE:
        return str(enterprise.infrastructure.get(name, ""))
    if name == "cooperative":
        return enterprise.cooperative.nama_koperasi if enterprise.cooperative else ""
    if name == "listing":
        return ""
    value = getattr(enterprise, name)
    if name == "has_nib":
        return "" if value is None else YES if value else NO
    if name in ("latitude", "longitude") and value is not None:
        return f"{value:.6f}"
    if name == "owner_phone" and value:
        return _local(value)
    return "" if value is None else str(value)


def _channel(name: str, contacts: Mapping[str, str]) -> str:
    value = contacts.get(name, "")
    return _local(value) if name in ("whatsapp", "phone") and value else value


def _local(phone: str) -> str:
    return "0" + phone.removeprefix("+62") if phone.startswith("+62") else phone
