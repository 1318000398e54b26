"""The list to try the import with: distributed exactly as the regency publishes."""

from collections import Counter, defaultdict
from itertools import combinations

from click.testing import CliRunner

from app.core.ranking import fold
from app.core.spreadsheets import read_sheets
from app.demo import kutai_timur
from app.enterprises import duplicates
from app.enterprises.sectors import ACTIVITY_NAMES
from app.regions.queries import office_region
from app.start_up import demo


def test_every_kecamatan_has_its_published_number(tmp_path):
    out = tmp_path / "kutim.csv"
    done = CliRunner().invoke(demo, ["kutai-timur", str(out)])
    assert done.exit_code == 0, done.output
    assert "12097 UKM rekaan di 18 kecamatan" in done.output
    heading, *rows = read_sheets(out.read_bytes(), "kutim.csv")[0].rows
    place, village, name, owner = map(
        heading.index, ("Kecamatan", "Desa/Kelurahan", "Nama Usaha", "Nama Pemilik")
    )
    assert Counter(row[place] for row in rows) == kutai_timur.PUBLISHED
    assert len(rows) == sum(kutai_timur.PUBLISHED.values()) == 12_097
    here = office_region("64.08")
    assert set(kutai_timur.PUBLISHED) == set(here.kecamatan.values())
    villages = {name: set(here.kelurahan_of(code).values()) for code, name in here.kecamatan.items()}
    assert all(row[village] in villages[row[place]] for row in rows)
    assert all("Contoh" in row[name] for row in rows)
    owned = defaultdict(list)
    for row in rows:
        owned[row[owner]].append(fold(row[name]))
    alike = [
        pair for names in owned.values() for pair in combinations(names, 2) if duplicates.names_agree(*pair)
    ]
    assert alike == [], "the import would ask a person about these"


def test_a_smaller_one_has_the_same_proportions_and_words_that_the_register_knows():
    rows = list(kutai_timur.rows(300))
    assert rows == list(kutai_timur.rows(300))
    titles = [column.title for column in kutai_timur.COLUMNS]
    by_place = Counter(row[titles.index("Kecamatan")] for row in rows)
    assert by_place["Sangatta Utara"] > by_place["Sangatta Selatan"] > by_place["Kaubun"]
    assert {row[titles.index("Jenis Usaha")] for row in rows} <= set(ACTIVITY_NAMES.values())
