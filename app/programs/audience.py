"""Who fits a programme, for its editor: how many, the first of them, how many the data leave open, and all as a table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_login import current_user
from sqlalchemy import select

from app.cooperatives.models import Cooperative
from app.core.access import Role
from app.core.extensions import db
from app.core.i18n import say
from app.core.paging import count_text, count_up_to
from app.core.parsing import phone_for_people
from app.core.spreadsheets import Cell, Column
from app.core.text import Text
from app.enterprises.models import Enterprise
from app.enterprises.publication import is_public
from app.enterprises.sectors import ACTIVITY_NAMES
from app.programs.models import Program
from app.programs.targeting import matching, words
from app.programs.targeting_rules import NOUNS, Subject, Target, sentence

SHOWN = 20
TOGETHER = 2000  # rows of a table that are read at once


@dataclass(frozen=True)
class Line:
    """One of those who fit."""

    name: str
    url: str
    note: str


@dataclass(frozen=True)
class Result:
    """What one register answers."""

    subject: Subject
    noun: Text
    sentence: Text
    count: int
    count_text: Text
    unknown: int
    unknown_text: Text
    lines: list[Line]


def subjects_of(program: Program) -> list[Subject]:
    """Which registers ``program`` is for; both while its editor has not said."""
    named = [subject for subject in Subject if subject.value in program.audience]
    return named if program.audience else list(Subject)


def result_of(subject: Subject, target: Target) -> Result:
    """Ask one register."""
    rules = target.get(subject.value, {})
    found, open_ = matching(subject, rules), matching(subject, rules, unknown=True)
    count, unknown = count_up_to(found), count_up_to(open_) if rules else 0
    return Result(
        subject=subject,
        noun=Text(NOUNS[subject]),
        sentence=sentence(subject, rules, words()),
        count=count,
        count_text=count_text(count),
        unknown=unknown,
        unknown_text=count_text(unknown),
        lines=LINES[subject](found),
    )


def _cooperatives(found: Any) -> list[Line]:
    query = (
        select(Cooperative).where(Cooperative.id.in_(found)).order_by(Cooperative.name_key, Cooperative.id)
    )
    endpoint = "cooperatives.card" if current_user.has_role(Role.OPERATOR) else "cooperatives.show"
    places = words().places
    return [
        Line(row.nama_koperasi, url_for(endpoint, slug=row.slug), places.get(row.kode_kecamatan or "", ""))
        for row in db.session.scalars(query.limit(SHOWN))
    ]


def _enterprises(found: Any) -> list[Line]:
    query = select(Enterprise).where(Enterprise.id.in_(found)).order_by(Enterprise.name_key, Enterprise.id)
    places = words().places
    return [
        Line(row.name, _enterprise_url(row), places.get(row.kode_kecamatan or "", ""))
        for row in db.session.scalars(query.limit(SHOWN))
    ]


def _enterprise_url(row: Enterprise) -> str:
    """The register's card for operators, the public page for others, where there is one."""
    if current_user.has_role(Role.OPERATOR):
        return url_for("enterprises.card", slug=row.slug)
    return url_for("enterprises.show", slug=row.slug) if is_public(row) else ""


LINES: dict[Subject, Callable[[Any], list[Line]]] = {
    Subject.COOPERATIVE: _cooperatives,
    Subject.ENTERPRISE: _enterprises,
}

COOPERATIVE_COLUMNS = (
    Column("Nama koperasi", width=44),
    Column("Nomor badan hukum", width=30),
    Column("Jenis"),
    Column("Kecamatan"),
    Column("Alamat", width=40),
    Column("Ketua", width=30),
    Column("Telepon kantor", width=18),
)
ENTERPRISE_COLUMNS = (
    Column("Nama usaha", width=44),
    Column("Bidang usaha", width=36),
    Column("Kelas"),
    Column("Kecamatan"),
)


def table_of(subject: Subject, target: Target) -> tuple[tuple[Column, ...], Iterator[tuple[Cell, ...]]]:
    """Everybody who fits, as a table for the operator, read in portions however many they are. Headings stay Indonesian."""
    found = matching(subject, target.get(subject.value, {}))
    if subject is Subject.COOPERATIVE:
        return COOPERATIVE_COLUMNS, _cooperative_rows(found)
    return ENTERPRISE_COLUMNS, _enterprise_rows(found)


def _cooperative_rows(found: Any) -> Iterator[tuple[Cell, ...]]:
    query = select(
        Cooperative.nama_koperasi,
        Cooperative.nomor_badan_hukum,
        Cooperative.jenis_koperasi,
        Cooperative.kode_kecamatan,
        Cooperative.alamat,
        Cooperative.nama_ketua,
        Cooperative.telepon_kantor,
    ).where(Cooperative.id.in_(found))
    places = words().places
    for name, number, kind, place, address, head, phone in _portions(query, Cooperative):
        called = phone_for_people(phone) if phone else None
        yield name, number, kind, places.get(place or ""), address, head, called


def _enterprise_rows(found: Any) -> Iterator[tuple[Cell, ...]]:
    query = select(
        Enterprise.name, Enterprise.activity, Enterprise.size_class, Enterprise.kode_kecamatan
    ).where(Enterprise.id.in_(found))
    places = words().places
    for name, activity, size, place in _portions(query, Enterprise):
        yield (
            name,
            say(ACTIVITY_NAMES.get(activity or "", "")),
            size.value if size else None,
            places.get(place or ""),
        )


def _portions(query: Any, of: type[Cooperative] | type[Enterprise]) -> Iterator[Any]:
    yield from db.session.execute(query.order_by(of.name_key, of.id).execution_options(yield_per=TOGETHER))
