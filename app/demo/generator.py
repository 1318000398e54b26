"""A fictional city of cooperatives, the same for the same seed and day: who they are, how they fare, what they filed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from app.cooperatives.rules import Position
from app.demo import names
from app.demo.chance import day_between, deal, dice, happens, pick
from app.demo.finances import histories
from app.demo.identities import IDENTITY, Plan, founded, identities, plans, women_in_office
from app.demo.records import (
    Answers,
    DemoCity,
    DemoCooperative,
    DemoPerson,
    DemoReport,
    Dissolution,
    Life,
)
from app.demo.reports import BookYear, Filed, Journey, file_report, import_report
from app.questionnaire.rules import EventKind, Origin

LATEST = {
    Journey.NOT_STARTED: 17,
    Journey.DRAFT: 13,
    Journey.SUBMITTED: 14,
    Journey.WARNED: 8,
    Journey.RETURNED: 8,
    Journey.RESUBMITTED: 5,
    Journey.APPROVED: 29,
    Journey.CORRECTED: 5,
    Journey.REOPENED: 1,
}
DAYS_OF_FILING = 150
LATEST_WITH_GAPS = {Journey.NOT_STARTED: 55, Journey.DRAFT: 20, Journey.SUBMITTED: 10, Journey.APPROVED: 15}
MIDDLE = {Journey.APPROVED: 87, Journey.CORRECTED: 8, Journey.OVERLOOKED: 1.2, Journey.NOT_STARTED: 4}
MIDDLE_WITH_GAPS = {Journey.APPROVED: 35, Journey.CORRECTED: 5, Journey.NOT_STARTED: 60}
ORIGINS = {Origin.FILED: 76, Origin.ASSISTED: 15, Origin.SPREADSHEET: 9}
RAT_HELD = {Life.ACTIVE: 0.94, Life.NEW: 0.9, Life.GAPS: 0.55}
RAT_MONTHS = {1: 12, 2: 22, 3: 34, 4: 13, 5: 9, 6: 7, 8: 2, 9: 1}
ALIVE = (Life.ACTIVE, Life.NEW, Life.GAPS)
SIGNERS = {
    Position.CHAIR: 36,
    Position.SECRETARY: 26,
    Position.TREASURER: 18,
    Position.STAFF: 4,
    Position.SUPERVISOR: 2,
}


@dataclass(frozen=True)
class Past:
    """What is true of a cooperative, filed or not: its founding, its RATs by book year, its answers by book year."""

    plan: Plan
    born: date
    earlier_rat: date | None
    rats: Mapping[int, date | None]
    truth: Mapping[int, Answers]
    dissolution: Dissolution | None


def generate(
    *, places: Mapping[str, str], today: date, seed: int = 2026, cooperatives: int = 760
) -> DemoCity:
    """A city of ``cooperatives`` over ``places`` (kelurahan code to name) as it stands on the morning of ``today``.

    Nothing in it happened later than ``today``. Its book years are the three before this one.
    """
    years = (today.year - 3, today.year - 2, today.year - 1)
    city = plans(seed, places, cooperatives)
    journeys = _latest_journeys(dice(seed, "latest"), city, today)
    return DemoCity(
        tuple(
            _cooperative(plan, journey, years, today) for plan, journey in zip(city, journeys, strict=True)
        ),
        years,
    )


def _latest_journeys(chance: Random, city: list[Plan], today: date) -> list[Journey]:
    """Where each report of the latest year stands, so that every state occurs; early in the year most are not begun."""
    to_come = max(0, DAYS_OF_FILING - today.timetuple().tm_yday) / DAYS_OF_FILING
    shares = {**LATEST, Journey.NOT_STARTED: LATEST[Journey.NOT_STARTED] + 160 * to_come}
    steady = [plan for plan in city if plan.life in (Life.ACTIVE, Life.NEW)]
    gaps = [plan for plan in city if plan.life is Life.GAPS]
    stands = dict(zip([plan.serial for plan in steady], deal(chance, shares, len(steady)), strict=True))
    stands |= dict(
        zip([plan.serial for plan in gaps], deal(chance, LATEST_WITH_GAPS, len(gaps)), strict=True)
    )
    return [stands.get(plan.serial, Journey.NOT_STARTED) for plan in city]


def _cooperative(plan: Plan, journey: Journey, years: tuple[int, int, int], today: date) -> DemoCooperative:
    past = _past(plan, years, today)
    managers = _managers(plan, past.truth[years[-1]])
    filed = _reports(past, journey, years, today, managers[0])
    reports = tuple(report for report, _ in filed)
    chance = plan.dice("claims")
    claimed = any(report.origin in (Origin.FILED, Origin.SPREADSHEET) for report in reports)
    claimed = claimed or happens(chance, 0.35 if plan.life in ALIVE else 0.03)
    waiting = not claimed and plan.life is not Life.DISSOLVED and happens(chance, 0.06)
    return DemoCooperative(
        identity=_registered(past, reports),
        life=plan.life,
        last_rat=_last_rat(past, reports),
        managers=managers if claimed else (),
        claimant=managers[0] if waiting else None,
        dissolution=past.dissolution,
        reports=reports,
        mistakes=tuple(mistake for _, mistake in filed if mistake),
    )


def _past(plan: Plan, years: tuple[int, int, int], today: date) -> Past:
    born = founded(plan, years[0])
    figures = histories(plan.dice("finances"), plan.form.jenis, plan.form.kelompok, len(years))
    who = identities(plan, born, years, has_manager=figures[0].managers > 0)
    chance = plan.dice("rat")
    rats = {year: _rat_about(chance, plan.life, year, born, today) for year in years}
    earlier = _earlier_rat(chance, plan.life, born, years[0])
    truth, last = {}, earlier
    for year, row in zip(years, figures, strict=True):
        last = rats[year] or last
        held = {"tanggal_rat": last.isoformat()} if last else {}
        status = {"status_rat": "Sudah RAT" if rats[year] else "Belum RAT"}
        truth[year] = {**who[year], **row.answers(), **held, **status, **_late(rats[year])}
    dissolution = _dissolution(plan, born, years, today) if plan.life is Life.DISSOLVED else None
    return Past(plan, born, earlier, rats, truth, dissolution)


def _rat_about(chance: Random, life: Life, year: int, born: date, today: date) -> date | None:
    """The day of the RAT about book year ``year``: in the half year after it, seldom later, or not (yet) held."""
    month = pick(chance, RAT_MONTHS)
    day = date(year + 1, month, chance.randint(1, 28))
    held = happens(chance, RAT_HELD.get(life, 0))
    return day if held and born.year <= year and day < today else None


def _late(held: date | None) -> dict[str, str | bool]:
    """Why the RAT came after its half year, as the cooperative confirms it; nothing when it was in time."""
    if held is None or held.month <= 6:
        return {}
    return {"tanggal_rat_konfirmasi": True, "tanggal_rat_alasan": "Menunggu hasil pemeriksaan pengawas."}


def _earlier_rat(chance: Random, life: Life, born: date, first_year: int) -> date | None:
    """The last RAT before those about the three book years, as far as anyone remembers."""
    if life is Life.NEW:
        return None
    if life in (Life.ACTIVE, Life.GAPS):
        return date(first_year - (life is Life.GAPS), pick(chance, RAT_MONTHS), chance.randint(1, 28))
    latest = date(first_year - chance.randint(1, 11), pick(chance, RAT_MONTHS), chance.randint(1, 28))
    return latest if happens(chance, 0.55) and latest.year > born.year else None


def _dissolution(plan: Plan, born: date, years: tuple[int, int, int], today: date) -> Dissolution:
    chance = plan.dice("dissolution")
    recently = happens(chance, 0.4)
    first = date(years[0], 3, 1) if recently else max(date(years[0] - 9, 1, 1), born + timedelta(days=900))
    day = day_between(chance, first, today - timedelta(days=30) if recently else date(years[0], 2, 1))
    region = plan.kelurahan[:5]
    number = f"188.45/{names.FICTIONAL}{plan.serial + 1:04}/{region}.412/{day.year}"
    return Dissolution(number, day, "Tidak pernah RAT dan pengurusnya tidak dapat ditemui lagi.")


def _managers(plan: Plan, answers: Answers) -> tuple[DemoPerson, ...]:
    """Who would act for it: one person, in one of eight two."""
    chance, people = plan.dice("people"), list[DemoPerson]()
    positions = {**SIGNERS, Position.MANAGER: 20} if answers["jumlah_manajer"] else SIGNERS
    for number in range(2 if happens(chance, 0.12) else 1):
        position = pick(
            chance,
            {key: share for key, share in positions.items() if key not in [p.position for p in people]},
        )
        known = {Position.CHAIR: "nama_ketua", Position.MANAGER: "nama_pengelola"}.get(position)
        name = str(answers[known]) if known else names.person_name(chance, women_in_office(plan.form))
        serial = plan.serial * 10 + 5 + number
        people.append(DemoPerson(name, position, names.email(plan.pair, serial), names.phone(serial)))
    return tuple(people)


def _reports(
    past: Past, journey: Journey, years: tuple[int, int, int], today: date, person: DemoPerson
) -> list[Filed]:
    """Oldest year: from the old lists. Middle year: mostly approved. Latest year: ``journey``."""
    chance, life, filed = past.plan.dice("reports"), past.plan.life, list[Filed]()
    for year in years:
        until = max(date(year + 1, 1, 1), min(date(year + 1, 12, 15), today - timedelta(days=1)))
        if past.born.year > year or (past.dissolution and past.dissolution.on.year <= year + 1):
            continue
        chair = DemoPerson(str(past.truth[year]["nama_ketua"]), Position.CHAIR, "", "")
        book = BookYear(year, past.truth[year], chair, until)
        if year == years[0]:
            filed += _from_old_list(chance, book, life)
            continue
        stands = journey if year == years[-1] else _middle_journey(chance, life)
        if stands is not Journey.NOT_STARTED:
            origin = pick(chance, ORIGINS)
            signer = chair if origin is Origin.ASSISTED else person
            filed.append(file_report(chance, BookYear(year, book.truth, signer, until), stands, origin))
    return filed


def _from_old_list(chance: Random, book: BookYear, life: Life) -> list[Filed]:
    kept = {Life.ACTIVE: 0.92, Life.NEW: 0.7, Life.GAPS: 0.5, Life.DORMANT: 0.14, Life.DISSOLVED: 0.3}[life]
    if not happens(chance, kept):
        return []
    if life is not Life.DORMANT and happens(chance, 0.12):
        return [file_report(chance, book, Journey.APPROVED, Origin.ASSISTED)]
    return [import_report(chance, book, complete=happens(chance, 0.4 if life is Life.DORMANT else 0.93))]


def _middle_journey(chance: Random, life: Life) -> Journey:
    if life in (Life.ACTIVE, Life.NEW):
        return pick(chance, MIDDLE)
    return pick(chance, MIDDLE_WITH_GAPS) if life is Life.GAPS else Journey.NOT_STARTED


def _registered(past: Past, reports: tuple[DemoReport, ...]) -> Answers:
    """Questions 1–14 as the register knows them: of the founding, then of each approval."""
    known = past.truth[min(past.truth)]
    for report in reports:
        for event in report.events:
            if event.kind is EventKind.APPROVED:
                known = event.answers
    identity = {code: known[code] for code in IDENTITY if code in known}
    if past.plan.life is Life.DORMANT and not past.earlier_rat and happens(past.plan.dice("papers"), 0.1):
        del identity["tanggal_badan_hukum"]  # the papers are lost, so nobody knows whether it still lives
    return identity


def _last_rat(past: Past, reports: tuple[DemoReport, ...]) -> date | None:
    """The latest RAT that a filed report tells of, else what the office's old books say."""
    told = [
        past.rats[report.year]
        for report in reports
        if any(event.kind is EventKind.SUBMITTED for event in report.events)
    ]
    return max([day for day in [past.earlier_rat, *told] if day], default=None)
