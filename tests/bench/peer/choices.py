"""Lists and words of the questions, taken from the site's own data so that both show the same."""

from datetime import date

from app.questionnaire.questions import standard
from app.regions.outlines import outlines_of
from app.regions.queries import office_region


def _pairs(code: str) -> list[tuple[str, str]]:
    return [(choice, choice) for choice in standard().by_code[code].choices]


REGION = office_region("35.73")
MAP = outlines_of("35.73")
KELURAHAN = list(REGION.kelurahan.items())
GROUPED_KELURAHAN = [
    (name, list(REGION.kelurahan_of(code).items())) for code, name in REGION.kecamatan.items()
]
KECAMATAN = list(REGION.kecamatan.items())
BENTUK = _pairs("bentuk_koperasi")
JENIS = _pairs("jenis_koperasi")
KELOMPOK = _pairs("kelompok_koperasi")
STATUS_RAT = _pairs("status_rat")
STATUS = [
    ("aktif", "Aktif"),
    ("tidak_aktif", "Tidak aktif"),
    ("bubar", "Bubar"),
    ("belum_diketahui", "Belum diketahui"),
]
THIS_YEAR = date.today().year  # noqa: DTZ011
RAT = [
    *((str(THIS_YEAR - ago), str(THIS_YEAR - ago)) for ago in range(3)),
    ("lama", f"Sebelum {THIS_YEAR - 2}"),
    ("belum", "Belum ada catatan"),
]
LABELS = {question.code: question.label for question in standard().questions}
HELP = {question.code: question.help for question in standard().questions if question.help}
HINTS = {question.code: question.hint for question in standard().questions if question.hint}
NUMBERS = {question.code: question.number for question in standard().questions}
RUPIAH = {question.code for question in standard().questions if question.type == "rupiah"}
SECTIONS = [(section.number, section.title) for section in standard().sections]
SECTION_OF = {field.name: question.section for question in standard().questions for field in question.fields}
