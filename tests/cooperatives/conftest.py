"""What the tests of cooperatives share."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event

from app.cooperatives import services
from app.core.access import Role
from app.core.extensions import db
from app.core.writing import writing

MELATI = {
    "nama_koperasi": "Koperasi Simpan Pinjam Melati Jaya",
    "nik_koperasi": "3573010000001",
    "nomor_badan_hukum": "518/09/BH/KANKOP",
    "tanggal_badan_hukum": "2001-08-17",
    "alamat": "Jalan Contoh 12",
    "kode_kelurahan": "35.73.05.1010",
    "telepon_kantor": "+62341551234",
    "nama_ketua": "Sekar Arum",
    "telepon_ketua": "+6281234567890",
    "nama_pengelola": "Bima Rahasia",
    "jenis_koperasi": "Simpan Pinjam",
    "bentuk_koperasi": "Primer Kabupaten/Kota",
    "kelompok_koperasi": "Kop. Simpan Pinjam",
    "email": "rahasia@uji.example",
}


@pytest.fixture
def add(app):
    """``add(**values)``: a cooperative that entered the register through the services."""

    def make(**values: Any):
        with writing():
            return services.add_cooperative(values)

    return make


@pytest.fixture
def melati(add):
    return add(**MELATI)


@pytest.fixture
def operator(make_user):
    return make_user(Role.OPERATOR, name="Bagas Uji")


@pytest.fixture
def desk(client_as, operator):
    """The operator's browser."""
    return client_as(operator)


@pytest.fixture
def count_queries(app):
    """``with count_queries() as statements: …`` gathers what is sent to the database."""

    @contextmanager
    def watch() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            statements.append(statement)

        event.listen(db.engine, "before_cursor_execute", note)
        yield statements
        event.remove(db.engine, "before_cursor_execute", note)

    return watch
