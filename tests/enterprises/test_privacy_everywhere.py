"""No private field of anybody stands at any public address, in any form. The addresses come from the site itself: a new one is in
these tests by itself, and one whose parameters nobody explained here fails."""

import re
from collections.abc import Iterator

import pytest
from werkzeug.routing import IntegerConverter

from app.core.access import Role
from app.core.database import Base
from app.core.extensions import db, limiter
from app.enterprises.grid import LEVELS, key_of
from app.enterprises.queries import hits, public_pages
from app.enterprises.rules import Precision, Purpose
from tests.enterprises.marked import KELURAHAN, marked_enterprises, worded
from tests.factories import Factories
from tests.support.databases import sweep

NOBODYS = "x" * 43  # a secret link that opens nothing
FORMS = ("", "?format=csv", "?format=json", "?format=xlsx", "?lang=en")
# What stands for a parameter of an address that is about no UKM.
OTHERS = {
    "key": "1",
    "code": "x",
    "suffix": "csv",
    "token": NOBODYS,
    "secret": NOBODYS,
    "name": "berkas.pdf",
    "number": "1",
    "kode": "x",
    "filename": "base.css",
}
LOOKS_EVERYWHERE = (Role.EDITOR, Role.ADMIN)  # others see no page of the office at all
# Labels of answers that many share: no page and no file about a single UKM may hold them.
SHARED = (
    "1931", "4321", "4.321", "5432", "5.432", "Lebih dari Rp2 miliar", "sampai-15m", "Rp5 miliar", "sampai-5m", "tidak_sekolah",
    "Tidak bersekolah", "disabilitas", "55 tahun", "55+", "Perempuan", "perempuan", "Firma", "pinjol", "Pinjaman daring",
    "embukuan", "sering padam", "Hanya jalan kaki", '"ya"',
)  # fmt: skip


@pytest.fixture(scope="module")
def marked(tested_app):
    """Made once; the tests of this module only look."""
    with tested_app.app_context():
        operator = Factories().user(Role.OPERATOR)
        made = marked_enterprises(operator)
        db.session.remove()
    yield made
    with tested_app.app_context():
        db.session.remove()
        sweep(db.engine, Base.metadata)
    limiter.reset()


@pytest.fixture(autouse=True)
def context(tested_app):
    with tested_app.app_context():
        yield
        db.session.remove()


@pytest.fixture
def stranger(tested_app):
    return browser(tested_app)


def browser(app):
    """One that does not look whether pages are sound HTML: other tests do."""
    client = app.test_client()
    client.check_html = False
    return client


def rules(app, *, public: bool):
    """The addresses that can be read by everybody, or by some only."""
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "access", None)
        if "GET" in rule.methods and (access == "public") is public:
            yield rule


PARAMETER = re.compile(r"<(?:[^<>:]*:)?(\w+)>")


def addresses(rule, slugs) -> Iterator[str]:
    """Examples of ``rule``: all of ``slugs`` where it is about UKM, else one."""
    about_ukm = rule.endpoint.startswith("enterprises.")
    for slug in slugs if about_ukm and "slug" in rule.arguments else slugs[:1]:
        values = dict.fromkeys(rule.arguments, "1") | OTHERS | {"slug": slug, "other": slug}
        yield "".join(values[part] if at % 2 else part for at, part in enumerate(PARAMETER.split(rule.rule)))


@pytest.fixture(scope="module")
def everything(tested_app, marked):
    """Address → all that a stranger reads there, for every public address in every form."""
    slugs, client = [one.slug for one in marked], browser(tested_app)
    read = {}
    with tested_app.app_context():
        for rule in rules(tested_app, public=True):
            if rule.endpoint in ("static", "worker", "enterprises.share_card"):
                continue
            words = {
                name for name in rule.arguments if not isinstance(rule._converters[name], IntegerConverter)
            }
            unknown = words - OTHERS.keys() - {"slug"}
            assert not unknown, f"{rule.rule}: say in OTHERS what stands for {unknown}"
            about_ukm = rule.endpoint.startswith(
                ("enterprises.", "clusters.", "pages.")
            ) and not rule.rule.count("<token>")
            for address in addresses(rule, slugs):
                for form in FORMS if about_ukm and "slug" not in rule.arguments else FORMS[:1]:
                    read[address + form] = client.get(address + form)
        for one in marked:
            read[f"/ukm/{one.slug}?format=json"] = client.get(f"/ukm/{one.slug}?format=json")
        listed = "/ukm"
        while listed:  # every page of the list
            answer = client.get(listed)
            read[listed] = answer
            further = re.search(r'href="(/ukm\?after=[^"]+)"', answer.text)
            listed = further[1].replace("&amp;", "&") if further else ""
    return {
        address: answer.get_data(as_text=True)
        for address, answer in read.items()
        if answer.mimetype.startswith(("text/", "application/"))
        and not answer.mimetype.endswith(("sheet", "pdf"))
    }


def test_what_is_public_can_be_read_at_all(everything, marked):
    """Else the other tests would find nothing because there is nothing."""
    for one in marked:
        shown = [address for address, text in everything.items() if one.name in text]
        assert bool(shown) is one.is_public, (one, shown)
        if one.is_public:
            assert {f"/ukm/{one.slug}", "/ukm?format=csv", "/ukm?format=json"} <= set(shown)
            page = everything[f"/ukm/{one.slug}"]
            for purpose, words in one.by_consent.items():
                assert all(word in page for word in words) is (purpose in one.agreed), (one, purpose)


def test_what_is_private_stands_nowhere(everything, marked):
    forbidden = {word: one for one in marked for word in hidden_words(one)}
    for address, text in everything.items():
        joined = re.sub(r"(?<=\d)[-. ](?=\d)", "", text)  # telephone numbers are written in groups
        found = [word for word in forbidden if word in joined]
        assert not found, (address, [(word, forbidden[word]) for word in found])


def hidden_words(one) -> Iterator[str]:
    """What nobody may read of it, as it stands."""
    yield from one.never
    for purpose, words in one.by_consent.items():
        yield from () if one.is_public and purpose in one.agreed else words
    yield from () if one.is_public else (worded(one.number),)


def test_no_place_is_told_more_finely_than_its_owner_wants(everything, marked):
    for one in marked:
        exact = one.is_public and one.precision is Precision.EXACT
        latitude, longitude = (f"{abs(degrees)}"[:7] for degrees in one.point)
        held = [address for address, text in everything.items() if latitude in text and longitude in text]
        assert bool(held) is exact, (one, held)
        if one.is_public:
            assert (KELURAHAN in page_of(everything, one)) is (one.precision is not Precision.KECAMATAN)


def page_of(everything, one) -> str:
    return everything[f"/ukm/{one.slug}"].split("<main")[1].split("</main")[0]


def test_answers_that_many_share_stand_on_no_single_page_and_in_no_list(everything, marked):
    for address, text in everything.items():
        path = address.partition("?")[0]
        single = any(path == f"/ukm/{one.slug}" for one in marked)
        if single or address in ("/ukm?format=csv", "/ukm?format=json"):
            shown = text.split("<main")[1].split("</main")[0] if "<main" in text else text
            for word in SHARED:
                allowed = word == '"ya"' and "format=json" in address  # whether it has an NIB is public
                assert allowed or word not in shown, (address, word)


def test_the_map_shows_nobody_where_nobody_wants_to_be_seen(stranger, marked):
    for one in marked:
        key, unit = key_of(one.point), 1 << LEVELS
        x, y = int((one.point[1] + 180) / 360 * unit), int((90 - one.point[0]) / 360 * unit)
        around = stranger.get(f"/ukm/peta.json?kotak={LEVELS},{x - 1},{y - 1},{x + 1},{y + 1}").get_json()
        names = [name for square in around for name, _address in square.get("u", ())]
        assert names == ([one.name] if one.is_public and one.precision is Precision.EXACT else []), (one, key)


def test_a_search_answers_to_nothing_private(tested_app, stranger, marked):
    """Neither the directory nor the map nor the search over everything, by the words of somebody who agreed to nothing more."""
    shy = next(one for one in marked if not one.agreed and one.precision is Precision.KECAMATAN)
    words = [*shy.never, *(word for some in shy.by_consent.values() for word in some)]
    words = [word.strip("@") for word in words]
    for address in ("/ukm", "/ukm/peta", "/cari"):
        anyway = shy.name in stranger.get(address).text
        for word in words:
            assert anyway or shy.name not in stranger.get(address, query_string={"q": word}).text, word
    assert shy.name in stranger.get("/ukm", query_string={"q": worded(shy.number)}).text
    with tested_app.test_request_context():
        assert not [hit for word in words for hit in hits(word, 50) if shy.name in hit.title]
        urls = {page.url for page in public_pages()}
    assert {f"/ukm/{one.slug}" in urls for one in marked if one.is_public} == {True}
    assert not {one.slug for one in marked if not one.is_public and f"/ukm/{one.slug}" in urls}


@pytest.mark.parametrize(
    "role", [None, Role.COOPERATIVE, Role.ENTERPRISE, Role.CONSULTANT, Role.EDITOR, Role.ADMIN]
)
def test_what_the_office_sees_is_closed_to_everybody_else(tested_app, stranger, marked, role):
    if role is not None:
        user = Factories().user(role, email=f"{role}@lain.example")
        with stranger.session_transaction() as session:
            session["_user_id"], session["_fresh"] = user.get_id(), True
    hidden = next(one for one in marked if not one.is_public)
    marks = re.compile(
        "|".join(map(re.escape, (*hidden.never, *(w for ws in hidden.by_consent.values() for w in ws))))
    )
    closed = 0
    for rule in rules(tested_app, public=False):
        if role not in LOOKS_EVERYWHERE and not rule.endpoint.startswith(("enterprises.", "clusters.")):
            continue
        for address in addresses(rule, [hidden.slug]):
            answer = stranger.get(address)
            assert not marks.search(answer.get_data(as_text=True)), (address, role)
            if rule.endpoint.startswith(("enterprises.", "clusters.")) and "slug" in rule.arguments:
                assert answer.status_code in (302, 303, 403, 404), address
                closed += 1
    assert closed > 10


def test_every_purpose_is_among_those_tried(marked):
    """A new purpose must say here what it makes public."""
    tried = {purpose for one in marked for purpose in one.agreed} | {Purpose.LOCATION, Purpose.LISTING}
    assert set(Purpose) - tried == {Purpose.PROGRAMMES, Purpose.STATISTICS}
