"""Asking the registers: the same answers in SQL as by the rules, on both databases."""

import random
from datetime import date

import pytest
from sqlalchemy import select

from app.cooperatives.models import Cooperative, Listing
from app.core.access import Role
from app.core.database import now, today
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises.models import Enterprise
from app.enterprises.rules import State
from app.programs.targeting import FACTS, matching, target_of
from app.programs.targeting_rules import CRITERIA, Kind, Subject, match
from app.questionnaire import services as questionnaire
from app.questionnaire.models import Report
from app.questionnaire.rules import Origin, Status
from tests.support.queries import count_queries

COOPERATIVE, ENTERPRISE = Subject
SUKUN, BLIMBING = "35.73.04", "35.73.01"
BOTH = {
    "jenis": ["Konsumen"],
    "kecamatan": [SUKUN],
    "anggota": {"below": 100},
    "laporan": ["tahun_lalu"],
}


@pytest.fixture
def year(app):
    """The book year that is filed now."""
    with writing():
        questionnaire.ensure_editions(today())
    return today().year - 1


@pytest.fixture
def add_report(app, year):
    def add(cooperative, of, status=Status.APPROVED, origin=Origin.FILED, **answers):
        owner = cooperative.id
        with writing() as session:
            edition = questionnaire.edition_for(of)
            session.add(
                Report(
                    cooperative_id=owner, edition_id=edition.id, year=of, region="35.73", status=status, origin=origin,
                    answers=answers, sections={}, open_codes=[], findings=[],
                )
            )  # fmt: skip

    return add


def ids(subject, rules, **more):
    return set(db.session.scalars(matching(subject, rules, **more)))


def test_the_editors_example_finds_whom_it_means(make_cooperative, add_report, year):
    def add(jenis="Konsumen", place=SUKUN, members=40, of=year - 1, **more):
        made = make_cooperative(jenis_koperasi=jenis, kode_kecamatan=place)
        add_report(made, of, **({"jumlah_anggota": members} if members is not None else {}), **more)
        return made.id

    right = {add(), add(members=99), add(members=0)}
    add(jenis="Jasa"), add(place=BLIMBING), add(members=100), add(of=year), add(status=Status.DRAFT)
    unknown = {add(members=None), add(jenis=None), add(members={"raw": "banyak"})}
    assert ids(COOPERATIVE, BOTH) == right
    assert ids(COOPERATIVE, BOTH, unknown=True) == unknown


def test_a_later_report_tells_the_members_and_an_imported_draft_is_no_filing(
    make_cooperative, add_report, year
):
    grown, listed = (make_cooperative(jenis_koperasi="Konsumen", kode_kecamatan=SUKUN) for _ in range(2))
    add_report(grown, year - 1, jumlah_anggota=40)
    add_report(grown, year, Status.SUBMITTED, jumlah_anggota=140)
    add_report(listed, year - 1, Status.DRAFT, Origin.IMPORTED, jumlah_anggota=30)
    assert ids(COOPERATIVE, BOTH) == set()
    assert ids(COOPERATIVE, {"anggota": {"below": 100}}) == {listed.id}
    assert ids(COOPERATIVE, {"laporan": ["tidak_tahun_lalu"]}) == {listed.id}


def test_figures_beyond_thirty_two_bits_are_compared(make_cooperative, add_report, year):
    rich = make_cooperative()
    add_report(rich, year, aset=713_750_000_000)
    assert ids(COOPERATIVE, {"aset": {"min": 700_000_000_000}}) == {rich.id}
    assert ids(COOPERATIVE, {"aset": {"below": 700_000_000_000}}) == set()


def test_whoever_is_not_listed_or_is_dissolved_is_never_meant(make_cooperative):
    here = make_cooperative()
    make_cooperative(listing=Listing.PROPOSED)
    make_cooperative(dissolved_on=today(), dissolved_decree="01/X")
    assert ids(COOPERATIVE, {}) == {here.id}


def some(chance, values):
    return chance.choice([None, *values])


def fill_registers(chance, make_cooperative, add_report, make_user, make_membership, year):
    kinds = {one.code: list(one.choices) for one in CRITERIA[COOPERATIVE]}
    for _ in range(40):
        made = make_cooperative(
            jenis_koperasi=some(chance, kinds["jenis"][:3]), kode_kecamatan=some(chance, [SUKUN, BLIMBING]),
            bentuk_koperasi=some(chance, kinds["bentuk"][:2]), kelompok_koperasi=some(chance, kinds["kelompok"][:2]),
            last_rat=some(chance, [today(), date(2001, 2, 28)]),
        )  # fmt: skip
        for of in chance.sample([year, year - 1, year - 2], chance.randint(0, 3)):
            answers = {
                "jumlah_anggota": chance.choice([5, 99, 100]),
                "aset": 10 ** chance.randint(6, 12),
                "status_rat": "Sudah RAT",
            }
            kept = {code: value for code, value in answers.items() if chance.random() > 0.3}
            add_report(made, of, chance.choice(list(Status)), chance.choice(list(Origin)), **kept)
        if chance.random() > 0.5:
            make_membership(make_user(), made)
    choices = {one.code: list(one.choices) for one in CRITERIA[ENTERPRISE]}
    with writing() as session:
        session.add_all(
            Enterprise(
                slug=f"ukm-{number}", region="35.73", state=chance.choice([State.LISTED, State.HIDDEN, State.DRAFT]),
                confirmed_at=now(),
                name=f"Usaha {number}", name_key=f"usaha {number}", activity=some(chance, choices["bidang"][:3]),
                kode_kecamatan=some(chance, [SUKUN, BLIMBING]), workers_men=some(chance, [0, 3]),
                workers_women=some(chance, [0, 4]), has_nib=some(chance, [True, False]),
                digital=chance.sample(choices["digital"], chance.randint(0, 2)),
                needs=chance.sample(choices["kebutuhan"], chance.randint(0, 2)),
            )
            for number in range(40)
        )  # fmt: skip


def any_rules(chance, subject):
    rules = {}
    for criterion in chance.sample(CRITERIA[subject], chance.randint(1, 3)):
        if criterion.kind is Kind.RANGE:
            rules[criterion.code] = chance.choice(
                [{"below": 100}, {"min": 6}, {"min": 10**7, "below": 10**10}]
            )
        else:
            codes = list(criterion.choices) or [SUKUN, BLIMBING]
            rules[criterion.code] = chance.sample(
                codes, 1 if criterion.kind is Kind.ONE else min(2, len(codes))
            )
    return target_of({subject.value: rules}).get(subject.value, {})


def test_sql_and_rules_give_the_same_answers(make_cooperative, add_report, make_user, make_membership, year):
    chance = random.Random(5)
    fill_registers(chance, make_cooperative, add_report, make_user, make_membership, year)
    everybody = {
        COOPERATIVE: list(db.session.scalars(select(Cooperative.id))),
        ENTERPRISE: list(db.session.scalars(select(Enterprise.id).where(Enterprise.state != State.DRAFT))),
    }
    seen = {True: 0, None: 0, False: 0}
    for subject, all_ids in everybody.items():
        facts = FACTS[subject](all_ids)
        for _ in range(60):
            rules = any_rules(chance, subject)
            answers = {id_: match(rules, facts[id_].facts) for id_ in all_ids}
            for answer in answers.values():
                seen[answer] += 1
            assert ids(subject, rules) == {id_ for id_, answer in answers.items() if answer is True}, rules
            assert ids(subject, rules, unknown=True) == {
                i for i, answer in answers.items() if answer is None
            }, rules
    assert min(seen.values()) > 200  # each answer occurred often enough to mean something


def test_what_is_known_of_somebody_costs_the_same_for_one_and_for_many(make_cooperative, year):
    all_ids = [make_cooperative().id for _ in range(5)]
    with count_queries() as few:
        FACTS[COOPERATIVE](all_ids[:1])
    with count_queries() as many:
        FACTS[COOPERATIVE](all_ids)
    assert few.number == many.number


def test_the_table_of_those_who_fit_has_no_end(
    client_as, make_user, make_cooperative, make_program, monkeypatch
):
    monkeypatch.setattr("app.programs.audience.TOGETHER", 2)
    names = [make_cooperative().nama_koperasi for _one in range(5)]
    program = make_program()
    found = client_as(make_user(Role.OPERATOR)).get(f"/dinas/program/{program.id}/sasaran.csv").text
    assert sorted(names) == sorted(name for name in names if name in found)
    assert len(found.strip().splitlines()) == 1 + len(names)


def test_who_was_a_member_of_a_dissolved_cooperative_is_a_member_of_none(make_cooperative):
    lives, gone = make_cooperative(), make_cooperative(dissolved_on=today(), dissolved_decree="01/X")
    with writing() as session:
        of = {"hidup": lives.id, "bubar": gone.id, "sendiri": None}
        rows = [
            Enterprise(slug=name, region="35.73", state=State.LISTED, confirmed_at=now(), name=name, cooperative_id=id_)
            for name, id_ in of.items()
        ]  # fmt: skip
        session.add_all(rows)
    every = {row.slug: row.id for row in rows}
    for said, slugs in (("ya", {"hidup"}), ("tidak", {"bubar", "sendiri"})):
        assert ids(ENTERPRISE, {"anggota_koperasi": [said]}) == {every[slug] for slug in slugs}
        facts = FACTS[ENTERPRISE](list(every.values()))
        assert {slug for slug in every if facts[every[slug]].facts["anggota_koperasi"] == said} == slugs
