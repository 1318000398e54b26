"""Programmes and groups of UKM: a group as a criterion, which programmes fit it, and sending one to it."""

import re

import pytest

from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises.clusters.models import Cluster, ClusterMembership, ClusterRun
from app.enterprises.clusters.rules import Options, Origin, RunState
from app.enterprises.models import Enterprise, EnterpriseConsent, EnterpriseOwner
from app.enterprises.rules import Purpose, State
from app.notifications.models import InboxMessage
from app.programs import telling
from app.programs.models import Program
from app.programs.rules import State as ProgramState
from app.programs.targeting import FACTS, matching, target_of, words
from app.programs.targeting_rules import Subject, match, sentence

NAMING = {"activity": "", "families": ["kuliner"], "home": True, "places": [], "size": "mikro", "digital": "", "more": [], "number": 0}  # fmt: skip


@pytest.fixture
def group(app):
    """A group with one of two UKM in it."""
    with writing() as session:
        rows = [
            Enterprise(slug=name, region="35.73", state=State.LISTED, confirmed_at=now(), name=name.title(), name_key=name)
            for name in ("dalam", "luar")
        ]  # fmt: skip
        run = ClusterRun(region="35.73", origin=Origin.COMMAND, state=RunState.DONE, ended_at=now(), options=Options().to_json(), row_count=2, cluster_count=1)  # fmt: skip
        session.add_all([*rows, run])
        session.flush()
        portrait = {"counted": 1, "all": {}, "public": {}}
        cluster = Cluster(run_id=run.id, number=0, key="5-1", naming=NAMING, size=1, portrait=portrait)
        session.add(cluster)
        session.flush()
        session.add(ClusterMembership(run_id=run.id, enterprise_id=rows[0].id, cluster_id=cluster.id, traits=""))  # fmt: skip
    return cluster


@pytest.fixture
def owners(group, make_user):
    """Who keeps each UKM, all of whom agreed to be told."""
    found = {}
    rows = {row.slug: row.id for row in db.session.query(Enterprise)}
    for slug, id_ in rows.items():
        person = make_user(Role.ENTERPRISE, name=f"Pemilik {slug}")
        with writing() as session:
            session.add(EnterpriseOwner(user_id=person.id, enterprise_id=id_))
            session.add(EnterpriseConsent(enterprise_id=id_, purpose=Purpose.PROGRAMMES))
        found[slug] = person.id
    return found


def add_program(state, **more):
    with writing() as session:
        program = Program(
            slug=f"p-{state}", title="Kelas foto produk", audience=["enterprise"], search_text="", state=state,
            publish_at=now() if state is ProgramState.PUBLISHED else None, **more,
        )  # fmt: skip
        session.add(program)
    return program


def test_a_group_is_one_criterion_more_and_one_that_is_no_more_reaches_nobody(group):
    def ids(*keys):
        rules = target_of({"enterprise": {"klaster": list(keys)}})["enterprise"]
        facts = FACTS[Subject.ENTERPRISE](list(db.session.scalars(db.select(Enterprise.id))))
        fitting = set(db.session.scalars(matching(Subject.ENTERPRISE, rules)))
        assert fitting == {id_ for id_, fit in facts.items() if match(rules, fit.facts)}
        return {db.session.get_one(Enterprise, id_).slug for id_ in fitting}, str(sentence(Subject.ENTERPRISE, rules, words()))  # fmt: skip

    assert ids("5-1") == ({"dalam"}, "pelaku UKM dari kelompok “Kuliner rumahan, mikro”")
    assert ids("1-1") == (set(), "pelaku UKM dari kelompok yang sudah tidak ada")
    assert target_of({"enterprise": {"klaster": ["'; --", 7]}}) == {}


def test_an_operator_sends_a_draft_and_what_is_out_to_a_group(group, owners, client_as, make_user):
    desk = client_as(make_user(Role.OPERATOR))
    draft, out = add_program(ProgramState.DRAFT), add_program(ProgramState.PUBLISHED)
    page = desk.get("/dinas/ukm/klaster/5-1").get_data(as_text=True)
    assert page.count("Kirim ke kelompok ini") == 2
    assert desk.post(f"/dinas/program/{draft.id}/kelompok/5-1").status_code == 303
    db.session.expire_all()
    assert db.session.get_one(Program, draft.id).target == {"enterprise": {"klaster": ["5-1"]}}
    assert "Kuliner rumahan, mikro" in desk.get(f"/dinas/program/{draft.id}/sasaran").get_data(as_text=True)
    assert not db.session.query(InboxMessage).count()
    assert desk.post(f"/dinas/program/{out.id}/kelompok/5-1").status_code == 303
    assert [one.user_id for one in db.session.query(InboxMessage)] == [owners["dalam"]]
    db.session.expire_all()
    assert db.session.get_one(Program, out.id).target == {}
    assert db.session.get_one(Program, out.id).announced_at is None  # the others are still to be told
    desk.post(f"/dinas/program/{out.id}/kelompok/9-9")
    assert db.session.query(InboxMessage).count() == 1
    assert client_as(make_user(Role.ADMIN)).post(f"/dinas/program/{out.id}/kelompok/5-1").status_code == 403


def test_who_keeps_two_and_agreed_for_one_is_not_told_of_what_fits_the_other(group, owners, app):
    out = add_program(ProgramState.PUBLISHED)
    with writing() as session:
        rows = {row.slug: row.id for row in session.query(Enterprise)}
        session.add(EnterpriseOwner(user_id=owners["luar"], enterprise_id=rows["dalam"]))
        taken_back = db.update(EnterpriseConsent).where(EnterpriseConsent.enterprise_id == rows["dalam"])
        session.execute(taken_back.values(revoked_at=now()))
    assert telling.tell_all(out.id, group="5-1") == 0
    assert not db.session.query(InboxMessage).count()
    assert telling.tell_all(out.id) == 1  # for "luar", of which the owner did agree to be told
    assert [one.user_id for one in db.session.query(InboxMessage)] == [owners["luar"]]


def test_whoever_is_named_as_fitting_leads_to_a_page_that_opens(group, client_as, make_user):
    program = add_program(ProgramState.PUBLISHED)
    with writing() as session:
        session.execute(db.update(Enterprise).where(Enterprise.slug == "dalam").values(state=State.HIDDEN))
    address = f"/dinas/program/{program.id}/sasaran"
    operator = client_as(make_user(Role.OPERATOR)).get(address).text
    assert 'href="/dinas/ukm/dalam"' in operator
    editor = client_as(make_user(Role.EDITOR)).get(address).text
    assert 'href="/ukm/luar"' in editor
    assert 'href="/ukm/dalam"' not in editor  # it is not shown to the public


def test_a_target_that_an_editor_keeps_does_not_drop_a_group_that_was_sent_meanwhile(
    group, client_as, make_user
):
    program = add_program(ProgramState.DRAFT)
    address = f"/dinas/program/{program.id}/sasaran"
    editor, desk = client_as(make_user(Role.EDITOR)), client_as(make_user(Role.OPERATOR))
    page = editor.get(f"{address}?hitung=1&u_kelas=mikro").get_data(as_text=True)
    sent = {name: re.search(rf'name="{name}" value="([^"]*)"', page)[1] for name in ("sasaran", "tersimpan")}
    sent = {name: value.replace("&#34;", '"') for name, value in sent.items()}
    assert "mikro" in sent["sasaran"]
    desk.post(f"/dinas/program/{program.id}/kelompok/5-1")
    answer = editor.post(address, data=sent, follow_redirects=True).get_data(as_text=True)
    assert "berubah sejak halaman ini dibuka" in answer
    assert sent["sasaran"] in answer.replace("&#34;", '"')  # what the editor chose is still there
    db.session.rollback()
    assert "klaster" in db.session.get_one(Program, program.id).target["enterprise"]
