"""The public register of requests for information, days per service, and forgetting who asked."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select

from app.audit.models import TrailEntry
from app.cooperatives.merging import merge, undo_merge
from app.cooperatives.models import Cooperative, CooperativeMerge
from app.core.database import now
from app.core.extensions import db
from app.core.writing import writing
from app.desk import handling, retention
from app.desk.models import RequestEvent, ServiceRequest
from app.desk.queries import days_for, register
from app.desk.rules import Kind
from app.operations import jobs

REGISTER = "/informasi-publik/register"


def close(asked, operator, outcome="done", **more):
    with writing() as session:
        handling.close(
            session.get_one(ServiceRequest, asked.id),
            outcome=outcome,
            body="Sudah dijawab.",
            by=session.merge(operator),
            **more,
        )


def test_the_register_counts_and_withholds_what_is_few(client, make_request, operator):
    assert "Belum ada permintaan informasi" in client.get(REGISTER).text
    for place in range(9):
        asked = make_request(information=True, email=f"pemohon{place}@contoh.co.id")
        if place < 6:
            close(asked, operator)
    make_request()  # a request for a service is no request for information
    (year,) = register()
    assert sum(year.cells) == 9
    page = client.get(REGISTER).text
    assert ">9<" in page
    assert ">6<" not in page  # 9 − 6 would tell of the three that are open
    assert "pemohon" not in page


def test_a_service_has_its_own_number_of_days(client_as, operator, make_service):
    page = make_service("perubahan-anggaran-dasar")
    desk = client_as(operator)
    assert days_for(Kind.SERVICE, page.slug) == 5
    assert desk.post("/dinas/permintaan/batas", data={f"hari-{page.slug}": "999"}).status_code == 422
    assert desk.post("/dinas/permintaan/batas", data={f"hari-{page.slug}": "14"}).status_code == 303
    assert days_for(Kind.SERVICE, page.slug) == 14
    assert "14 hari kerja" in client_as(operator).get(f"/layanan/{page.slug}/minta").text
    desk.post("/dinas/permintaan/batas", data={f"hari-{page.slug}": ""})
    assert days_for(Kind.SERVICE, page.slug) == 5


def test_who_asked_is_forgotten_two_years_after_the_answer(make_request, operator):
    asked, still_open = make_request(question="Rahasia lama saya"), make_request()
    close(asked, operator)
    assert not retention.anything_to_erase()
    with time_machine.travel(now() + timedelta(days=733)):
        assert retention.anything_to_erase()
        assert jobs.forget_requesters() == "1 permohonan"
        assert not retention.anything_to_erase()
    db.session.expire_all()
    assert (asked.name, asked.email, asked.question, asked.outcome) == ("–", None, "–", "done")
    assert still_open.email
    assert db.session.scalar(select(func.count()).where(RequestEvent.request_id == asked.id)) == 0
    assert "rahasia" not in asked.search_text
    about = select(TrailEntry.after).where(
        TrailEntry.subject_kind == "service_request", TrailEntry.subject_id == asked.id
    )
    told = db.session.scalars(about.where(TrailEntry.action != "trail.erased")).all()
    assert [values for values in told if values] == []


def test_requests_follow_a_cooperative_that_turns_out_to_be_another(make_request, make_cooperative, operator):
    one, other = make_cooperative(), make_cooperative()
    asked = make_request(cooperative_id=other.id)
    ids = one.id, other.id
    with writing() as session:
        kept, gone = (session.get_one(Cooperative, id_) for id_ in ids)
        made = merge(kept, gone, theirs=(), reason="Baris yang sama", by=session.merge(operator))
        number = made.id
    assert db.session.get_one(ServiceRequest, asked.id).cooperative_id == ids[0]
    with writing() as session:
        undo_merge(
            session.get_one(CooperativeMerge, number), reason="Ternyata dua", by=session.merge(operator)
        )
    assert db.session.get_one(ServiceRequest, asked.id).cooperative_id == ids[1]
