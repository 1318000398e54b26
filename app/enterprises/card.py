"""All that the office knows of an enterprise, in words: for its card, and for two rows beside each other."""

from app.core.formatting import number
from app.core.i18n import _, say
from app.core.parsing import phone_for_people
from app.enterprises import rules
from app.enterprises.exports import BANDS, activity_name, class_name
from app.enterprises.models import Enterprise
from app.enterprises.rules import CHANNELS, CRITERION_NAMES, DIGITAL, INFRASTRUCTURE, ORIGIN_NAMES
from app.enterprises.screens import place_name
from app.enterprises.sectors import section_name

Fact = tuple[str, str]


def card_facts(one: Enterprise) -> list[tuple[str, list[Fact]]]:
    """Groups of label and value, in the order of the three steps."""
    return [
        (_("Usaha dan pemilik"), _business(one)),
        (_("Tempat dan kontak"), _place(one)),
        (_("Skala"), _scale(one)),
        (_("Keadaan dan kebutuhan"), _condition(one)),
        (_("Profil pemilik (sukarela)"), _profile(one)),
    ]


def _said(code: str | None, names: dict[str, str]) -> str:
    return say(names[code]) if code in names else ""


def _listed(codes: list[str], names: dict[str, str]) -> str:
    return ", ".join(say(names[code]) for code in codes if code in names)


def _phone(stored: str | None) -> str:
    return phone_for_people(stored) if stored else ""


def _business(one: Enterprise) -> list[Fact]:
    section = section_name(one.sector, one.sector_version)
    nib = {True: one.nib or _("punya, nomornya belum diisi"), False: _("belum punya"), None: ""}[one.has_nib]
    return [
        (_("Hasil atau jualan"), one.products),
        (_("Bidang"), say(activity_name(one)) if activity_name(one) else ""),
        (_("Kategori KBLI"), f"{one.sector} ({one.sector_version}), {section}" if one.sector else ""),
        (_("Pemilik"), one.owner_name or ""),
        (_("HP pemilik"), _phone(one.owner_phone)),
        (_("Surel pemilik"), one.owner_email or ""),
        (_("Bentuk usaha"), _said(one.legal_form, rules.LEGAL_FORMS)),
        (_("Tahun mulai"), str(one.start_year or "")),
        ("NIB", nib),
        (_("Asal data"), say(ORIGIN_NAMES[one.origin])),
    ]


def _place(one: Enterprise) -> list[Fact]:
    point = f"{one.latitude:.6f}, {one.longitude:.6f}" if one.latitude is not None else ""
    channels = [
        (say(name), _phone(value) if channel in ("whatsapp", "phone") else value)
        for channel, (name, _purpose) in CHANNELS.items()
        if (value := one.contacts.get(channel))
    ]
    return [
        (_("Kelurahan"), place_name(one.kode_kelurahan)),
        (_("Kecamatan"), place_name(one.kode_kecamatan)),
        (_("Alamat"), one.address or ""),
        (_("Titik"), point),
        (_("Tampil sampai"), say(rules.PRECISIONS[one.point_precision])),
        *channels,
    ]


def _scale(one: Enterprise) -> list[Fact]:
    size = say(class_name(one)) if class_name(one) else _("belum dapat ditentukan")
    criterion = say(CRITERION_NAMES[one.class_criterion]) if one.class_criterion else ""
    return [
        (_("Kelas (PP 7/2021)"), f"{size}, {criterion}" if criterion else size),
        (_("Penjualan setahun"), say(BANDS[one.sales_band]) if one.sales_band in BANDS else ""),
        (_("Modal usaha"), say(BANDS[one.capital_band]) if one.capital_band in BANDS else ""),
        (_("Pekerja pria"), "" if one.workers_men is None else number(one.workers_men)),
        (_("Pekerja wanita"), "" if one.workers_women is None else number(one.workers_women)),
    ]


def _condition(one: Enterprise) -> list[Fact]:
    places = [
        (say(label), _said(one.infrastructure.get(name), levels))
        for name, (label, levels) in INFRASTRUCTURE.items()
    ]
    return [
        (_("Adopsi digital"), _listed(one.digital, DIGITAL)),
        *places,
        (_("Sumber modal"), _listed(one.funding, rules.FUNDING)),
        (_("Kebutuhan"), _listed(one.needs, rules.NEEDS)),
        (_("Anggota koperasi"), one.cooperative.nama_koperasi if one.cooperative else ""),
    ]


def _profile(one: Enterprise) -> list[Fact]:
    return [
        (_("Usia"), _said(one.owner_age_band, rules.AGE_BANDS)),
        (_("Jenis kelamin"), _said(one.owner_sex, rules.SEXES)),
        (_("Pendidikan"), _said(one.owner_education, rules.EDUCATION)),
        (_("Disabilitas"), _said(one.owner_disability, rules.DISABILITY)),
    ]


def compared(one: Enterprise, other: Enterprise) -> list[tuple[str, str, str]]:
    """Label and both values of every fact that either row knows; what differs and what agrees alike."""
    left = [fact for _title, facts in card_facts(one) for fact in facts]
    right = dict(fact for _title, facts in card_facts(other) for fact in facts)
    labels = dict.fromkeys([label for label, _value in left] + list(right))
    mine = dict(left)
    return [
        (label, mine.get(label, ""), right.get(label, ""))
        for label in labels
        if mine.get(label) or right.get(label)
    ]
