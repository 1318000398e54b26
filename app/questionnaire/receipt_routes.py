"""The receipt as a file, and the public page that says whether it is genuine."""

from flask import abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from app.cooperatives.models import Cooperative
from app.core.access import public
from app.core.downloads import file_response
from app.core.extensions import limiter
from app.core.parsing import fold_space
from app.questionnaire import queries, receipts
from app.questionnaire.access import member_or_operator
from app.questionnaire.rules import read_receipt_code

PACE = "60 per minute; 600 per hour"  # an office or a village shares one address; the codes have 17 thousand million


@member_or_operator
def receipt(cooperative: Cooperative, year: int) -> ResponseReturnValue:
    """The current receipt, or with ``?kode=`` an older one."""
    report = queries.report_of(cooperative, year) or abort(404)
    found = queries.receipts_of([report.id])[report.id]
    if typed := request.args.get("kode", ""):
        code = read_receipt_code(typed)
        found = [one for one in found if one.code == code]
    if not found:
        abort(404)
    name = f"bukti-{cooperative.slug}-{year}.pdf"
    return file_response(receipts.pdf(found[0]), name, "application/pdf")


@public
@limiter.limit(PACE)
def verify_form() -> ResponseReturnValue:
    """Where a code is typed; ``?kode=`` leads on to what it stands for."""
    typed = fold_space(request.args.get("kode", ""))[:60].replace("/", " ")
    if typed:
        return redirect(url_for(".verify", kode=read_receipt_code(typed) or typed))
    return _hidden(render_template("questionnaire/verify.html", found=None, typed=""))


@public
@limiter.limit(PACE)
def verify(kode: str) -> ResponseReturnValue:
    """What a code stands for: cooperative, year, time and digest, and whether it still counts. Nothing private."""
    found = receipts.verify(fold_space(kode)[:60])
    status = 404 if found.verdict in {receipts.Verdict.UNKNOWN, receipts.Verdict.MISTYPED} else 200
    return _hidden(render_template("questionnaire/verify.html", found=found, typed=found.code), status)


def _hidden(page: str, status: int = 200) -> ResponseReturnValue:
    """Search engines must not collect what papers say."""
    answer = make_response(page, status)
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer
