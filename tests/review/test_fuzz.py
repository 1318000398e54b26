"""Whatever is typed into the review's form, nothing breaks and what was typed comes back."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.core.extensions import db
from app.core.parsing import fold_space
from app.questionnaire.models import Report
from tests.support.fuzzing import examples

ANYTHING = st.text(max_size=60)


@settings(
    max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    act=st.sampled_from(["catat", "kembalikan", "setujui", "buka", "lewati"]) | ANYTHING,
    version=st.sampled_from(["1", "2"]) | ANYTHING,
    marks=st.lists(st.sampled_from(["aset", "shu", "nik_koperasi"]) | ANYTHING, max_size=4),
    reason=ANYTHING,
    comment=ANYTHING,
)
def test_any_decision_is_answered_and_a_refused_one_keeps_its_words(
    client_as, operator, make_report, act, version, marks, reason, comment
):
    report = make_report()
    sent = {"aksi": act, "versi": version, "perbaiki": marks, "alasan": reason, "catatan_aset": comment}
    page = client_as(operator).post(f"/dinas/periksa/{report.id}", data=sent)
    assert page.status_code in {302, 400, 422}
    if page.status_code == 422:
        shown = fold_space(page.text)
        for typed in (reason, comment):
            words = fold_space(typed)
            if words and words.isalnum():
                assert words in shown


@settings(
    max_examples=examples(12), suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(
    values=st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            (
                "q",
                "tahun",
                "kecamatan",
                "jenis",
                "peringatan",
                "pemeriksa",
                "asal",
                "after",
                "before",
                "format",
            ),
            ANYTHING,
        ),
    )
)
def test_any_address_of_the_lists_is_answered(client_as, operator, make_report, values):
    if db.session.get(Report, 1) is None:
        make_report()
    client = client_as(operator)
    for path in ("/dinas/periksa", "/dinas/belum-lapor", "/dinas"):
        assert client.get(path, query_string=values).status_code == 200
