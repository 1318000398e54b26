"""Two people at the clinic's calendar at once: the second is told what the first has saved, and loses nothing of what was typed."""

import re

import pytest
from sqlalchemy import select

from app.clinic import settings
from app.clinic.calendar_models import ClinicClosure, ClinicConsultant, ClinicHours
from app.core.extensions import db

DESK = "/dinas/klinik"
TOLD = "baru saja diubah orang lain"
HOURS = {
    "jenis": "mingguan",
    "hari": "0",
    "mulai": "09.00",
    "selesai": "12.00",
    "lama": "45",
    "jeda": "15",
    "saluran": ["office", "phone"],
    "kapasitas": "1",
    "tempat": "Ruang Klinik",
    "berlaku_dari": "2026-01-01",
}
LIMITS = {
    "tahan": "10",
    "janji": "2",
    "akhir": "120",
    "tawaran": "60",
    "muka": "30",
    "lama": "45",
    "jeda": "15",
}


@pytest.fixture
def desk(client_as, operator):
    return client_as(operator)


def every(model):
    db.session.expire_all()
    return db.session.scalars(select(model).order_by(model.id)).all()


def mark(page):
    """The mark in the page's first form that has one."""
    return re.search(r'name="semula" value="([^"]*)"', page.text)[1]


def test_hours_that_somebody_else_changed_are_shown_before_they_are_written_over(desk, consultant):
    (row,) = every(ClinicHours)
    address = f"{DESK}/konsultan/{consultant.id}/jam/{row.id}"
    opened = {"semula": mark(desk.get(address))}
    first, second = HOURS | opened | {"selesai": "11.00"}, HOURS | opened | {"tempat": "Aula Rekaan"}
    assert desk.post(address, data=first).status_code == 303
    assert desk.post(address, data=first).status_code == 303, "sent twice, it is as wanted"
    told = desk.post(address, data=second)
    assert (told.status_code, TOLD in told.text, "09.00–11.00" in told.text) == (409, True, True)
    assert 'value="Aula Rekaan"' in told.text
    (row,) = every(ClinicHours)
    assert (row.ends, row.place) == (660, "Ruang Klinik")
    refused = desk.post(f"{address}/hapus", data=opened)
    assert (refused.status_code, "Belum ada yang dihapus" in refused.text) == (409, True)
    assert desk.post(address, data=second | {"semula": mark(told)}).status_code == 303
    (row,) = every(ClinicHours)
    assert (row.ends, row.place) == (720, "Aula Rekaan")


def test_hours_that_somebody_else_removed_can_be_added_again_as_typed(desk, consultant):
    (row,) = every(ClinicHours)
    address = f"{DESK}/konsultan/{consultant.id}/jam/{row.id}"
    opened = {"semula": mark(desk.get(address))}
    desk.post(f"{address}/hapus", data=opened)
    assert "sudah dihapus" in desk.get(desk.post(f"{address}/hapus", data=opened).location).text
    told = desk.post(address, data=HOURS | opened | {"tempat": "Aula Rekaan"})
    assert (told.status_code, 'value="Aula Rekaan"' in told.text) == (409, True)
    assert f'action="{DESK}/konsultan/{consultant.id}/jam/baru"' in told.text
    assert desk.post(address, data=HOURS).status_code == 404, "which no page has shown"


def test_a_consultants_topics_are_not_written_over_by_an_older_page(desk, consultant):
    address = f"{DESK}/konsultan/{consultant.id}"
    opened = {"semula": mark(desk.get(address)), "topik": ["finance", "export"], "aktif": "1"}
    desk.post(address, data=opened | {"topik": ["finance", "legal"]})
    told = desk.post(address, data=opened | {"tentang": "Pernah di bank"})
    assert (told.status_code, TOLD in told.text, "Pernah di bank</textarea>" in told.text) == (
        409,
        True,
        True,
    )
    (row,) = every(ClinicConsultant)
    assert (sorted(row.topics), row.about) == (["finance", "legal"], "")
    desk.post(address, data=opened | {"tentang": "Pernah di bank", "semula": mark(told)})
    (row,) = every(ClinicConsultant)
    assert (sorted(row.topics), row.about) == (["export", "finance"], "Pernah di bank")


def test_limits_are_not_written_over_by_an_older_page(desk):
    opened = LIMITS | {"semula": mark(desk.get(f"{DESK}/batas"))}
    desk.post(f"{DESK}/batas", data=opened | {"muka": "45"})
    told = desk.post(f"{DESK}/batas", data=opened | {"janji": "3"})
    assert (told.status_code, "45 hari ke depan" in told.text) == (409, True)
    assert (settings.limits().days_ahead, settings.limits().max_open_per_person) == (45, 2)
    desk.post(f"{DESK}/batas", data=opened | {"janji": "3", "muka": "45", "semula": mark(told)})
    assert (settings.limits().days_ahead, settings.limits().max_open_per_person) == (45, 3)


def test_days_off_that_are_sent_twice_stand_once(desk, app):
    for _time in range(2):
        sent = {"siapa": "", "jenis": "closed", "dari": "2026-11-17", "alasan": "Rapat Rekaan"}
        assert desk.post(f"{DESK}/libur", data=sent).status_code == 303
    assert len(every(ClinicClosure)) == 1
