"""What a visitor takes home from a service page fits on one sheet."""

import re

import pytest

from app.content import seeds
from tests.support.browser import DESK

SERVICES = [seed for _name, seed in seeds.seeds() if seed["kind"] == "service"]
LONGEST = sorted(
    SERVICES,
    key=lambda seed: len(
        str([seed["id"][part] for part in ("who", "requirements", "steps", "time", "cost")])
    ),
)


@pytest.mark.usefixtures("demo_site")
def test_the_longest_checklists_of_services_print_on_one_page(open_page):
    page = open_page(DESK)
    for seed in LONGEST[-3:]:
        page.goto(f"/layanan/{seed['slug']}")
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format="A4"))) == 1, seed["slug"]
