"""The sheet of components, and what each component promises to the pages that use it."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from flask import render_template_string
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

FOLDER = Path(__file__).parents[2] / "app/templates/components"
NAMES = sorted(path.stem for path in FOLDER.glob("*.html"))
PARTS = {"control", "messages", "last_year", "ask", "chips"}  # drawn by other components
ELSEWHERE = {
    "csrf",
    "flashes",
    "footer",
    "knot",
    "language",
    "nav_item",
    "public_nav",
}  # drawn by the layouts
UNSEEN = {
    "choropleth",  # seen where its data is: in the directory, the programmes and the search
    "column_chart",
    "marked",
    "enter_button",
    "form_field",
    "live_checks",
    "only_here",  # a flash with a sentence of its own
    "structured_data",
    "whole_download",  # a form of the desk's lists, with a token of whoever is signed in
}  # nothing to look at, or an adapter for a component that is shown


@pytest.fixture
def draw(tested_app) -> Callable[..., str]:
    """``draw("field", 'field("nama", "Nama")', …)``: what the call gives, white space folded."""

    def rendered(name: str, call: str, **context: object) -> str:
        source = f'{{% from "components/{name}.html" import {name} %}}{{{{ {call} }}}}'
        with tested_app.test_request_context():
            return " ".join(render_template_string(source, **context).split())

    return rendered


def test_the_sheet_shows_every_component(client):
    page = client.get("/komponen")
    assert page.status_code == 200
    source = (FOLDER.parent / "pages/komponen.html").read_text()
    assert sorted(set(NAMES) - set(re.findall(r'"components/(\w+)\.html"', source))) == sorted(
        PARTS | ELSEWHERE | UNSEEN
    )


@pytest.mark.parametrize("name", NAMES)
def test_every_component_begins_with_what_it_is_for(name):
    assert (FOLDER / f"{name}.html").read_text().startswith("{# ")


class TestField:
    def test_an_error_is_tied_to_its_input(self, draw):
        html = draw("field", 'field("nama", "Nama", hint="Seperti di akta.", error="Isi nama.", value="Xi")')
        assert 'class="field is-error"' in html
        assert 'aria-describedby="nama-hint nama-error" aria-invalid="true"' in html
        assert '<label class="field-label" for="nama">Nama</label>' in html
        assert 'id="nama-error"' in html

    def test_nothing_is_described_that_is_not_there(self, draw):
        html = draw("field", 'field("nama", "Nama")')
        assert "aria-" not in html
        assert "is-error" not in html

    def test_a_date_that_cannot_be_read_stays_in_sight_as_it_was_typed(self, draw):
        html = draw("field", 'field("t", "T", type="date", value="31-02-2026", error="Februari sampai 28.")')
        assert 'value="31-02-2026"' in html
        assert 'type="date"' not in html

    @pytest.mark.parametrize("value", ["", "1998-08-17", date(1998, 8, 17)])
    def test_a_readable_date_uses_the_browsers_date_field(self, draw, value):
        html = draw("field", 'field("t", "T", type="date", value=value)', value=value)
        assert 'type="date"' in html
        assert value == "" or 'value="1998-08-17"' in html

    def test_a_day_is_repeated_in_words(self, draw):
        html = draw("field", 'field("t", "T", type="date", value=value)', value=date(1998, 8, 17))
        assert ">17 Agustus 1998</output>" in html

    @pytest.mark.parametrize("locale", ["id", "en"])
    def test_an_amount_is_written_as_it_will_be_read(self, tested_app, locale):
        source = '{% from "components/amount_field.html" import amount_field %}{{ amount_field("aset", "Aset", value=n) }}'
        with tested_app.test_request_context(f"/?lang={locale}"):
            assert 'value="−71.375.000"' in render_template_string(source, n=-71_375_000)

    def test_an_amount_that_was_typed_badly_is_kept(self, draw):
        assert 'value="1.25"' in draw(
            "amount_field", 'amount_field("aset", "Aset", value="1.25", error="Dua arti.")'
        )

    def test_an_amount_of_zero_is_not_blank(self, draw):
        html = draw("amount_field", 'amount_field("aset", "Aset", value=0)')
        assert 'value="0"' in html
        assert "nol rupiah" in html

    def test_a_password_is_never_sent_back(self, draw):
        assert "rahasia" not in draw("field", 'field("p", "Sandi", type="password", value="rahasia sekali")')

    def test_several_choices_are_one_group_with_one_name(self, draw):
        html = draw(
            "field", 'field("r", "RAT", type="radios", value="b", choices=[("a", "A"), ("b", "B", "Nanti")])'
        )
        assert html.startswith('<fieldset class="field"> <legend class="field-label">RAT</legend>')
        assert re.findall(r'id="(r[^"]*)" name="r" value="(\w)"( checked)?', html) == [
            ("r", "a", ""),
            ("r-2", "b", " checked"),
        ]

    def test_a_number_chooses_the_option_of_its_text(self, draw):
        assert '<option value="7" selected>' in draw(
            "field", 'field("s", "S", type="select", value=7, choices=[("7", "G")])'
        )

    def test_options_may_be_grouped(self, draw):
        groups = [{"group": "Klojen", "choices": [("1", "Kauman")]}]
        html = draw("field", 'field("s", "S", type="select", value="1", choices=g)', g=groups)
        assert '<optgroup label="Klojen"><option value="1" selected>Kauman</option>' in html

    def test_what_a_person_typed_is_escaped(self, draw):
        for kind in ("text", "textarea", "amount", "date", "tel"):
            html = draw("field", 'field("x", "X", type=kind, value=value)', kind=kind, value='"><script>&')
            assert "<script>" not in html

    def test_a_misspelt_keyword_is_our_mistake(self, draw):
        with pytest.raises(TypeError, match="autocomplet"):
            draw("field", 'field("x", "X", autocomplet="off")')


class Registration(FlaskForm):
    class Meta:
        csrf = False

    name = StringField("Nama", [InputRequired("Isi nama.")], description="Seperti di KTP.")
    since = DateField("Sejak", [Optional()])
    position = RadioField("Jabatan", choices=[SelectChoice("ketua", "Ketua"), SelectChoice("lain", "Lain")])
    place = SelectField("Tempat", choices=[SelectChoice("1", "Kauman", optgroup="Klojen")])
    activities = SelectMultipleField(
        "Kegiatan", choices=[SelectChoice("toko", "Toko"), SelectChoice("jasa", "Jasa")]
    )
    agreed = BooleanField("Setuju")
    password = PasswordField("Sandi")


class TestFormField:
    @pytest.fixture
    def form(self, tested_app):
        with tested_app.test_request_context(
            method="POST",
            data={
                "name": "",
                "since": "kapan-kapan",
                "position": "lain",
                "place": "1",
                "activities": ["jasa"],
                "agreed": "1",
                "password": "rahasia",
            },
        ):
            form = Registration()
            form.validate()
            yield form

    def test_label_description_and_error_come_from_the_form(self, draw, form):
        html = draw("form_field", "form_field(field)", field=form.name)
        assert "Nama</label>" in html
        assert "Seperti di KTP." in html
        assert "Isi nama." in html

    def test_what_was_typed_is_kept_though_it_is_no_date(self, draw, form):
        html = draw("form_field", "form_field(field)", field=form.since)
        assert 'value="kapan-kapan"' in html
        assert "(boleh kosong)" in html

    def test_choices_and_what_was_chosen_come_from_the_form(self, draw, form):
        assert 'value="lain" checked' in draw("form_field", "form_field(field)", field=form.position)
        assert 'value="jasa" checked' in draw("form_field", "form_field(field)", field=form.activities)
        assert 'label="Klojen"><option value="1" selected>' in draw(
            "form_field", "form_field(field)", field=form.place
        )
        assert 'value="1" checked' in draw("form_field", "form_field(field)", field=form.agreed)

    def test_keywords_win_over_the_form(self, draw, form):
        html = draw(
            "form_field",
            'form_field(field, label="Nama Anda", value="Ada", error="Lain.", autocomplete="name")',
            field=form.name,
        )
        assert "Nama Anda" in html
        assert 'value="Ada"' in html
        assert "Lain." in html
        assert 'autocomplete="name"' in html

    def test_a_password_is_not_repeated(self, draw, form):
        assert "rahasia" not in draw("form_field", "form_field(field)", field=form.password)


class TestQuestion:
    def test_last_years_answer_stands_beside_with_one_tap_to_use_it(self, draw):
        html = draw("question", 'question("aset", 22, "Aset", type="amount", last="Rp5", last_label="2024")')
        assert '<span class="last-label">2024</span> <span class="last-value">Rp5</span>' in html
        assert 'name="pakai" value="aset" formnovalidate' in html

    def test_without_last_year_there_is_nothing_to_use(self, draw):
        assert "pakai" not in draw("question", 'question("aset", 22, "Aset", type="amount")')

    def test_a_locked_question_asks_nothing(self, draw):
        html = draw(
            "question",
            'question("aset", 22, "Aset", type="amount", value="Rp7", locked=true, last="Rp5", help="Neraca")',
        )
        assert "Rp7" in html
        assert not re.search(r"<(input|button|label|details)", html)

    def test_a_warning_asks_back_without_calling_it_wrong(self, draw):
        warning = {"title": "Mengapa?", "text": "Sepuluh kali.", "fixes": [("713", "Ubah menjadi Rp713")]}
        html = draw(
            "question", 'question("aset", 22, "Aset", type="amount", value=71, warnings=[w])', w=warning
        )
        assert "is-warning" in html
        assert "aria-invalid" not in html
        assert 'name="ubah" value="aset:713" formnovalidate' in html
        assert 'name="aset_konfirmasi" value="1"' in html
        assert 'name="aset_alasan"' in html

    def test_choices_are_named_by_the_question(self, draw):
        html = draw(
            "question",
            'question("status_rat", 19, "Status RAT", type="radios", choices=[("s", "Sudah")], hint="H")',
        )
        assert (
            'role="radiogroup" aria-labelledby="status_rat-label" aria-describedby="status_rat-hint"' in html
        )
        assert 'id="status_rat-label"' in html
        assert '<label class="field-label"' not in html

    def test_the_sum_of_two_figures_names_both(self, draw):
        parts = [
            {"name": "pria", "label": "Pria", "value": 1200},
            {"name": "wanita", "label": "Wanita", "error": "Isi."},
        ]
        html = draw(
            "question_pair", 'question_pair("anggota", 15, "Anggota", parts=p, total="1.200")', p=parts
        )
        assert '<output id="anggota" for="pria wanita" data-sum>1.200</output>' in html
        assert 'value="1.200"' in html
        assert 'aria-describedby="wanita-error" aria-invalid="true"' in html


class TestMessages:
    def test_the_error_summary_leads_to_the_inputs(self, draw):
        html = draw("error_summary", 'error_summary([("aset", "Isi aset."), ("", "Muat ulang.")])')
        assert "2 isian perlu diperbaiki" in html
        assert '<li><a href="#aset">Isi aset.</a></li> <li>Muat ulang.</li>' in html
        assert 'role="alert"' in html

    def test_no_errors_no_summary(self, draw):
        assert draw("error_summary", "error_summary([])") == ""

    @pytest.mark.parametrize(
        "status",
        [
            "missing",
            "draft",
            "submitted",
            "returned",
            "approved",
            "aktif",
            "tidak_aktif",
            "bubar",
            "belum_diketahui",
            "waiting",
            "accepted",
            "refused",
        ],
    )
    def test_a_state_is_a_word_and_an_icon(self, draw, status):
        html = draw("badge", "badge(status)", status=status)
        assert '<svg class="icon" aria-hidden="true">' in html
        assert re.search(r"</svg>[A-Z][a-z ]+</span>$", html)

    def test_a_message_kept_for_the_next_page_is_shown_with_its_kind(self, tested_app):
        source = '{% from "components/flashes.html" import flashes %}{{ flashes() }}'
        with tested_app.test_request_context():
            from flask import flash

            flash("Tersimpan.", "done")
            flash(("Dikembalikan", "Lihat catatan."), "warning")
            html = render_template_string(source)
        assert 'class="flash flash-done" role="status"' in html
        assert "Dikembalikan</h2>" in html
        assert "Lihat catatan." in html


class TestLists:
    def test_a_column_says_how_it_is_sorted(self, tested_app):
        columns = [{"label": "Nama", "sort_url": "?urut=nama", "sorted": "desc"}, ("Aset", "number")]
        source = '{% from "components/table.html" import table %}{% call table(columns) %}{% endcall %}'
        with tested_app.test_request_context():
            html = render_template_string(source, columns=columns)
        assert (
            '<th scope="col" aria-sort="descending"><a class="sort" href="?urut=nama" aria-current="true">Nama'
            in html
        )
        assert '<th scope="col" class="number">Aset</th>' in html

    def test_the_ends_of_a_list_lead_nowhere(self, draw):
        html = draw("pages", 'pages("", "?after=x", "1.000+ koperasi")')
        assert 'role="link" aria-disabled="true">Sebelumnya' in html
        assert 'href="?after=x" rel="next">Berikutnya' in html

    def test_a_line_of_figures_is_spoken(self, draw):
        html = draw("spark", 'spark([("2023", 10), ("2024", none), ("2025", 1200)], id="s", title="Anggota")')
        assert '<title id="s">Anggota: 2023 10, 2025 1.200</title>' in html

    @pytest.mark.parametrize("points", [[], [("2025", 5)], [("2024", None), ("2025", 5)]])
    def test_one_figure_makes_no_line(self, draw, points):
        assert draw("spark", 'spark(points, id="s")', points=points) == ""
        assert draw("trend", 'trend(points, id="t", title="T")', points=[(*p, "x") for p in points]) == ""

    def test_equal_figures_make_a_level_line(self, draw):
        assert "L122.0 35.0" in draw("spark", 'spark([("a", 5), ("b", 5)], id="s")')

    def test_a_figure_outside_of_what_is_usual_is_flagged(self, draw):
        html = draw(
            "trend",
            'trend([("2024", 698, "698"), ("2025", 71, "71")], id="t", title="Aset", band=(614, 803))',
        )
        assert 'class="c-flag"' in html
        assert '<th scope="row">2025</th><td>71</td>' in html

    def test_a_bar_of_nothing_can_be_drawn(self, draw):
        assert 'viewBox="0 0 1 6"' in draw("bar", "bar([], 0)")

    def test_the_other_language_keeps_the_rest_of_the_address(self, tested_app):
        source = '{% from "components/language.html" import language %}{{ language() }}'
        with tested_app.test_request_context("/laporan?bagian=4&lang=id"):
            assert 'href="?bagian=4&amp;lang=en"' in render_template_string(source)
