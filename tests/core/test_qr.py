"""QR codes as modules and as SVG."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.qr import QUIET_ZONE, dark_runs, qr_matrix, qr_svg

URL = "https://kota.example/verifikasi/SMP-4F7K-92QX"
SVG = "{http://www.w3.org/2000/svg}"
FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]


def corner(matrix, top, left):
    return ["".join(str(int(module)) for module in row[left : left + 7]) for row in matrix[top : top + 7]]


def test_a_code_is_a_square_with_its_three_finders():
    matrix = qr_matrix(URL)
    side = len(matrix)
    assert all(len(row) == side for row in matrix)
    assert corner(matrix, 0, 0) == corner(matrix, 0, side - 7) == corner(matrix, side - 7, 0) == FINDER


@given(st.text(min_size=1, max_size=120))
def test_the_drawn_lines_are_exactly_the_dark_modules(text):
    matrix = qr_matrix(text)
    drawn = {(x + step, y) for x, y, length in dark_runs(matrix) for step in range(length)}
    assert drawn == {(x, y) for y, row in enumerate(matrix) for x, dark in enumerate(row) if dark}


def test_the_svg_draws_the_same_modules_inside_its_quiet_zone():
    matrix, svg = qr_matrix(URL), ElementTree.fromstring(qr_svg(URL, "Kode QR"))  # noqa: S314 - our own
    lines = re.findall(r"M(\d+) (\d+)\.5h(\d+)", svg.find(f"{SVG}path[@class='qr-dark']").get("d"))
    assert [(int(x) - QUIET_ZONE, int(y) - QUIET_ZONE, int(n)) for x, y, n in lines] == dark_runs(matrix)
    side = len(matrix) + 2 * QUIET_ZONE
    assert svg.get("viewBox") == f"0 0 {side} {side}"


def test_the_svg_has_a_spoken_title_and_nothing_that_the_content_policy_forbids():
    svg = qr_svg(URL, 'Kode <b>"QR"</b>')
    assert "<title>Kode &lt;b&gt;&quot;QR&quot;&lt;/b&gt;</title>" in svg
    assert 'role="img"' in svg
    assert "style" not in svg
    assert "<script" not in svg
    assert not re.search(r"<svg[^>]* (width|height)=", svg)


def test_the_same_address_gives_the_same_code_and_another_address_another():
    assert qr_svg(URL, "x") == qr_svg(URL, "x")
    assert qr_matrix(URL) != qr_matrix(URL + "Z")


def test_an_address_that_no_code_can_hold_is_refused():
    with pytest.raises(ValueError, match="too large"):
        qr_matrix("x" * 3000)
