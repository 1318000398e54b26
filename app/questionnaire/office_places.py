"""The places of the office's region by their codes, as questions and papers name them."""

from collections.abc import Mapping
from functools import lru_cache

from flask import current_app

from app.regions.queries import office_region


@lru_cache(maxsize=8)
def _place_names(region_code: str) -> Mapping[str, str]:
    region = office_region(region_code)
    return {**region.kecamatan, **region.kelurahan}


def places() -> Mapping[str, str]:
    """Code → name of every kecamatan and kelurahan in the office's region."""
    return _place_names(current_app.config["REGION"])
