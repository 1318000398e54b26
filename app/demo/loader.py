"""Putting the fictional city into an empty database, so that every screen shows an office at work."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from secrets import token_urlsafe

import click
from sqlalchemy import exists, or_, select

from app.accounts.models import User
from app.accounts.services import hash_password
from app.audit.services import record
from app.cooperatives.models import Cooperative
from app.cooperatives.queries import region
from app.core.access import Role
from app.core.database import now, office_zone, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_
from app.core.writing import writing
from app.demo import visits
from app.demo.accounts import SIGN_INS
from app.demo.city import Resident, batches, write_batch
from app.demo.clinic import Clinic
from app.demo.content import write_pages
from app.demo.desk import ask_some
from app.demo.enterprises import ENTERPRISES, write_enterprises
from app.demo.generator import generate
from app.demo.joinings import acting_too, joinings, register_opened, spotlights
from app.demo.morning import Morning
from app.demo.people import Hashes, create_accounts, create_staff
from app.demo.program_applications import apply_for_some
from app.demo.programs import write_programs
from app.demo.records import DemoCity
from app.demo.replay import Ground, asked_in
from app.demo.rows import Actor
from app.quality import services as quality
from app.questionnaire import services as questionnaire
from app.questionnaire.models import Edition
from app.questionnaire.office_places import places

COOPERATIVES = 760


def is_loaded() -> bool:
    """Whether demonstration accounts or cooperatives are here."""
    query = select(or_(exists().where(User.is_demo), exists().where(Cooperative.is_demo)))
    return bool(db.session.scalar(query))


def is_empty() -> bool:
    """Whether nobody and nothing stands in the database that the demonstration could be confused with."""
    query = select(or_(exists().where(User.id > 0), exists().where(Cooperative.id > 0)))
    return not db.session.scalar(query)


def load(cooperatives: int = COOPERATIVES, enterprises: int = ENTERPRISES) -> str:
    """Fill an empty database with a city as it stands today; returns a one-line summary. Shows its progress on a terminal.

    ``enterprises`` takes about half a second for each thousand.

    Raises RuleBroken when the database is not empty, or the office's region has no kelurahan to put anybody in.
    """
    here = region()
    if not here.kelurahan:
        raise RuleBroken(
            N_("Data kelurahan %(name)s tidak ada, jadi data peragaan tidak dapat dibuat."), name=here.name
        )
    city = with_sign_in(generate(places=here.kelurahan, today=today(), cooperatives=cooperatives))
    hashes = Hashes(
        {one.email: hash_password(one.password) for one in SIGN_INS}, hash_password(token_urlsafe())
    )
    with click.progressbar(length=cooperatives, label="Memuat data peragaan") as bar, writing():
        if not is_empty():
            raise RuleBroken(
                N_("Basis data sudah berisi. Data peragaan hanya dimuat ke basis data yang kosong.")
            )
        fill(city, hashes, enterprises=enterprises, shown=bar.update)
    compare(city)
    reports = sum(len(cooperative.reports) for cooperative in city.cooperatives)
    return f"Data peragaan {here.name} dimuat: {cooperatives} koperasi fiktif dengan {reports} laporan, {enterprises} UKM fiktif."


def compare(city: DemoCity) -> None:
    """Let each report stand beside the others, as the clock would within a minute; the forest follows by the clock."""
    for year in city.book_years:
        found = quality.study(year, forest=None)
        with writing():
            quality.keep(found)


def with_sign_in(city: DemoCity) -> DemoCity:
    """``city`` with the cooperative's sign-in acting for two of its cooperatives."""
    sign_in = next(one for one in SIGN_INS if one.role is Role.COOPERATIVE)
    chosen = spotlights(city)
    return replace(
        city,
        cooperatives=tuple(
            replace(one, managers=(acting_too(sign_in, one), *one.managers)) if one in chosen else one
            for one in city.cooperatives
        ),
    )


def fill(city: DemoCity, hashes: Hashes, *, enterprises: int, shown: Callable[[int], object]) -> None:
    """Write ``city``. ``shown`` is told how many cooperatives more are done."""
    here, moment, opened = region(), now(), register_opened(city)
    editions = open_editions(city, moment)
    staff = create_staff(hashes, opened=opened, last_book_year=city.book_years[-1])
    residents = [Resident(one, joinings(one, opened, moment)) for one in city.cooperatives]
    signed_in = {user.email: Actor(user.id, user.name) for user in staff.by_role.values() if user.email}
    others = [one for resident in residents for one in resident.joinings if one.person.email not in signed_in]
    actors = {**create_accounts(others, hashes), **signed_in}
    ground = Ground(
        editions=editions,
        asked=asked_in(editions),
        places=places(),
        reviewers=staff.reviewers,
        region=here,
        zone=office_zone(),
        opened=opened,
        now=moment,
    )
    ids, addresses = list[int](), set[str]()
    for batch in batches(residents):
        ids += write_batch(batch, ground, actors, addresses=addresses)
        shown(len(batch))
    Morning(staff, residents, ids, actors, hashes, here, moment).arrange()
    write_enterprises(here, moment, staff.by_role[Role.ENTERPRISE], count=enterprises)
    write_pages(staff.by_role[Role.EDITOR])
    ask_some(staff.operator)
    Clinic(here, staff.operator, staff.by_role[Role.CONSULTANT], hashes.nobody_knows).write()
    write_programs(staff.by_role[Role.EDITOR], list(here.kecamatan))
    apply_for_some(staff.by_role[Role.EDITOR])
    visits.visit(today())
    questionnaire.rebuild()
    note_in_trail(city, len(actors), enterprises)


def open_editions(city: DemoCity, moment: datetime) -> dict[int, Edition]:
    """The editions of the city's book years, published on their first day, and that of the year to come.

    Whatever the office's dates are, the demonstration can be filled in today: each is open for the whole year after its
    book year.
    """
    editions = {}
    for year in city.book_years:
        edition = questionnaire.edition_for(year)
        edition.opens = min(edition.opens, date(year + 1, 1, 1))
        edition.closes = max(edition.closes, date(year + 1, 12, 31))
        questionnaire.publish(edition)
        first = datetime.combine(edition.opens, time(), office_zone()).astimezone(UTC)
        edition.published_at = min(first, moment)
        editions[year] = edition
    db.session.flush()
    questionnaire.ensure_editions(today())
    return editions


def note_in_trail(city: DemoCity, people: int, enterprises: int) -> None:
    """One entry for each batch: who looks through the trail must see where all this came from."""
    year_counts = {
        year: sum(one.report(year) is not None for one in city.cooperatives) for year in city.book_years
    }
    batches_of = [
        ("Register", {"koperasi": len(city.cooperatives)}),
        ("Akun", {"orang": people}),
        ("UKM", {"ukm": enterprises}),
    ]
    batches_of += [(f"Laporan tahun buku {year}", {"laporan": count}) for year, count in year_counts.items()]
    for name, after in batches_of:
        record("demo.loaded", kind="import", subject_id=None, name=name, after=after)
