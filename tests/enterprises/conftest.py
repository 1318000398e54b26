"""What the tests of the UKM register share."""

from typing import Any

import pytest

from app.core.access import Role
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.models import Enterprise
from app.enterprises.rules import Precision, Purpose

PURWANTORO = "35.73.01.1007"

STEP_1 = {
    "name": "Keripik Tempe Melati",
    "products": "Keripik tempe aneka rasa",
    "owner_name": "Sekar Rahasia",
    "owner_phone": "0812-3456-7890",
    "owner_email": "sekar@rahasia.example",
    "has_nib": "ya",
    "nib": "1234567890123",
}
STEP_2 = {
    "kode_kelurahan": PURWANTORO,
    "address": "Gang Tersembunyi 7",
    "latitude": "-7.951234",
    "longitude": "112.651234",
    "point_precision": "kecamatan",
    "whatsapp": "0857-1111-2222",
    "phone": "0341-555111",
    "email": "toko@melati.example",
    "instagram": "@keripikmelati",
    "marketplace": "tokopedia.com/keripik-melati",
    "website": "https://melati.example",
    "public": [],
}
STEP_3 = {
    "workers_men": "1",
    "workers_women": "3",
    "sales_band": "sampai-300jt",
    "capital_band": "sampai-10jt",
    "digital": ["chat_sales", "digital_payment"],
    "needs": ["pasar"],
    "power": "ada",
    "owner_sex": "perempuan",
    "listing": "ya",
    "agree": ["programmes"],
}
VALUES: dict[str, Any] = {
    "name": "Keripik Tempe Melati",
    "products": "Keripik tempe aneka rasa",
    "activity": "makanan-kemasan",
    "owner_name": "Sekar Rahasia",
    "owner_phone": "+6281234567890",
    "owner_email": "sekar@rahasia.example",
    "has_nib": True,
    "nib": "1234567890123",
    "kode_kelurahan": PURWANTORO,
    "kode_kecamatan": "35.73.01",
    "address": "Gang Tersembunyi 7",
    "latitude": -7.951234,
    "longitude": 112.651234,
    "sales_band": "sampai-300jt",
    "owner_education": "sarjana",
    "contacts": {
        "whatsapp": "+6285711112222",
        "phone": "+62341555111",
        "email": "toko@melati.example",
        "instagram": "https://www.instagram.com/keripikmelati",
        "marketplace": "https://tokopedia.com/keripik-melati",
        "website": "https://melati.example",
    },
}


@pytest.fixture
def operator(make_user):
    return make_user(Role.OPERATOR, name="Bagas Uji")


@pytest.fixture
def desk(client_as, operator):
    """The operator's browser."""
    return client_as(operator)


@pytest.fixture
def owner(make_user):
    return make_user(Role.ENTERPRISE, name="Sekar Rahasia")


@pytest.fixture
def make_enterprise(app, operator):
    """``make_enterprise(purposes, precision=…, listed=True, owner=…, **values)``: a registration, listed unless told otherwise."""

    def make(
        *purposes: Purpose,
        precision: Precision = Precision.KECAMATAN,
        listed: bool = True,
        sent: bool = True,
        owner: Any = None,
        **values: Any,
    ) -> Enterprise:
        with writing():
            enterprise = services.add_enterprise(VALUES | {"point_precision": precision} | values)
            services.set_consents(enterprise, dict.fromkeys((Purpose.LISTING, *purposes), True))
            if owner is not None:
                services.add_owner(enterprise, owner)
            if sent:
                services.submit(enterprise)
            if listed and sent:
                services.verify(enterprise, by=operator)
        return enterprise

    return make


@pytest.fixture
def known_groups(monkeypatch):
    """Runs find who does the same, without a search."""
    from app.enterprises.clusters import engine
    from tests.support import grouping

    monkeypatch.setattr(engine, "group", grouping.known)


@pytest.fixture
def grouped(app, known_groups):
    """Three kinds of UKM, grouped once: the run."""
    from tests.enterprises import grouping

    grouping.fill()
    return grouping.run()[0]
