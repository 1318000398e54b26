"""Whatever is sent to the registration: no fault of ours, and no half-written rows."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.core.extensions import db, limiter
from app.enterprises.models import Enterprise
from app.enterprises.product_forms import HoursForm, ProductForm
from tests.enterprises.conftest import STEP_1, STEP_2, STEP_3

ODD = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        [
            "", " ", "\x00", "0", "-1", "9" * 25, "1.25", "<script>", "a" * 3000, "+62812345678901", "a@b", "🙂" * 40,
            "\u202e", "%s%(x)s", "{{ 7*7 }}", "javascript:alert(1)", "https://[", "http://a.b:x", "exact", "ya", "nan", "1e9",
            "35.73.01.1007", "99.99.99.9999", "٣",
        ]
    ),
)  # fmt: skip
RELAXED = settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def odd(step):
    """A step with some fields odd and some missing."""
    names = sorted(step)
    return st.tuples(
        st.dictionaries(st.sampled_from(names), ODD, max_size=4), st.sets(st.sampled_from(names), max_size=2)
    ).map(lambda drawn: {name: value for name, value in (step | drawn[0]).items() if name not in drawn[1]})


@RELAXED
@given(first=odd(STEP_1), second=odd(STEP_2), third=odd(STEP_3), version=ODD)
def test_no_registration_is_a_fault(client, first, second, third, version):
    limiter.reset()
    answer = client.post("/ukm/daftar", data=first)
    assert answer.status_code in (302, 422)
    if answer.status_code == 422:
        answer = client.post("/ukm/daftar", data=STEP_1)
    address = answer.location
    assert client.get(address).status_code == 200
    assert client.post(address, data=second | {"versi": version}).status_code in (303, 409, 422)
    last = client.post(address.replace("isi/2", "isi/3"), data=third)
    assert last.status_code in (303, 422)
    assert client.get(address.removesuffix("/isi/2")).status_code == 200
    db.session.rollback()
    for row in db.session.scalars(select(Enterprise)):
        assert row.name


@RELAXED
@given(
    values=st.dictionaries(
        st.sampled_from(["name", "price_low", "price_high", "unit", "availability", "buka_1", "tutup_1"]), ODD
    )
)
def test_products_and_hours_are_read_or_refused(values):
    for form in (ProductForm.read(MultiDict(values)), HoursForm.read(MultiDict(values))):
        assert isinstance(form.problems, dict)
