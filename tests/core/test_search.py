"""Searching by name: what people type, on both databases. Also how it stays right when rows change."""

import pytest
from sqlalchemy import select

from app.cooperatives.models import Cooperative
from app.core.extensions import db
from app.core.search import CANDIDATES, answer, find, fold, holding, searchable
from app.core.vocabulary import vocabulary
from app.core.writing import writing

NAMES = (
    "Koperasi Melati",
    "Koperasi Simpan Pinjam Melati Jaya",
    "Koperasi Bunga Melati Wangi",
    "Koperasi Konsumen Sumber Rejeki",
    "KPRI Kenanga Sejahtera",
    "Koperasi Karyawan PT Anggrek Oesaha",
    "Kopkar Dahlia 2",
)


@pytest.fixture
def names(make_cooperative):
    """A few cooperatives; ``names(wanted)`` gives the names that are found, best first."""
    made = {}
    for number, name in enumerate(NAMES):
        details = (f"357301000000{number}", f"518/{number:03}/BH/KANKOP/2001", "Tlogomas", "Lowokwaru")
        made[make_cooperative(nama_koperasi=name, search_text=searchable(name, *details)).id] = name
    db.session.rollback()

    def search(wanted, **more):
        return [made[id_] for id_ in find("cooperative", wanted, **more)]

    return search


def test_folding_leaves_words_of_letters_and_digits():
    assert fold("  KSP “Maju–Jaya”, S.E. ") == "ksp maju jaya s e"
    assert fold("Ma’arif – Qur'an") == "maarif quran"
    assert fold("Koperási ÉTOILE\x00") == "koperasi etoile"
    assert searchable("Koperasi Melati", None, "518/01", "") == "koperasi melati\n518 01"


@pytest.mark.parametrize(
    ("wanted", "first"),
    [
        ("melati", "Koperasi Melati"),
        ("MELATI JAYA", "Koperasi Simpan Pinjam Melati Jaya"),
        ("jaya melati", "Koperasi Simpan Pinjam Melati Jaya"),
        ("koprasi melati", "Koperasi Melati"),
        ("melatti", "Koperasi Melati"),
        ("kop simpen pinjem mlati jaya", "Koperasi Simpan Pinjam Melati Jaya"),
        ("sumber rezeki", "Koperasi Konsumen Sumber Rejeki"),
        ("sumberrejeki", "Koperasi Konsumen Sumber Rejeki"),
        ("kenanga sejatera", "KPRI Kenanga Sejahtera"),
        ("kenan", "KPRI Kenanga Sejahtera"),
        ("anggrek usaha", "Koperasi Karyawan PT Anggrek Oesaha"),
        ("dahlia 2", "Kopkar Dahlia 2"),
        ("dahila", "Kopkar Dahlia 2"),
        ("3573010000004", "KPRI Kenanga Sejahtera"),
        ("518/004/BH/KANKOP/2001", "KPRI Kenanga Sejahtera"),
        ("518 004 bh", "KPRI Kenanga Sejahtera"),
    ],
)
def test_what_people_type_finds_what_they_mean(names, wanted, first):
    assert names(wanted)[:1] == [first]


@pytest.mark.parametrize("wanted", ["", "   ", "?!", "xyz", "koperasi flamboyan", "999", "\x00", "zz"])
def test_what_means_nothing_finds_nothing(names, wanted):
    assert names(wanted) == []


def test_a_place_finds_all_that_stand_there(names):
    assert set(names("tlogomas")) == set(NAMES)
    assert set(names("tlogmas")) == set(NAMES)


def test_the_number_that_was_asked_for_does_not_bring_its_neighbours(names):
    assert names("3573010000004") == ["KPRI Kenanga Sejahtera"]


def test_the_title_counts_more_than_the_place(names, make_cooperative):
    make_cooperative(nama_koperasi="Koperasi Lain", search_text=searchable("Koperasi Lain", "Melati"))
    found = find("cooperative", "melati")
    assert len(found) == 4
    assert db.session.get(Cooperative, found[-1]).nama_koperasi == "Koperasi Lain"


def test_short_words_begin_words(names):
    assert names("pt") == ["Koperasi Karyawan PT Anggrek Oesaha"]
    assert names("2") == names("2 dahlia") + [name for name in names("2") if name != "Kopkar Dahlia 2"]


def test_conditions_are_asked_before_the_limit(names):
    only = names("koperasi", where=[Cooperative.nama_koperasi.contains("Rejeki")], limit=1)
    assert only == ["Koperasi Konsumen Sumber Rejeki"]
    assert names("melatti", where=[Cooperative.nama_koperasi.contains("Wangi")]) == [
        "Koperasi Bunga Melati Wangi"
    ]


def test_more_rows_than_the_limit_are_found_by_the_condition(app, make_cooperative):
    with writing() as session:
        for number in range(CANDIDATES + 5):
            name = f"Koperasi Teratai {number}"
            session.add(
                Cooperative(
                    slug=f"t-{number}",
                    region="35.73",
                    nama_koperasi=name,
                    name_key=fold(name),
                    search_text=searchable(name),
                )
            )
    assert len(find("cooperative", "teratai")) == CANDIDATES
    matching = select(Cooperative.id).where(holding("cooperative", "teratai kop"))
    assert len(db.session.scalars(matching).all()) == CANDIDATES + 5
    assert db.session.scalars(select(Cooperative.id).where(holding("cooperative", "?"))).all() == []


def test_a_changed_and_a_deleted_row_are_searched_as_they_now_are(app, make_cooperative):
    row = make_cooperative(nama_koperasi="Koperasi Teratai", search_text="koperasi teratai")
    with writing() as session:
        row = session.get(Cooperative, row.id)
        row.search_text = searchable("Koperasi Kamboja")
    assert find("cooperative", "teratai") == []
    assert find("cooperative", "kamboja") == [row.id]
    with writing() as session:
        session.delete(session.get(Cooperative, row.id))
    assert find("cooperative", "kamboja") == []


@pytest.mark.parametrize(
    "wanted",
    [
        '"',
        "'; DROP TABLE cooperative",
        "a OR b",
        "melati*",
        "NEAR(melati jaya)",
        "mel%ti",
        "m_lati",
        "x" * 5000,
    ],
)
def test_no_question_is_an_order(names, wanted):
    names(wanted)
    assert set(names("tlogomas")) == set(NAMES)


@pytest.fixture
def crowd(app):
    """More rows of one name than are ranked, and one that is rare among them."""
    with writing() as session:
        for number in range(2100):
            name = f"Koperasi Teratai {number}" if number != 1999 else "Koperasi Teratai Cendana Wungu"
            session.add(
                Cooperative(
                    slug=f"t-{number}",
                    region="35.73",
                    nama_koperasi=name,
                    name_key=fold(name),
                    search_text=searchable(name),
                )
            )


def test_what_is_rare_is_found_in_a_crowd_also_with_typos(crowd):
    for wanted in ("teratai cendana", "tratai cendna", "koprasi teratay cendanna wunggu", "cendanawungu"):
        [first, *_] = find("cooperative", wanted)
        assert db.session.get(Cooperative, first).nama_koperasi == "Koperasi Teratai Cendana Wungu"
    assert len(find("cooperative", "tratai")) == CANDIDATES


def test_a_crowd_is_all_found_by_the_condition_and_none_of_a_misspelt_one(crowd):
    exact, misspelt = answer("cooperative", "teratai"), answer("cooperative", "tratai")
    assert exact.everything is not None
    assert len(db.session.scalars(select(Cooperative.id).where(exact.everything)).all()) == 2100
    assert (len(misspelt.ids), misspelt.everything) == (CANDIDATES, None)
    few = holding("cooperative", "cendana te")
    assert len(db.session.scalars(select(Cooperative.id).where(few)).all()) == 1


def test_the_list_of_words_grows_and_keeps_no_numbers(names, make_cooperative):
    assert {"melati", "rejeki", "oesaha"} <= set(vocabulary("cooperative").words())
    make_cooperative(
        nama_koperasi="Koperasi Wijayakusuma", search_text=searchable("Koperasi Wijayakusuma", "3573")
    )
    db.session.rollback()
    words = vocabulary("cooperative").words()
    assert "wijayakusuma" in words
    assert not [word for word in words if not word.isalpha() or len(word) < 3]
    assert ("wijaya", "kusuma") not in vocabulary("cooperative").meant_by("wijayakusuma")
    assert vocabulary("cooperative").meant_by("wijayakusma")[1] == ("wijayakusuma",)
    assert vocabulary("cooperative").meant_by("3573") == [("3573",)]


def test_text_of_any_kind_can_be_kept(app, make_cooperative):
    for number, text_ in enumerate(('a "quoted" name', "back\\slash 'x'", "line\nbreak\ttab", "", "🙂 x")):
        made = make_cooperative(nama_koperasi=f"Koperasi Odd {number}", search_text=text_)
        with writing() as session:
            session.get_one(Cooperative, made.id).search_text = text_ + " berubah"
    assert len(find("cooperative", "berubah")) == 5
