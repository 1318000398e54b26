from datetime import UTC, date, datetime

import pytest
from flask_babel import force_locale

from app.core import formatting


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (1_000, "seribu rupiah"),
        (21_000, "dua puluh satu ribu rupiah"),
        (1_001_000, "satu juta seribu rupiah"),
        (9_510_001_727, "sembilan miliar lima ratus sepuluh juta seribu tujuh ratus dua puluh tujuh rupiah"),
        (-3_500_000, "minus tiga juta lima ratus ribu rupiah"),
        (0, "nol rupiah"),
        (None, ""),
    ],
)
def test_amounts_are_said_in_words(value, words):
    assert formatting.terbilang(value) == words


def test_figures_days_and_moments_are_written_as_people_write_them(app):
    with app.test_request_context():
        assert formatting.number(1_250_000) == "1.250.000"
        assert formatting.rupiah(-1_250_000) == "−Rp1.250.000"
        assert formatting.rupiah(None) == "–"
        assert formatting.long_date(date(2026, 8, 17)) == "17 Agustus 2026"
        assert formatting.moment(datetime(2026, 8, 17, 7, 2, tzinfo=UTC)) == "17 Agustus 2026, 14.02 WIB"
        with force_locale("en"):
            assert formatting.number(1_250_000) == "1,250,000"
            assert formatting.moment(datetime(2026, 8, 17, 7, 2, tzinfo=UTC)) == "17 August 2026, 14:02 WIB"
