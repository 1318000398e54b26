"""Whatever is sent to the forms of this feature: no fault of ours, no half-written rows, and what was typed stays."""

import html

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from app.accounts.models import User
from app.cooperatives import services
from app.cooperatives.fields import BY_CODE
from app.cooperatives.models import ActivationCode, Cooperative, Membership
from app.core.extensions import db, limiter
from app.core.writing import writing
from tests.cooperatives.test_join_routes import PERSON, PROPOSAL
from tests.cooperatives.test_register_routes import FORM
from tests.support.fuzzing import examples

CARD = "/dinas/koperasi/koperasi-simpan-pinjam-melati-jaya"
ODD = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "",
            " ",
            "\x00",
            "\ufeff",
            "0",
            "-1",
            "99999999999999999999",
            "1.25",
            "=1+1",
            "'--",
            "<script>",
            "tidak ada",
            "a" * 5000,
            "31-02-2020",
            "17/8/2001",
            "0812",
            "+62812345678901",
            "a@b",
            "35.73.05.1010",
            "🙂" * 40,
            "\u202e",
            "%s%(x)s",
            "{{ 7*7 }}",
            "../..",
            "on",
            "1",
        ]
    ),
)
RELAXED = settings(
    max_examples=examples(20),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def some(names):
    """A form with some fields odd and some missing."""
    return st.dictionaries(st.sampled_from(sorted(names)), ODD, max_size=len(names))


def counts():
    db.session.rollback()
    return tuple(
        db.session.scalar(select(func.count()).select_from(table))
        for table in (User, Membership, Cooperative)
    )


@RELAXED
@given(
    changed=some([*FORM, "version", "asal", "bentrok", "pilih_alamat", "tetap"]),
    missing=st.sets(st.sampled_from(sorted(FORM)), max_size=4),
)
def test_the_registers_forms_never_fail_and_show_what_was_typed(desk, melati, changed, missing):
    sent = {
        name: value
        for name, value in (FORM | {"version": "1", "asal": "{}"} | changed).items()
        if name not in missing
    }
    for address in ("/dinas/koperasi/baru", f"{CARD}/ubah"):
        answer = desk.post(address, data=sent)
        assert answer.status_code in (200, 302, 409, 422)
        if answer.status_code == 422:
            shown = html.unescape(answer.text)
            for name in set(sent) & set(BY_CODE):
                typed = " ".join(sent[name].split())
                if typed.isprintable() and len(typed) < 100 and BY_CODE[name].kind == "text":
                    assert typed in shown


@RELAXED
@given(changed=some([*PERSON, "catatan"]))
def test_a_claim_is_whole_or_not_there_at_all(client, melati, changed):
    limiter.reset()
    before = counts()
    answer = client.application.test_client().post(
        f"/daftar/koperasi/{melati.slug}", data=PERSON | {"email": f"p{before[0]}@uji.example"} | changed
    )
    assert answer.status_code in (302, 422)
    people, claims, cooperatives = counts()
    assert cooperatives == before[2]
    assert (people - before[0], claims - before[1]) == ((1, 1) if answer.status_code == 302 else (0, 0))


@RELAXED
@given(
    changed=some([*PROPOSAL, *PERSON, "catatan", "langkah", "tetap"]),
    step=st.sampled_from(["", "kirim", "ubah"]),
)
def test_a_proposal_is_whole_or_not_there_at_all(app, changed, step):
    limiter.reset()
    before = counts()
    sent = PROPOSAL | PERSON | {"langkah": step, "tetap": "1", "email": f"p{before[0]}@uji.example"} | changed
    answer = app.test_client().post("/daftar/usul", data=sent)
    assert answer.status_code in (200, 302, 422)
    grown = tuple(after - earlier for after, earlier in zip(counts(), before, strict=True))
    assert grown == ((1, 1, 1) if answer.status_code == 302 else (0, 0, 0))


@RELAXED
@given(changed=some([*PERSON, "kode"]))
def test_a_code_is_spent_only_with_an_account_that_holds(app, melati, operator, changed):
    limiter.reset()
    before = counts()
    with writing():
        for paper in db.session.scalars(select(ActivationCode)):
            if paper.used_at is None and paper.revoked_at is None:
                services.revoke_code(paper, by=operator)
        code = services.issue_code(melati, by=operator)
    answer = app.test_client().post(
        "/daftar/kode", data=PERSON | {"kode": code, "email": f"p{before[0]}@uji.example"} | changed
    )
    assert answer.status_code in (302, 422)
    people, claims, _ = counts()
    assert (people - before[0], claims - before[1]) == ((1, 1) if answer.status_code == 302 else (0, 0))


@RELAXED
@given(sent=some(["nomor_keputusan", "tanggal_bubar", "alasan"]))
def test_dissolving_and_undoing_never_fail(desk, melati, sent):
    for address in (f"{CARD}/bubar", f"{CARD}/bubar/batal", f"{CARD}/bubar"):
        assert desk.post(address, data=sent).status_code in (302, 404, 422)
    db.session.rollback()
    db.session.refresh(melati)
    assert (melati.dissolved_on is None) == (melati.dissolved_decree is None)


@RELAXED
@given(
    arguments=st.dictionaries(
        st.sampled_from(
            [
                "q",
                "kecamatan",
                "kelurahan",
                "jenis",
                "status",
                "laporan",
                "pengelola",
                "urut",
                "after",
                "before",
                "format",
                "lang",
                "nama",
                "kode",
            ]
        ),
        ODD,
        max_size=6,
    )
)
def test_no_address_of_a_list_fails(desk, client, melati, arguments):
    for address in ("/koperasi", "/daftar", "/daftar/usul", "/daftar/kode"):
        assert client.get(address, query_string=arguments).status_code == 200
    for address in ("/dinas/koperasi", "/dinas/klaim"):
        assert desk.get(address, query_string=arguments).status_code == 200


@RELAXED
@given(sent=some(["putusan", "alasan", "koperasi"]))
def test_deciding_never_fails(desk, melati, make_user, sent):
    person = make_user()
    with writing():
        claim = services.claim(person, melati, position="Ketua").id
    for address in (f"/dinas/klaim/{claim}/gabung", f"/dinas/klaim/{claim}"):
        assert desk.post(address, data=sent).status_code in (302, 400, 404, 409, 422)
