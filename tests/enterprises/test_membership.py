"""Of which cooperative an owner is a member, when that cooperative changes years after it was written down."""

import pytest

from app.cooperatives import merging
from app.cooperatives.models import Cooperative, Listing
from app.core.extensions import db
from app.core.writing import writing
from app.enterprises.models import Enterprise
from tests.enterprises.conftest import STEP_3


@pytest.fixture
def member(make_cooperative, make_enterprise, owner):
    """A UKM whose owner is a member of Koperasi Mawar."""
    mawar = make_cooperative(nama_koperasi="Koperasi Mawar")
    return make_enterprise(owner=owner, cooperative_id=mawar.id)


def cooperative_of(enterprise):
    db.session.expire_all()
    found = db.session.get_one(Enterprise, enterprise.id).cooperative
    return found.nama_koperasi if found else None


def test_members_go_along_when_their_cooperative_is_merged_and_come_back(
    member, make_enterprise, make_cooperative, operator
):
    mawar, melati = member.cooperative, make_cooperative(nama_koperasi="Koperasi Melati")
    left = make_enterprise(name="Roti Kenanga", cooperative_id=mawar.id)
    with writing():
        made = merging.merge(melati, mawar, theirs=(), reason="Satu koperasi", by=operator)
    assert cooperative_of(member) == cooperative_of(left) == "Koperasi Melati"
    with writing():
        db.session.get_one(Enterprise, left.id).cooperative_id = None  # says since to be a member of none
    with writing():
        merging.undo_merge(made, reason="Ternyata dua", by=operator)
    assert (cooperative_of(member), cooperative_of(left)) == ("Koperasi Mawar", None)


@pytest.mark.parametrize("since", ["delisted", "another of that name"])
def test_what_an_owner_leaves_as_it_stands_is_never_refused(
    member, owner, client_as, make_cooperative, since
):
    if since == "delisted":
        with writing():
            db.session.get_one(Cooperative, member.cooperative_id).listing = Listing.REFUSED
    else:
        make_cooperative(nama_koperasi="Koperasi Mawar")
    step = f"/ukm/saya/{member.slug}/isi/3"
    browser = client_as(owner)
    assert 'value="Koperasi Mawar"' in browser.get(step).text
    answer = browser.post(step, data=STEP_3 | {"cooperative": "Koperasi Mawar", "workers_men": "4"})
    assert answer.status_code == 303, answer.text
    assert cooperative_of(member) == "Koperasi Mawar"
    assert db.session.get_one(Enterprise, member.id).workers_men == 4
