"""What is private stays private: for every public address and format, whatever the owner agreed to, and at once when it is
taken back."""

import json
from itertools import combinations

import pytest

from app.core.writing import writing
from app.enterprises import services
from app.enterprises.queries import hits, public_pages
from app.enterprises.rules import Precision, Purpose

ALWAYS = (
    "Sekar Rahasia", "Sekar", "81234567890", "0812-3456-7890", "rahasia.example", "1234567890123", "Gang Tersembunyi",
    "sampai-300jt", "Rp300", "sarjana",
)  # fmt: skip
ONLY_WITH = {
    Purpose.WHATSAPP: ("85711112222", "0857-1111-2222"),
    Purpose.PHONE: ("341555111", "555111"),
    Purpose.EMAIL: ("toko@melati.example",),
    Purpose.LINKS: ("instagram.com/keripikmelati", "tokopedia.com/keripik-melati", "https://melati.example"),
}
POINT = ("7.9512", "112.6512")
VILLAGE = "Purwantoro"
ADDRESSES = (
    "/ukm",
    "/ukm?q=keripik",
    "/ukm?q=keripik&format=csv",
    "/ukm?format=csv",
    "/ukm?format=json",
    "/ukm?kecamatan=35.73.01",
    "/ukm/keripik-tempe-melati",
    "/ukm/keripik-tempe-melati?format=json",
    "/ukm/keripik-tempe-melati?lang=en",
)


def public_words(client) -> str:
    """Everything that a stranger may read about the register, in one text."""
    found = [client.get(address).text for address in ADDRESSES]
    found += [repr(hit) for hit in hits("keripik tempe melati", 10)]
    found += [page.url for page in public_pages()]
    return "\n".join(found)


@pytest.mark.parametrize(
    "agreed",
    [(), *combinations(ONLY_WITH, 1), *combinations(ONLY_WITH, 3), tuple(ONLY_WITH)],
    ids=lambda agreed: "+".join(agreed) or "nothing",
)
def test_each_channel_is_public_only_by_its_own_consent(client, app, make_enterprise, agreed):
    make_enterprise(*agreed)
    with app.test_request_context():
        text = public_words(client)
    assert "Keripik Tempe Melati" in text
    for words in ALWAYS + POINT + (VILLAGE,):
        assert words not in text, words
    for purpose, words in ONLY_WITH.items():
        for word in words:
            assert (word in text) == (purpose in agreed) or word not in text, (purpose, word)
        if purpose in agreed:
            assert words[-1] in text or words[0] in text


@pytest.mark.parametrize("precision", list(Precision))
def test_the_place_is_as_fine_as_its_owner_wants(client, app, make_enterprise, precision):
    make_enterprise(Purpose.LOCATION, precision=precision)
    with app.test_request_context():
        text = public_words(client)
    assert (POINT[0] in text) == (precision is Precision.EXACT)
    assert (VILLAGE in text) == (precision is not Precision.KECAMATAN)
    assert "Blimbing" in text


def test_taking_a_consent_back_holds_at_once(client, app, make_enterprise):
    enterprise = make_enterprise(Purpose.WHATSAPP, Purpose.LOCATION, precision=Precision.EXACT)
    page = client.get("/ukm/keripik-tempe-melati").text
    assert "wa.me/6285711112222" in page
    assert POINT[0] in page
    assert "keripik" in client.get("/ukm?q=purwantoro").text.lower()
    with writing():
        services.set_consents(enterprise, {Purpose.WHATSAPP: False, Purpose.LOCATION: False})
    page = client.get("/ukm/keripik-tempe-melati").text
    assert "6285711112222" not in page
    assert POINT[0] not in page
    assert "Tidak ada usaha yang cocok" in client.get("/ukm?q=purwantoro").text
    with writing():
        services.set_consents(enterprise, {Purpose.LISTING: False})
    assert client.get("/ukm/keripik-tempe-melati").status_code == 404
    assert "Keripik Tempe Melati" not in public_words_of_list(client)


def public_words_of_list(client) -> str:
    return client.get("/ukm").text + client.get("/ukm?format=json").text + client.get("/ukm?format=csv").text


@pytest.mark.parametrize("asked", ["Sekar", "081234567890", "1234567890123", "Tersembunyi"])
def test_the_public_search_does_not_answer_to_private_words(client, make_enterprise, desk, asked):
    make_enterprise()
    assert "Tidak ada usaha yang cocok" in client.get("/ukm", query_string={"q": asked}).text
    assert "Keripik Tempe Melati" in desk.get("/dinas/ukm", query_string={"q": asked}).text


def test_structured_data_tells_no_more_than_the_page(client, make_enterprise):
    make_enterprise(Purpose.PHONE)
    page = client.get("/ukm/keripik-tempe-melati").text
    thing = json.loads(page.split('<script type="application/ld+json">')[1].split("</script>")[0])
    assert thing["@type"] == "LocalBusiness"
    assert thing["telephone"] == "+62341555111"
    assert not {"geo", "email", "sameAs"} & set(thing)


@pytest.mark.parametrize("listed", [False, True])
def test_nobody_else_keeps_it(client_as, client, make_user, make_enterprise, owner, listed):
    make_enterprise(owner=owner, listed=listed)
    pages = ("", "/isi/1", "/izin", "/produk", "/jam", "/data.json", "/hapus")
    stranger = client_as(make_user())
    for page in pages:
        address = f"/ukm/saya/keripik-tempe-melati{page}"
        assert client_as(owner).get(address).status_code == 200
        assert stranger.get(address).status_code == 404
        assert client.get(address).status_code == 302
    assert stranger.get("/dinas/ukm/keripik-tempe-melati").status_code == 403
