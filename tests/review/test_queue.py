"""The line of waiting reports: its order, what it says of each, its filters, and who gets which."""

import pytest

from app.accounts.models import User
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.quality.models import ReportQuality
from app.questionnaire import services as questionnaire
from app.questionnaire.models import Report
from app.questionnaire.rules import Status
from app.review import queue, services
from app.review.flags import CLEAN, QUIET
from app.review.queue import QueueFilter
from app.review.weighing import weigh, weigh_waiting
from tests.support.queries import count_queries

SLIP = {"aset": 500_000, "modal_sendiri": 400_000, "modal_luar": 100_000}  # last year: 500 million


@pytest.fixture
def make_risky(make_report):
    """A report whose figures fell to a thousandth of last year's."""

    def make(**answers):
        last = make_report(year=2024, tanggal_rat="2025-03-01")
        with writing() as session:
            services.approve(
                session.get_one(Report, last.id),
                comments={},
                by=session.query(User).first(),
                seen=last.version,
            )
        return make_report(of=db.session.get_one(Report, last.id).cooperative, **{**SLIP, **answers})

    return make


def compare(report, *findings):
    """As the comparison with other cooperatives would have it."""
    with writing() as session:
        held = session.get_one(Report, report.id)
        session.merge(
            ReportQuality(
                report_id=held.id,
                version=held.version,
                findings=list(findings),
                isolation=None,
                computed_at=now(),
            )
        )
        session.flush()
        weigh([held])
    return db.session.get_one(Report, report.id, populate_existing=True)


def test_the_riskiest_report_stands_first_and_of_equal_risk_the_oldest(
    client_as, operator, make_report, make_risky
):
    first, second = make_report(), make_report()
    risky = make_risky()
    page = client_as(operator).get("/dinas/periksa").text
    order = [page.index(f'/dinas/periksa/{one.id}"') for one in (risky, first, second)]
    assert order == sorted(order)
    oldest = client_as(operator).get("/dinas/periksa?urut=lama").text
    order = [oldest.index(f"/dinas/periksa/{one.id}?urut=lama") for one in (first, second, risky)]
    assert order == sorted(order)


def test_each_place_in_the_queue_is_explained_in_one_sentence(client_as, operator, make_report, make_risky):
    make_risky()
    compare(make_report())
    page = client_as(operator).get("/dinas/periksa").text
    assert "Risiko tinggi" in page
    assert "Rp500.000.000, sekarang Rp500.000" in page
    assert "Tidak ada yang janggal." in page


def test_a_reason_lowers_the_risk_but_settles_nothing_heavy(make_report, make_risky):
    silent = make_risky()
    asked = {finding["reason"] for finding in silent.findings}
    told = make_risky(**dict.fromkeys(asked, "Usaha dihentikan, aset dijual semua."))
    assert 0 < db.session.get_one(Report, silent.id).calm < db.session.get_one(Report, told.id).calm < QUIET


def test_a_year_that_is_filed_anew_takes_back_what_was_found_against_it(operator, make_report):
    last = make_report(year=2024, tanggal_rat="2025-03-01", **SLIP)
    waiting = make_report(of=last.cooperative)
    assert "kelebihan_ribu" in {one["code"] for one in waiting.findings}
    before = waiting.version, waiting.calm
    with writing() as session:
        held, by = session.get_one(Report, last.id), session.get_one(User, operator.id)
        questionnaire.move(held, to=Status.RETURNED, by=by, reason="Dalam ribu.", codes=list(SLIP))
        values = {"aset": 500_000_000, "modal_sendiri": 400_000_000, "modal_luar": 100_000_000}
        questionnaire.save_answers(held, values=values, base_version=held.version, by=by)
        questionnaire.submit(held, by=by, declared_name="Ketua Uji", declared_position="Ketua")
    after = db.session.get_one(Report, waiting.id)
    assert "kelebihan_ribu" not in {one["code"] for one in after.findings}
    assert after.version == before[0]
    assert after.calm > before[1]


def test_a_report_is_clean_only_after_it_was_compared_with_others(make_report):
    report = make_report()
    assert report.calm == QUIET
    assert compare(report).calm == CLEAN


def test_what_the_comparison_found_takes_a_report_out_of_the_clean_ones(client_as, operator, make_report):
    report = make_report()
    finding = {
        "code": "lain_dari_sejenis",
        "severity": "warning",
        "questions": ["aset"],
        "field": "aset",
        "message": "",
        "template": "Aset 40 kali koperasi sejenis.",
        "params": {},
        "suggestion": {},
        "score": 0.6,
        "confirm": "",
        "reason": "aset_alasan",
    }
    report = compare(report, finding)
    assert report.calm == 400
    client = client_as(operator)
    assert "Aset 40 kali koperasi sejenis." in client.get("/dinas/periksa").text
    page = client.get(f"/dinas/periksa/{report.id}?tampil=temuan").text
    assert "Aset 40 kali koperasi sejenis." in page
    assert 'id="q-aset"' in page


def test_weighing_anew_changes_nothing_that_is_right(make_report, make_risky):
    make_report(), make_risky()
    with writing():
        assert weigh_waiting() == 0


@pytest.mark.parametrize("order", ["", "lama"])
def test_the_pages_of_the_queue_show_each_report_once(client_as, operator, make_report, monkeypatch, order):
    monkeypatch.setattr("app.core.paging.PAGE_SIZE", 2)
    monkeypatch.setattr(queue.paginate, "__kwdefaults__", {**queue.paginate.__kwdefaults__, "size": 2})
    made = {make_report().id for _ in range(5)}
    client, seen, address = client_as(operator), [], f"/dinas/periksa?urut={order}"
    for _ in range(5):
        page = client.get(address).text
        seen += [id_ for id_ in made if f'/dinas/periksa/{id_}"' in page or f"/dinas/periksa/{id_}?" in page]
        if 'rel="next"' not in page:
            break
        address = page.split('rel="next"')[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert sorted(seen) == sorted(made)


def test_a_name_that_hundreds_bear_is_found_in_the_queue(client_as, operator, make_report, make_cooperative):
    with writing() as session:
        from app.cooperatives.models import Cooperative

        session.add_all(
            Cooperative(
                slug=f"kop-{n}",
                region="35.73",
                nama_koperasi=f"Koperasi Makmur {n}",
                name_key=f"makmur {n}",
                search_text=f"koperasi makmur {n}",
            )
            for n in range(310)
        )
    report = make_report(of=make_cooperative(nama_koperasi="Koperasi Makmur Terakhir"))
    page = client_as(operator).get("/dinas/periksa?q=koperasi+makmur").text
    assert f"/dinas/periksa/{report.id}?" in page


@pytest.mark.parametrize("number", ["2147483648", "99999999999999999999"])
def test_a_number_beyond_any_report_is_not_found(client_as, operator, number):
    client = client_as(operator)
    assert client.get(f"/dinas/periksa/{number}").status_code == 404
    assert client.post(f"/dinas/periksa/{number}/ambil").status_code == 404
    assert client.get(f"/dinas/periksa/bersih/{number}").status_code == 404


def test_the_queue_of_findings_costs_the_same_number_of_queries_however_long_it_is(
    client_as, operator, make_risky
):
    client = client_as(operator)
    make_risky()
    with count_queries() as few:
        client.get("/dinas/periksa")
    for _ in range(3):
        make_risky()
    with count_queries() as many:
        client.get("/dinas/periksa")
    assert many.number == few.number


def test_after_a_decision_the_next_report_of_the_same_list_is_mine(
    client_as, operator, make_user, make_report
):
    first, second, third = make_report(), make_report(), make_report()
    colleague = client_as(make_user(Role.OPERATOR))
    colleague.post(f"/dinas/periksa/{second.id}/ambil")
    mine = client_as(operator)
    page = mine.post(
        f"/dinas/periksa/{first.id}?urut=lama&kecamatan=35.73.01",
        data={"aksi": "setujui", "versi": first.version},
    )
    assert page.location == f"/dinas/periksa/{third.id}?kecamatan=35.73.01&urut=lama"
    assert queue.assignees([third])[third.id].user_id == operator.id
    assert queue.assignees([second])[second.id].user_id != operator.id


def test_what_is_skipped_is_free_again(client_as, operator, make_report):
    first, second = make_report(), make_report()
    client = client_as(operator)
    client.post(f"/dinas/periksa/{first.id}/ambil")
    page = client.post(f"/dinas/periksa/{first.id}", data={"aksi": "lewati"})
    assert page.location.endswith(f"/dinas/periksa/{second.id}")
    assert set(queue.assignees([first, second])) == {second.id}


def test_the_place_in_the_queue_follows_its_order(operator, make_report, make_risky):
    first, risky = make_report(), make_risky()
    by_risk = queue.place_of(risky, QueueFilter(), person=operator)
    assert (by_risk.position, by_risk.total, by_risk.previous, by_risk.following) == (1, 2, None, first.id)
    by_age = queue.place_of(risky, QueueFilter(order="lama"), person=operator)
    assert (by_age.position, by_age.previous) == (2, first.id)
    assert queue.place_of(risky, QueueFilter(kecamatan="35.73.02"), person=operator) is None
