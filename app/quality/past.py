"""What is odd against a cooperative's own past and stands in earlier years than last year, which the row checks know."""

from app.quality.features import Answers, Case, figure

MONEY = ("modal_sendiri", "modal_luar", "aset", "volume_usaha", "shu")
LEAST_EQUAL = 3


def copied_from(case: Case, last_year: int) -> int | None:
    """The year before ``last_year`` whose figures in rupiah stand here again, every one of them; None when there is none."""
    for year, answers in case.earlier:
        if year < last_year and _same_figures(case, answers):
            return year
    return None


def _same_figures(case: Case, then: Answers) -> bool:
    known = [code for code in MONEY if figure(case.answers, code) and code in then]
    same = [code for code in known if figure(case.answers, code) == figure(then, code)]
    return len(same) >= LEAST_EQUAL and same == known
