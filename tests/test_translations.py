"""Every sentence of the screens has an English text, and the compiled catalogue is the one that is kept."""

import pytest
from babel.messages import Catalog

from tests.support import translations


def test_the_english_catalogue_is_complete():
    found = translations.faults(translations.extracted(), translations.translated())
    assert not found, "\n".join([*found, "then: python -m tests.support.translations"])


def test_the_compiled_catalogue_is_current():
    assert translations.MO.read_bytes() == translations.compiled(translations.translated())


def test_words_are_found_in_python_templates_and_data():
    ids = translations.keys(translations.extracted())
    assert ("Langsung ke isi", None) in ids
    assert ("Volume usaha", None) in ids
    assert ("Pengelola koperasi", None) in ids


@pytest.mark.parametrize(
    ("english", "flags", "fault"),
    [
        ("", (), "no English text"),
        ("%(count)s reports", ("fuzzy",), "fuzzy"),
        ("Some reports", (), "other placeholders"),
        ("%(kount)s reports", (), "other placeholders"),
        ("%(count)s reports, 5 % done", (), "a bare %"),
    ],
)
def test_each_fault_of_a_translation_is_found(english, flags, fault):
    wanted, kept = Catalog(), Catalog(locale="en")
    wanted.add("%(count)s laporan")
    kept.add("%(count)s laporan", english, flags=flags)
    assert any(fault in found for found in translations.faults(wanted, kept))


def test_a_text_that_left_the_code_is_found_and_a_sound_catalogue_passes():
    wanted, kept = Catalog(), Catalog(locale="en")
    kept.add("Masuk", "Sign in")
    assert translations.faults(wanted, kept) == ["gone from the code: 'Masuk'"]
    wanted.add("Masuk")
    assert translations.faults(wanted, kept) == []
