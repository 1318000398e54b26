"""The poster for the stall and the picture beside a shared link."""

from io import BytesIO

import pytest
from PIL import Image

from app.core.database import now
from app.core.writing import writing
from app.enterprises import services
from app.enterprises.poster import poster_pdf
from app.enterprises.rules import Purpose
from app.enterprises.share_card import card_png


def test_an_owner_prints_the_same_poster_each_time_while_the_page_is_public(
    client_as, owner, desk, make_enterprise
):
    enterprise = make_enterprise(owner=owner)
    first, second = (client_as(owner).get("/ukm/saya/keripik-tempe-melati/poster.pdf") for _ in range(2))
    assert first.data[:5] == b"%PDF-"
    assert first.data == second.data
    assert desk.get("/dinas/ukm/keripik-tempe-melati/poster.pdf").status_code == 200
    assert "poster.pdf" in client_as(owner).get("/ukm/saya/keripik-tempe-melati").text
    with writing():
        services.set_consents(enterprise, {Purpose.LISTING: False})
    assert client_as(owner).get("/ukm/saya/keripik-tempe-melati/poster.pdf").status_code == 404
    assert "poster.pdf" not in client_as(owner).get("/ukm/saya/keripik-tempe-melati").text


def test_the_poster_is_one_page_however_long_the_words_are(app, make_enterprise):
    enterprise = make_enterprise(name="Keripik " + "Tempe Melati " * 8, products="keripik tempe pedas, " * 22)
    with app.test_request_context():
        content = poster_pdf(enterprise, "http://127.0.0.1/ukm/" + "x" * 110, made=now())
    assert content.count(b"/Type /Page\n") == 1


def test_a_shared_link_shows_a_card_of_its_own(client, make_enterprise):
    enterprise = make_enterprise()
    page = client.get("/ukm/keripik-tempe-melati").text
    assert (
        '<meta property="og:image" content="http://localhost/ukm/keripik-tempe-melati/kartu.png">'
        in page.replace("127.0.0.1:8000", "localhost")
    )
    answer = client.get("/ukm/keripik-tempe-melati/kartu.png")
    with Image.open(BytesIO(answer.data)) as card:
        assert (card.format, card.size) == ("PNG", (1200, 630))
    assert "max-age" not in answer.headers["Cache-Control"]  # what is taken back is gone at once
    with writing():
        services.set_consents(enterprise, {Purpose.LISTING: False})
    assert client.get("/ukm/keripik-tempe-melati/kartu.png").status_code == 404


@pytest.mark.parametrize("name", ["W" * 120, "Ωμέγα 🍌 keripik", "a b " * 30])
def test_a_card_takes_any_words(app, make_enterprise, name):
    enterprise = make_enterprise(name=name, products="x" * 400)
    with app.test_request_context():
        assert card_png(enterprise)[1:4] == b"PNG"
