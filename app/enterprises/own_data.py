"""Everything that the site keeps about one listing, for its owner to take away (UU PDP 27/2022)."""

from collections.abc import Mapping
from typing import Any

from app.enterprises.history import sentence
from app.enterprises.models import Enterprise
from app.enterprises.queries import consents_of, events_of, products_of
from app.enterprises.registering import COLUMNS

PRODUCT = ("name", "price_low", "price_high", "unit", "availability")


def own_data(enterprise: Enterprise) -> Mapping[str, Any]:
    """Plain values by the names of their columns; days and moments as ISO text."""
    values: dict[str, Any] = {name: getattr(enterprise, name) for name in COLUMNS}
    moments = {
        name: getattr(enterprise, name)
        for name in ("created_at", "submitted_at", "verified_at", "confirmed_at")
    }
    return {
        **values,
        **{name: value.isoformat() if value else None for name, value in moments.items()},
        "state": enterprise.state.value,
        "size_class": enterprise.size_class,
        "class_criterion": enterprise.class_criterion,
        "cooperative": enterprise.cooperative.nama_koperasi if enterprise.cooperative else None,
        "product_list": [{name: getattr(one, name) for name in PRODUCT} for one in products_of(enterprise)],
        "consents": [
            {
                "purpose": one.purpose,
                "granted_at": one.granted_at.isoformat(),
                "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
            }
            for one in consents_of(enterprise)
        ],
        "history": [
            {"at": one.at.isoformat(), "what": str(sentence(one))} for one in events_of(enterprise, 500)
        ],
    }
