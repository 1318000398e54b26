"""The desk's addresses of a programme's picture and attachments."""

from flask import Response, abort, flash, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.access import Role, only
from app.core.errors import RuleBroken
from app.core.i18n import _
from app.core.parsing import fold_space
from app.core.writing import writing
from app.files import uploads
from app.files.queries import file_by_token, files_about
from app.programs import services
from app.programs.desk import ONE, bp, found_or_404, to_page, told
from app.programs.models import Program
from app.programs.screens import attachment

LONGEST_ALT = 200


@bp.get(f"{ONE}/berkas")
@only(Role.EDITOR)
def files(program_id: int) -> ResponseReturnValue:
    """Its picture and attachments."""
    return _files(found_or_404(program_id))


@bp.post(f"{ONE}/berkas")
@only(Role.EDITOR)
def upload(program_id: int) -> ResponseReturnValue:
    """Keep a picture (``gambar``) or an attachment (``berkas``); what is not plainly one of them is refused."""
    program = found_or_404(program_id)
    alt = fold_space(request.form.get("keterangan", ""))[:LONGEST_ALT]
    try:
        if "simpan_keterangan" in request.form:
            prepared = None
        elif "gambar" in request.files:
            prepared = uploads.read_picture(request.files["gambar"], field="gambar")
        else:
            prepared = uploads.read_document(request.files.get("berkas"), field="berkas")
        with writing():
            if prepared is not None:
                services.add_file(program, prepared, by=current_user)
            if "keterangan" in request.form:
                services.describe_picture(program, alt, by=current_user)
    except RuleBroken as no:
        return _files(program, no)
    flash(_("Tersimpan."), "done")
    return to_page(".files", program)


@bp.post(f"{ONE}/berkas/<string(length=22):token>/hapus")
@only(Role.EDITOR)
def remove_file(program_id: int, token: str) -> ResponseReturnValue:
    """Take a file away."""
    program = found_or_404(program_id)
    with writing():
        stored = file_by_token(token)
        if stored is None or (stored.about_kind, stored.about_id) != (services.KIND, program.id):
            abort(404)
        services.remove_file(program, stored, by=current_user)
    flash(_("Berkas dihapus."), "done")
    return to_page(".files", program)


def _files(program: Program, no: RuleBroken | None = None) -> Response:
    every = files_about(services.KIND, program.id)
    drawn = render_template(
        "programs/desk/files.html",
        program=program,
        picture=next((one for one in every if one.is_picture), None),
        attachments=[attachment(one) for one in every if not one.is_picture],
        errors=told(no),
        alt=request.form.get("keterangan", program.picture_alt),
    )
    return make_response(drawn, 422 if no else 200)
