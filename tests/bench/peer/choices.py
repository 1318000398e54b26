"""Lists and words of the questions, taken from the site's own data so that both show the same."""

from app.questionnaire.questions import standard
from app.regions.queries import office_region


def _pairs(code: str) -> list[tuple[str, str]]:
    return [(choice, choice) for choice in standard().by_code[code].choices]


KELURAHAN = list(office_region("35.73").kelurahan.items())
KECAMATAN = list(office_region("35.73").kecamatan.items())
BENTUK = _pairs("bentuk_koperasi")
JENIS = _pairs("jenis_koperasi")
KELOMPOK = _pairs("kelompok_koperasi")
STATUS_RAT = _pairs("status_rat")
STATUS = [("aktif", "Aktif"), ("tidak_aktif", "Tidak aktif"), ("belum_diketahui", "Belum diketahui")]
LABELS = {question.code: question.label for question in standard().questions}
HELP = {question.code: question.help for question in standard().questions if question.help}
