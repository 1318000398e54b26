"""The drawings of the demonstration's programmes are what an upload would have become."""

import io

import pytest
from PIL import Image

from app.demo import programs


@pytest.mark.parametrize("name", [name for name, _alt in programs.PICTURES.values()])
def test_a_drawing_is_light_and_has_the_size_that_its_page_reserves(name):
    kept = programs._picture(name)
    wide, high = programs.SIZE
    for content, size in ((kept.content, (wide, high)), (kept.small, (wide // 2, high // 2))):
        drawn = Image.open(io.BytesIO(content))
        assert (drawn.format, drawn.size) == ("WEBP", size)
        assert len(content) < 20_000


def test_each_drawing_belongs_to_a_programme_and_is_described():
    assert set(programs.PICTURES) <= {program["title"] for program in programs.PROGRAMS}
    assert all(len(alt) > 20 for _name, alt in programs.PICTURES.values())
