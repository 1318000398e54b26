"""Asking the two registers whom a programme fits: the rules of ``targeting_rules`` as SQL, and what the data say of somebody."""

import operator
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Integer,
    Numeric,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    false,
    func,
    literal,
    not_,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from app.cooperatives.models import Cooperative, Listing, Membership, MembershipState
from app.cooperatives.queries import region, status_expression
from app.cooperatives.rules import Status
from app.core.database import today
from app.core.extensions import db
from app.core.writing import is_sqlite
from app.enterprises.clusters.queries import cluster_key, cluster_names
from app.enterprises.models import Enterprise
from app.enterprises.rules import State
from app.programs.targeting_rules import (
    CLUSTER,
    CRITERIA,
    PLACE,
    Criterion,
    Facts,
    Kind,
    Rules,
    Subject,
    Target,
    Wanted,
    Words,
    cleaned,
)
from app.questionnaire.models import Report
from app.questionnaire.queries import current_year, filed_condition, history_condition
from app.questionnaire.rules import Status as ReportStatus

VERIFIED = (State.LISTED, State.HIDDEN)  # UKM that the office has looked at, in sight or not
BOUNDS: Mapping[str, Callable[[Any, Any], ColumnElement[bool]]] = {"min": operator.ge, "below": operator.lt}
FIGURES = {"anggota": "jumlah_anggota", "aset": "aset", "volume_usaha": "volume_usaha"}


def words() -> Words:
    """What the words of a target depend on, today."""
    return Words(region().kecamatan, current_year(), cluster_names)


def target_of(stored: Any) -> Target:
    """A programme's target as it may be trusted."""
    return cleaned(stored, region().kecamatan)


@dataclass(frozen=True)
class Answers:
    """Yes, and unknown: what is neither is no."""

    yes: ColumnElement[bool]
    unknown: ColumnElement[bool]


class Register:
    """One register with everything that criteria ask of it; reports are joined only where one asks for them."""

    subject: Subject
    model: type[Cooperative] | type[Enterprise]

    def __init__(self, year: int | None) -> None:
        self.year = year
        self.joins: list[tuple[FromClause | Any, ColumnElement[bool]]] = []

    def base(self) -> ColumnElement[bool]:
        """Who can be meant at all."""
        raise NotImplementedError

    def value(self, criterion: Criterion) -> ColumnElement[Any]:
        """What the data say, null where they say nothing."""
        raise NotImplementedError

    def asked(self, criterion: Criterion, wanted: Wanted) -> Answers:
        """One criterion as SQL."""
        value = self.value(criterion)
        if isinstance(wanted, dict):
            ends = {end: literal(amount, BigInteger()) for end, amount in wanted.items()}
            yes = and_(value.is_not(None), *(BOUNDS[end](value, amount) for end, amount in ends.items()))
        else:
            yes = value.in_(wanted)
        return Answers(yes, value.is_(None))

    def matching(self, rules: Rules, *, unknown: bool = False) -> Select[Any]:
        """Ids of whom ``rules`` fit; or of whom none is broken, but the data lack what some of them ask."""
        asked = [
            self.asked(criterion, rules[criterion.code])
            for criterion in CRITERIA[self.subject]
            if criterion.code in rules
        ]
        holds = and_(self.base(), *(one.yes for one in asked))
        if unknown:
            open_ = [or_(one.yes, one.unknown) for one in asked]
            some = or_(false(), *(one.unknown for one in asked))
            holds = and_(self.base(), *open_, some)
        query = select(self.model.id)
        for table, condition in self.joins:
            query = query.outerjoin(table, condition)
        return query.where(holds)


class Cooperatives(Register):
    """The register of cooperatives, with each one's latest report that serves as history."""

    subject = Subject.COOPERATIVE
    model = Cooperative

    def base(self) -> ColumnElement[bool]:
        return and_(
            Cooperative.listing == Listing.LISTED,
            or_(Cooperative.dissolved_on.is_(None), Cooperative.dissolved_on > today()),
        )

    @cached_property
    def last(self) -> Any:
        """The latest report of each."""
        latest = (  # of each by itself: who asks for a few must not wait for all
            select(Report.year)
            .where(Report.cooperative_id == Cooperative.id, history_condition())
            .order_by(Report.year.desc())
            .limit(1)
            .correlate(Cooperative)
            .scalar_subquery()
        )
        last = aliased(Report, name="last_report")
        self.joins.append((last, and_(last.cooperative_id == Cooperative.id, last.year == latest)))
        return last

    def value(self, criterion: Criterion) -> ColumnElement[Any]:
        code = criterion.code
        if code in FIGURES:
            return figure(self.last, FIGURES[code])
        if code == "rat":
            answer: ColumnElement[Any] = self.last.answers["status_rat"].as_string()
            return answer
        columns: Mapping[str, Callable[[], ColumnElement[Any]]] = {
            "jenis": lambda: column(Cooperative.jenis_koperasi),
            "bentuk": lambda: column(Cooperative.bentuk_koperasi),
            "kelompok": lambda: column(Cooperative.kelompok_koperasi),
            PLACE: lambda: column(Cooperative.kode_kecamatan),
            "status": status_expression,
            "pengelola": lambda: case((claimed(), "ada"), else_="belum"),
        }
        return columns[code]()

    def asked(self, criterion: Criterion, wanted: Wanted) -> Answers:
        if criterion.code == "laporan":
            return Answers(or_(*(self._reported(code) for code in wanted)), false())
        if criterion.code == "status" and Status.UNKNOWN not in wanted:
            value = self.value(criterion)
            return Answers(value.in_(list(wanted)), value == Status.UNKNOWN.value)
        return super().asked(criterion, wanted)

    def _reported(self, code: str) -> ColumnElement[bool]:
        year = (self.year or 0) - (1 if code.endswith("tahun_lalu") else 0)
        filed = exists().where(
            Report.cooperative_id == Cooperative.id, Report.year == year, filed_condition()
        )
        if code.startswith("disetujui"):
            return exists().where(
                Report.cooperative_id == Cooperative.id,
                Report.year == year,
                Report.status == ReportStatus.APPROVED,
            )
        return not_(filed) if code.startswith(("tidak", "belum")) else filed


class Enterprises(Register):
    """The register of UKM."""

    subject = Subject.ENTERPRISE
    model = Enterprise

    def base(self) -> ColumnElement[bool]:
        return Enterprise.state.in_(VERIFIED)

    def value(self, criterion: Criterion) -> ColumnElement[Any]:
        men, women = Enterprise.workers_men, Enterprise.workers_women
        known = or_(men.is_not(None), women.is_not(None))
        return {
            "bidang": column(Enterprise.activity),
            "kelas": cast(Enterprise.size_class, String),
            PLACE: column(Enterprise.kode_kecamatan),
            CLUSTER: cluster_key(),
            "tenaga": case((known, func.coalesce(men, 0) + func.coalesce(women, 0))),
            "nib": case((Enterprise.has_nib.is_(True), "ada"), (Enterprise.has_nib.is_(False), "belum")),
            "anggota_koperasi": case((is_member(), "ya"), else_="tidak"),
        }[criterion.code]

    def asked(self, criterion: Criterion, wanted: Wanted) -> Answers:
        lists = {"digital": Enterprise.digital, "kebutuhan": Enterprise.needs}
        if criterion.code not in lists:
            return super().asked(criterion, wanted)
        text = cast(lists[criterion.code], String)
        return Answers(or_(*(text.contains(f'"{code}"', autoescape=True) for code in wanted)), text == "[]")


def column(attribute: Any) -> ColumnElement[Any]:
    """A mapped column as an expression."""
    expression: ColumnElement[Any] = attribute.expression
    return expression


def claimed() -> ColumnElement[bool]:
    """Somebody may act for the cooperative."""
    return exists().where(
        Membership.cooperative_id == Cooperative.id, Membership.state == MembershipState.ACTIVE
    )


def is_member() -> ColumnElement[bool]:
    """The owner of the UKM is a member of a cooperative: one that was dissolved has none any more."""
    return exists().where(
        Cooperative.id == Enterprise.cooperative_id,
        or_(Cooperative.dissolved_on.is_(None), Cooperative.dissolved_on > today()),
    )


def figure(report: Any, code: str) -> ColumnElement[Any]:
    """A whole number among the answers; null where the answer is blank or cannot be read."""
    answer = report.answers[code]
    kind = func.json_type(report.answers, f"$.{code}") if is_sqlite() else func.jsonb_typeof(answer)
    is_number = kind.in_(("integer", "real", "number"))
    exact: Any = Integer() if is_sqlite() else Numeric(20, 0)
    return case((is_number, cast(answer.as_string(), exact)))


REGISTERS: Mapping[Subject, Callable[[int | None], Register]] = {
    Subject.COOPERATIVE: Cooperatives,
    Subject.ENTERPRISE: Enterprises,
}


def matching(subject: Subject, rules: Rules, *, unknown: bool = False) -> Select[Any]:
    """Ids of whom ``rules`` fit today; or of those of whom the data do not tell."""
    return REGISTERS[subject](current_year()).matching(rules, unknown=unknown)


@dataclass(frozen=True)
class Fit:
    """One open question answered for one reader: how their data read."""

    name: str
    facts: Facts


def cooperative_facts(ids: Collection[int]) -> dict[int, Fit]:
    """What the data say of these cooperatives, by id; two queries."""
    register = Cooperatives(current_year())
    criteria = [one for one in CRITERIA[Subject.COOPERATIVE] if one.code != "laporan"]
    columns = [register.value(one).label(one.code) for one in criteria]
    query = select(Cooperative.id, Cooperative.nama_koperasi, *columns)
    for table, condition in register.joins:
        query = query.outerjoin(table, condition)
    reported = _reported(ids, register.year)
    found = {}
    for row in db.session.execute(query.where(Cooperative.id.in_(ids))):
        facts = {one.code: _plain(one, getattr(row, one.code)) for one in criteria}
        found[row.id] = Fit(row.nama_koperasi, {**facts, "laporan": reported[row.id]})
    return found


def _plain(criterion: Criterion, value: Any) -> Any:
    return int(value) if criterion.kind is Kind.RANGE and value is not None else value


def _reported(ids: Collection[int], year: int | None) -> dict[int, list[str]]:
    """Which of the choices about reports hold."""
    years = (year, year - 1) if year is not None else (0, -1)
    query = select(Report.cooperative_id, Report.year, Report.status).where(
        Report.cooperative_id.in_(ids), Report.year.in_(years), filed_condition()
    )
    filed = {(row[0], row[1]): row[2] for row in db.session.execute(query)}
    found: dict[int, list[str]] = {}
    for id_ in ids:
        now, last = filed.get((id_, years[0])), filed.get((id_, years[1]))
        held = ["tahun_lalu" if last else "tidak_tahun_lalu", "tahun_ini" if now else "belum_tahun_ini"]
        held += ["disetujui_tahun_lalu"] if last is ReportStatus.APPROVED else []
        held += ["disetujui_tahun_ini"] if now is ReportStatus.APPROVED else []
        found[id_] = held
    return found


def enterprise_facts(ids: Collection[int]) -> dict[int, Fit]:
    """What the data say of these UKM, by id; one query."""
    query = select(Enterprise, cluster_key(), is_member()).where(Enterprise.id.in_(ids))
    rows = db.session.execute(query)
    return {row.id: Fit(row.name, {**_enterprise(row, in_one), CLUSTER: key}) for row, key, in_one in rows}


def _enterprise(row: Enterprise, in_one: bool) -> dict[str, Any]:
    workers = [count for count in (row.workers_men, row.workers_women) if count is not None]
    return {
        "bidang": row.activity,
        "kelas": row.size_class.value if row.size_class else None,
        PLACE: row.kode_kecamatan,
        "tenaga": sum(workers) if workers else None,
        "digital": list(row.digital),
        "kebutuhan": list(row.needs),
        "nib": None if row.has_nib is None else "ada" if row.has_nib else "belum",
        "anggota_koperasi": "ya" if in_one else "tidak",
    }


FACTS: Mapping[Subject, Callable[[Collection[int]], dict[int, Fit]]] = {
    Subject.COOPERATIVE: cooperative_facts,
    Subject.ENTERPRISE: enterprise_facts,
}
