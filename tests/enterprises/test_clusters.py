"""Groups of UKM: named, matched with those before, shown to the office and to everybody. Which belong together is known here;
that it is found is in ``test_cluster_engine``."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from app.core.database import now
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises import services as register
from app.enterprises.clusters import engine, process, queries, running, services
from app.enterprises.clusters.models import Cluster, ClusterMembership, ClusterRun
from app.enterprises.clusters.naming import name_of, names_apart
from app.enterprises.clusters.rules import Feature, Options, Origin, Refusal, RunState
from app.enterprises.models import Enterprise, EnterpriseConsent
from app.enterprises.rules import Purpose, State
from tests.enterprises.grouping import EACH, KLOJEN, SUKUN, fill, groups, run
from tests.support.grouping import in_process

pytestmark = pytest.mark.usefixtures("known_groups")


def test_groups_are_named_and_kept_with_their_members(grouped):
    found = groups(grouped)
    assert grouped.state is RunState.DONE
    assert grouped.cluster_count == 3
    assert set(found) == {
        "Makanan ringan dan kemasan di Sukun, mikro, jualan lewat chat",
        "Toko dan jualan eceran di Klojen, mikro, belum digital",
        "Bengkel motor dan mobil di Blimbing, kecil, jualan di lokapasar",
    }
    assert {one.size for one in found.values()} == {EACH}
    one = found["Toko dan jualan eceran di Klojen, mikro, belum digital"]
    assert {row.activity for row in db.session.scalars(queries.members(one))} == {"toko"}
    assert len(queries.typical_members(one)) == 8
    assert (grouped.silhouette, grouped.stability, grouped.outcome["by_chance"]) == (0.6, 0.9, 0.2)


def test_who_moved_is_told_with_the_reason_and_what_a_person_named_goes_on(grouped):
    chat = next(one for name, one in groups(grouped).items() if "chat" in name)
    with writing():
        services.describe(db.session.get_one(Cluster, chat.id), name="Keripik Sukun", note="Diajak pameran", pinned=True)  # fmt: skip
        mover, leaver = db.session.scalars(queries.members(chat).order_by(Enterprise.id).limit(2)).all()
        mover.activity, mover.kode_kecamatan, mover.digital = "toko", KLOJEN, ["none"]
        leaver.state = State.HIDDEN  # still in the register
        gone = db.session.scalars(queries.members(chat).order_by(Enterprise.id.desc()).limit(1)).one()
        gone.state = State.DELETED
    again, _told = run()
    found = groups(again)
    kept = found["Keripik Sukun"]
    assert (kept.key, kept.pinned, kept.note, kept.size) == (chat.key, True, "Diajak pameran", EACH - 2)
    assert (kept.change["before"], kept.change["stayed"], kept.change["left"], kept.change["gone"]) == (EACH, EACH - 2, 1, 1)  # fmt: skip
    shops = next(one for name, one in found.items() if name.startswith("Toko"))
    assert [(one.id, before.key, why) for one, before, why in queries.moved_members(shops)] == [
        (mover.id, chat.key, "location,sector,digital")
    ]
    assert shops.change["why"] == {"location": 1, "sector": 1, "digital": 1}


def test_what_says_too_little_is_said_and_what_was_shown_stays(grouped):
    with writing() as session:
        first = session.scalar(select(func.min(Enterprise.id)))
        session.execute(update(Enterprise).where(Enterprise.id >= first + 49).values(state=State.DRAFT))
    few, told = run()
    assert (few.state, few.outcome["refusal"]) == (RunState.REFUSED, Refusal.FEW)
    assert "tidak dikelompokkan" in told
    assert queries.current_run().id == grouped.id
    assert not queries.clusters_of(few)


def test_a_trait_that_nobody_told_is_left_out_and_named(app):
    fill()
    found, _told = run(weights={Feature.LOCATION: 1.0, Feature.FUNDING: 2.0})
    assert found.outcome["dropped"] == ["funding"]
    assert found.outcome["used"] == ["location"]


def test_the_owners_profile_counts_only_where_its_owner_agreed(app, desk):
    fill()
    asked = Options({Feature.LOCATION: 1.0, Feature.OWNER: 0.5})
    nobody, _told = run(asked)
    assert nobody.outcome["dropped"] == ["owner"]
    assert not any(one.portrait["all"]["sex"] for one in queries.clusters_of(nobody))
    ids = list(db.session.scalars(select(Enterprise.id).where(Enterprise.activity == "toko")))
    with writing() as session:
        consents = [{"enterprise_id": id_, "purpose": Purpose.STATISTICS, "granted_at": now()} for id_ in ids]
        session.execute(insert(EnterpriseConsent), consents)
    some, _told = run(asked)
    told = sum(sum(one.portrait["all"]["sex"].values()) for one in queries.clusters_of(some))
    assert told == len(ids)
    assert "sex" not in str(desk.get("/ukm/klaster?format=json").get_json())
    page = desk.get("/ukm/klaster").get_data(as_text=True)
    assert "Perempuan" not in page
    assert "Jenis kelamin" not in page


def test_a_run_that_breaks_off_leaves_nothing_and_is_on_record(grouped):
    def broken(asked, beat):
        report = engine.work(asked)
        report["portraits"][1] = {}  # found out only while the groups are written
        return report

    with pytest.raises(KeyError):
        run(engine_=broken)
    failed = queries.latest_run()
    assert (failed.state, failed.ended_at is not None) == (RunState.FAILED, True)
    assert not queries.clusters_of(failed)
    assert queries.current_run().id == grouped.id


def test_in_stretches_the_members_are_the_same(grouped, monkeypatch):
    monkeypatch.setattr(running, "TOGETHER", 25)
    monkeypatch.setattr("app.enterprises.clusters.reading.BATCH", 15)
    monkeypatch.setattr("app.enterprises.clusters.encoding.CHUNK", 16)
    again, _told = run()
    assert {one.size for one in queries.clusters_of(again)} == {EACH}
    assert db.session.scalar(select(func.count()).where(ClusterMembership.run_id == again.id)) == 3 * EACH
    assert [one.change["stayed"] for one in queries.clusters_of(again)] == [EACH] * 3


def test_members_of_old_runs_are_forgotten_by_how_many_there_are(grouped, monkeypatch):
    monkeypatch.setattr(running, "KEPT_ROWS", 2 * 3 * EACH + 10)
    kept = [grouped.id, *(run()[0].id for _ in range(2))]
    held = set(db.session.scalars(select(ClusterMembership.run_id).distinct()))
    assert held == set(kept[1:])
    assert len(queries.clusters_of(db.session.get_one(ClusterRun, kept[0]))) == 3


def test_the_engine_runs_as_a_process_of_its_own_that_gives_signs_of_life(tmp_path, monkeypatch):
    monkeypatch.setattr(process, "BEAT", 0.05)
    (tmp_path / "records").touch()  # nothing to group, so scikit-learn is not loaded once more
    asked = {"records": str(tmp_path / "records"), "labels": "", "options": {}, "kecamatan": []}
    beats: list[None] = []
    assert process.run_engine(asked, lambda: beats.append(None))["refusal"] == Refusal.FEW
    assert beats
    with pytest.raises(RuntimeError, match="KeyError"):
        process.run_engine({}, lambda: None)


def test_the_clock_runs_what_waits_what_is_due_and_buries_what_died(app, monkeypatch):
    monkeypatch.setattr(running, "execute", lambda run_id: f"#{run_id}")
    assert not queries.anything_to_do()  # too few to begin with
    fill()
    assert queries.anything_to_do()
    assert running.work_by_clock().startswith("#")
    waiting = queries.active_run()
    assert waiting.origin is Origin.CLOCK
    assert running.work_by_clock() == f"#{waiting.id}"
    with pytest.raises(RuleBroken), writing():
        services.request_run(Options(), origin=Origin.BUTTON)
    with writing() as session:
        session.execute(update(ClusterRun).values(state=RunState.RUNNING, pulse=now() - timedelta(minutes=9)))
    assert "berhenti" in running.work_by_clock()
    assert queries.latest_run().state is RunState.FAILED
    assert not queries.anything_to_do()  # not again at once
    with writing() as session:
        old = now() - timedelta(days=100)
        session.execute(update(ClusterRun).values(state=RunState.DONE, created_at=old, ended_at=old))
    assert queries.is_due()
    monkeypatch.setitem(app.config, "CLUSTER_MONTHS", 0)
    assert not queries.is_due()


def test_names_of_one_run_differ_and_never_take_a_given_one():
    counts = {"family": {"kuliner": 9}, "activity": {"warung-makan": 5, "makanan-kemasan": 4}, "workers": {"1": 9}, "kecamatan": {SUKUN: 9}, "size": {"mikro": 9}, "grade": {"2": 9}, "digital": {"chat_sales": 9}, "nib": {"ada": 9}, "needs": {"modal": 9}}  # fmt: skip
    other = counts | {"nib": {"belum": 9}}
    places = {SUKUN: "Sukun"}
    plain = "Kuliner rumahan di Sukun, mikro, jualan lewat chat"
    names = [
        str(name_of(one, places)) for one in names_apart([(counts, 9), (other, 9), (other, 9)], [], places)
    ]
    assert len(set(names)) == 3
    assert all(name.startswith(plain) for name in names)
    assert str(name_of(names_apart([(counts, 9)], [plain.upper()], places)[0], places)) == f"{plain} (2)"


def test_the_erased_are_in_no_group(grouped):
    cluster = queries.clusters_of(grouped)[0]
    with writing():
        one = db.session.scalars(queries.members(cluster).limit(1)).one()
        register.delete_enterprise(one)
    assert not db.session.scalar(
        select(func.count()).select_from(ClusterMembership).where(ClusterMembership.enterprise_id == one.id)
    )


def test_the_command_says_what_it_did(app, command, monkeypatch):
    monkeypatch.setattr("app.enterprises.clusters.cli.execute", lambda run_id: running.execute(run_id, in_process))  # fmt: skip
    fill()
    done = command("cluster", "run", "--weight", "digital=2", "--seed", "3")
    assert done.exit_code == 0, done.output
    assert "60 UKM dalam 3 kelompok" in done.output
    wrong = command("cluster", "run", "--weight", "cuaca=2")
    assert wrong.exit_code
    with writing() as session:
        session.execute(delete(ClusterMembership))
