"""The editor's desk: what is due, writing, publishing, keeping current."""

from typing import Any

from flask import Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from app.audit.queries import history_of
from app.content import queries, services
from app.content.blueprint import bp
from app.content.forms import PageForm, read_expiry, read_kind, read_moment, read_number, read_wanted
from app.content.models import ContentAttachment, ContentPage
from app.content.rules import CHECKABLE, INTERVALS, KIND_NAMES, PARTS, Kind, State
from app.content.screens import TROUBLES, as_shown, line, owner_name, section_choices, upkeep
from app.core.access import Role, keeps_form, only
from app.core.database import now, today
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.i18n import say
from app.core.markdown import render
from app.core.parsing import fold_lines, fold_space
from app.core.text import N_
from app.core.writing import writing
from app.files import uploads

PAGE = "/dinas/konten/<int(max=2147483647):page_id>"
FORM, DESK = "content/edit.html", "content/desk.html"
PREVIEW, PUBLISH = "pratinjau", "terbit"


@bp.get("/dinas/konten")
@only(Role.EDITOR)
def desk() -> ResponseReturnValue:
    """The pages, what is due first."""
    wanted = read_wanted(request.args)
    page = queries.desk_list(wanted)
    return render_template(
        DESK,
        wanted=wanted,
        list=page,
        lines=[line(row) for row in page.rows],
        owner_name=owner_name,
        counts=queries.desk_counts(),
        kinds=[(kind.value, say(name)) for kind, name in KIND_NAMES.items()],
    )


@bp.get("/dinas/konten/baru")
@only(Role.EDITOR)
def new_page() -> ResponseReturnValue:
    """An empty form, once it is known what for."""
    kind = read_kind(request.args.get("jenis", ""))
    title = fold_space(request.args.get("judul", ""))[:120].capitalize()
    if kind is None:
        return render_template("content/choose.html", kinds=KIND_NAMES, title=title)
    return _form(PageForm.empty(kind, title))


@bp.post("/dinas/konten/baru")
@only(Role.EDITOR)
@keeps_form(N_("Halaman baru"))
def create_page() -> ResponseReturnValue:
    """Keep the draft, or show how it would look."""
    form = PageForm.read(request.form, read_kind(request.args.get("jenis", "")) or abort(404))
    if request.form.get("aksi") == PREVIEW:
        return _form(form, previewed=True)
    if form.problems:
        return _refused(form)
    try:
        with writing():
            page = services.create_page(form.kind, form.values, by=current_user)
            number = page.id
    except RuleBroken as no:
        return _refused(form, no)
    flash(_("Draf tersimpan. Lihat dulu, lalu terbitkan."), "done")
    return redirect(url_for(".edit", page_id=number), 303)


@bp.post("/dinas/konten/markdown")
@only(Role.EDITOR)
def markdown() -> ResponseReturnValue:
    """The words of a form as the page would show them, for the script of the form."""
    return str(render(fold_lines(request.form.get("naskah", "")), below=3))


@bp.get(PAGE)
@only(Role.EDITOR)
def edit(page_id: int) -> ResponseReturnValue:
    """One page: its texts, and how it is kept."""
    page = _found(page_id)
    return _form(PageForm.of(page), page)


@bp.post(PAGE)
@only(Role.EDITOR)
@keeps_form(N_("Halaman konten"))
def save(page_id: int) -> ResponseReturnValue:
    """Keep what was written, or show how it would look."""
    page = _found(page_id)
    form = PageForm.read(request.form, page.kind)
    if request.form.get("aksi") == PREVIEW:
        return _form(form, page, previewed=True)
    if form.problems:
        return _refused(form, page=page)
    try:
        with writing():
            page = _locked(page_id)
            changed = services.change_page(page, form.values, base_version=form.version, by=current_user)
            if request.form.get("aksi") == PUBLISH:
                services.publish(page)
    except RuleBroken as no:
        return _refused(form, no, page=_found(page_id))
    if request.form.get("aksi") == PUBLISH:
        flash(_("Halaman terbit."), "done")
    else:
        flash(_("Perubahan tersimpan.") if changed else _("Tidak ada yang berubah."), "done")
    return redirect(url_for(".edit", page_id=page_id), 303)


@bp.post(f"{PAGE}/terbit")
@only(Role.EDITOR)
def publish(page_id: int) -> ResponseReturnValue:
    """Let everybody read it, now or from a day and time on."""
    try:
        moment = read_moment(request.form.get("tanggal", ""), request.form.get("jam", ""))
        with writing():
            services.publish(_locked(page_id), at=moment)
    except RuleBroken as no:
        return _refused_aside(page_id, no)
    later = moment is not None and moment > now()
    flash(_("Halaman terjadwal.") if later else _("Halaman terbit."), "done")
    return redirect(url_for(".edit", page_id=page_id), 303)


@bp.post(f"{PAGE}/tarik")
@only(Role.EDITOR)
def withdraw(page_id: int) -> ResponseReturnValue:
    """Take it from the public."""
    try:
        with writing():
            services.withdraw(_locked(page_id))
    except RuleBroken as no:
        return _refused_aside(page_id, no)
    flash(_("Halaman ditarik. Isinya tetap tersimpan di sini."), "done")
    return redirect(url_for(".edit", page_id=page_id), 303)


@bp.post(f"{PAGE}/periksa")
@only(Role.EDITOR)
def check(page_id: int) -> ResponseReturnValue:
    """Sudah saya periksa: read today, and right."""
    with writing():
        page = _locked(page_id)
        services.mark_checked(page, by=current_user)
        title = page.title
    flash(_("%(title)s tercatat diperiksa hari ini.", title=title), "done")
    if request.form.get("kembali") == "daftar":
        wanted = read_wanted(request.form)
        return redirect(url_for(".desk", tampil=wanted.show, jenis=wanted.kind, q=wanted.q or None), 303)
    return redirect(url_for(".edit", page_id=page_id), 303)


@bp.post(f"{PAGE}/rawat")
@only(Role.EDITOR)
def keep_up(page_id: int) -> ResponseReturnValue:
    """Who keeps it, how often it is looked at, which unit answers for it."""
    chosen, every = request.form.get("pemilik", ""), read_number(request.form.get("setiap", ""))
    try:
        with writing():
            owner = {str(person.id): person for person in queries.editors()}.get(chosen)
            if chosen and owner is None:
                raise RuleBroken(N_("Pilih pegawai yang masih mengurus konten."), field="pemilik")
            unit = fold_space(request.form.get("unit", ""))[:120]
            services.keep_up(_locked(page_id), owner=owner, every=every or None, unit=unit)
    except RuleBroken as no:
        return _refused_aside(page_id, no)
    flash(_("Perawatan halaman tersimpan."), "done")
    return redirect(url_for(".edit", page_id=page_id), 303)


@bp.post(f"{PAGE}/berkas")
@only(Role.EDITOR)
def attach(page_id: int) -> ResponseReturnValue:
    """Add a form or document to download."""
    _found(page_id)
    try:
        prepared = uploads.read_document(request.files.get("berkas"), field="berkas")
        expires = read_expiry(request.form.get("sampai", ""))
        with writing():
            services.attach(
                _locked(page_id),
                prepared,
                label=fold_space(request.form.get("label", ""))[:150],
                label_en=fold_space(request.form.get("label_en", ""))[:150],
                expires_on=expires,
                by=current_user,
            )
    except RuleBroken as no:
        return _refused_aside(page_id, no)
    flash(_("Berkas ditambahkan."), "done")
    return redirect(url_for(".edit", page_id=page_id, _anchor="berkas-halaman"), 303)


@bp.post(f"{PAGE}/berkas/<int(max=2147483647):attachment_id>/hapus")
@only(Role.EDITOR)
def detach(page_id: int, attachment_id: int) -> ResponseReturnValue:
    """Take a form or document away."""
    with writing():
        page = _locked(page_id)
        attachment = db.session.get(ContentAttachment, attachment_id)
        if attachment is None or attachment.page_id != page.id:
            abort(404)
        services.detach(page, attachment)
    flash(_("Berkas dihapus."), "done")
    return redirect(url_for(".edit", page_id=page_id, _anchor="berkas-halaman"), 303)


def _found(page_id: int) -> ContentPage:
    return queries.page_by_id(page_id) or abort(404)


def _locked(page_id: int) -> ContentPage:
    return services.locked(page_id) or abort(404)


def _refused(form: PageForm, no: RuleBroken | None = None, *, page: ContentPage | None = None) -> Response:
    """The form as typed, with what is wrong. Who was overtaken sees what stands there now, and may write over it."""
    if no is not None:
        form.problems[no.field or ""] = no.text
    theirs = []
    if page is not None and isinstance(no, services.Overtaken):
        form = PageForm(form.kind, form.typed, form.values, form.problems, page.version)
        now_there = PageForm.of(page).typed
        theirs = [(name, now_there[name]) for name in form.typed if now_there[name] != form.typed[name]]
    answer = make_response(_form(form, page, theirs=theirs))
    answer.status_code = 422
    return answer


def _refused_aside(page_id: int, no: RuleBroken) -> Response:
    """The page as it is kept, with what one of the small forms beside it was refused for."""
    page = _found(page_id)
    form = PageForm.of(page)
    form.problems[no.field or ""] = no.text
    answer = make_response(_form(form, page))
    answer.status_code = 422
    return answer


def _form(
    form: PageForm,
    page: ContentPage | None = None,
    *,
    previewed: bool = False,
    theirs: list[Any] | None = None,
) -> str:
    return render_template(
        FORM,
        form=form,
        page=page,
        parts=PARTS[form.kind],
        part_names=_part_names(form.kind),
        sections=section_choices(form.kind),
        kind_name=KIND_NAMES[form.kind],
        errors={name: say(problem) for name, problem in form.problems.items()},
        theirs=theirs or [],
        field_names=_field_names(form.kind) if theirs else {},
        english_open=any(name.endswith("_en") for name in form.problems),
        preview=_preview(form, page) if previewed else None,
        is_public=page is not None and page.state is State.PUBLISHED and (page.publish_at or now()) <= now(),
        address=queries.address_of(page) if page else "",
        upkeep=upkeep(page) if page else None,
        line=line(page) if page else None,
        owner=owner_name(page) if page else "",
        editors=queries.editors() if page else [],
        intervals=INTERVALS,
        troubles=TROUBLES,
        history=history_of(services.ABOUT, page.id, limit=10) if page else [],
        is_news=form.kind is Kind.NEWS,
        typed=request.form if request.method == "POST" else {},
        today=today(),
    )


def _preview(form: PageForm, page: ContentPage | None) -> dict[str, Any]:
    """What readers would see of what was typed, in Indonesian."""
    draft = ContentPage(
        kind=form.kind, section=form.typed["section"], check_with_office=form.typed["check"], details={}
    )
    return {
        "title": form.typed["title"],
        "summary": form.typed["summary"],
        "body": render(form.typed["body"], below=4 if form.kind is Kind.SERVICE else 3),
        "shown": as_shown(draft, form.values.get("details", {})),
        "attachments": page.attachments if page else [],
    }


def _field_names(kind: Kind) -> dict[str, str]:
    """What each input of the form is called."""
    named = {"title": _("Judul"), "summary": _("Ringkasan"), "body": _("Keterangan")}
    named |= {part.code: say(part.label) for part in PARTS[kind]}
    english = {f"{name}_en": _("%(name)s (Inggris)", name=label) for name, label in named.items()}
    others = {"slug": _("Alamat"), "section": _("Kelompok"), "position": _("Urutan"), "check": _("Tanda")}
    return named | english | others


def _part_names(kind: Kind) -> list[tuple[str, str]]:
    """The parts that can be marked for asking the office, with their names."""
    names = {"body": say(N_("Keterangan"))} | {part.code: say(part.label) for part in PARTS[kind]}
    return [(code, names[code]) for code in CHECKABLE if code in names]
