"""The queue of requests over every channel, and how long each service may take."""

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from app.core.access import Role, only
from app.core.i18n import _, choices, say
from app.core.paging import count_text, count_up_to
from app.core.parsing import fold_space
from app.core.writing import writing
from app.desk import handling, queries, rules, screens
from app.desk.forms import read_id
from app.desk.queries import Wanted
from app.desk.rules import Channel, Kind, Outcome
from app.desk.staff_blueprint import bp


@bp.get("")
@only(Role.OPERATOR)
def queue() -> ResponseReturnValue:
    """What is open, what is due first on top."""
    wanted = _wanted()
    found = queries.queue(wanted, person=current_user)
    address = {name: value for name, value in _address(wanted).items() if value}
    return render_template(
        "desk/queue.html",
        page=found,
        wanted=wanted,
        address=address,
        standing=queries.standing(),
        count=count_text(count_up_to(queries.queue_query(wanted, person=current_user))),
        channels=choices(rules.CHANNEL_NAMES),
        kinds=choices(rules.KIND_NAMES),
        outcomes=choices(rules.OUTCOME_NAMES[Kind.INFORMATION]),
        services=[(one.slug, one.title) for one in queries.offered()],
        operators=[(str(one.id), one.name) for one in queries.operators()],
        active=_chips(wanted, address),
        screens=screens,
        names=rules.CHANNEL_NAMES,
    )


STATES = ("baru", "saya", "dikerjakan", "lewat", "kabar", "tutup", *Outcome)


def _wanted() -> Wanted:
    args = request.args
    state = args.get("keadaan", "")
    return Wanted(
        q=fold_space(args.get("q", ""))[:100],
        state=state if state in STATES else "",
        kind=args.get("jenis", "") if args.get("jenis") in set(Kind) else "",
        channel=args.get("saluran", "") if args.get("saluran") in set(Channel) else "",
        service=args.get("layanan", "")[:120].replace("\x00", ""),
        assignee=str(read_id(args.get("petugas", "")) or ""),
    )


def _address(wanted: Wanted) -> dict[str, str]:
    return {
        "q": wanted.q,
        "keadaan": wanted.state,
        "jenis": wanted.kind,
        "saluran": wanted.channel,
        "layanan": wanted.service,
        "petugas": wanted.assignee,
    }


def _chips(wanted: Wanted, address: dict[str, str]) -> list[tuple[str, str]]:
    """Each filter in force, in words, with the address without it."""
    said = {
        "q": wanted.q and f"“{wanted.q}”",
        "jenis": wanted.kind and say(rules.KIND_NAMES[Kind(wanted.kind)]),
        "saluran": wanted.channel and say(rules.CHANNEL_NAMES[Channel(wanted.channel)]),
        "layanan": wanted.service,
        "petugas": wanted.assignee
        and next(
            (one.name for one in queries.operators() if str(one.id) == wanted.assignee), wanted.assignee
        ),
    }
    return [
        (text, url_for(".queue", **{key: value for key, value in address.items() if key != name}))  # type: ignore[arg-type]
        for name, text in said.items()
        if text
    ]


@bp.get("/batas")
@only(Role.OPERATOR)
def terms() -> ResponseReturnValue:
    """In how many working days each service is answered."""
    return _terms()


@bp.post("/batas")
@only(Role.OPERATOR)
def set_terms() -> ResponseReturnValue:
    """Keep the numbers; an empty one means the office's usual number."""
    typed = {one.slug: fold_space(request.form.get(f"hari-{one.slug}", ""))[:10] for one in queries.offered()}
    read = {slug: read_id(text) for slug, text in typed.items()}
    wrong = [slug for slug, text in typed.items() if text and not 1 <= (read[slug] or 0) <= 250]
    if wrong:
        return _terms(typed, wrong)
    with writing():
        for slug, days in read.items():
            handling.set_term(slug, days)
    flash(_("Batas layanan tersimpan. Berlaku untuk permohonan berikutnya."), "done")
    return redirect(url_for(".terms"), 303)


def _terms(typed: dict[str, str] | None = None, wrong: list[str] | None = None) -> ResponseReturnValue:
    known = queries.terms()
    shown = typed or {one.slug: str(known.get(one.slug, "")) for one in queries.offered()}
    answer = render_template(
        "desk/terms.html",
        services=queries.offered(),
        typed=shown,
        wrong=wrong or [],
        usual=queries.days_for(Kind.SERVICE, ""),
    )
    return (answer, 422) if wrong else answer
