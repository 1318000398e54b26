"""The two addresses of the form that works without a network."""

from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from app.core.http import user_key
from app.core.i18n import _, say
from app.questionnaire.access import own_report
from app.questionnaire.feed import feed_address
from app.questionnaire.filling import Filling
from app.questionnaire.live import whys
from app.questionnaire.offline import BlankSection, blank_sections, files, form_data, mark_of


@own_report
def offline(filling: Filling) -> ResponseReturnValue:
    """All four sections without answers, kept by the browser as it is; script fills it in, from the office or from the phone.

    A report that is closed meanwhile still has the page: on the phone there may be answers that nobody else has.
    """
    parts = blank_sections(filling)
    return render_template(
        "questionnaire/offline.html",
        filling=filling,
        sections=parts,
        steps_now=steps_of(parts),
        sentences=sentences(),
        whys=whys(),
        files=files(),
        feed=feed_address(filling.edition),
        mark=mark_of(filling),
        person=user_key(),
    )


@own_report
def offline_data(filling: Filling) -> ResponseReturnValue:
    """What stands in the form now, and a token for whoever is signed in. Never kept by a browser as it is."""
    return {"token": generate_csrf(), **form_data(filling)}, {"Cache-Control": "no-store"}


def steps_of(parts: list[BlankSection]) -> list[dict[str, Any]]:
    """The list of sections beside the form; script counts."""
    return [
        {
            "name": say(part.section.title),
            "count": _("%(done)s dari %(all)s terjawab", done=0, all=part.total),
            "go": f"bagian-{part.section.number}",
            "state": "todo" if place else "now",
        }
        for place, part in enumerate(parts)
    ]


def sentences() -> dict[str, str]:
    """What script says, with braces where it fills something in."""
    said = {
        "kept": _("Ada jawaban yang belum sampai di kantor. Buka untuk mengirimnya."),
        "digits": _("PIN harus 6 angka."),
        "easy": _("PIN ini terlalu mudah ditebak. Pilih yang lain."),
        "differ": _("Tidak sama dengan PIN di atas. Ketik lagi."),
        "no-office": _("Formulir belum bisa diambil dari kantor. Periksa internet Anda, lalu coba lagi."),
        "no-room": _("Formulir tidak bisa disimpan di ponsel ini: ruangnya penuh, atau peramban menolak."),
        "wrong": _("PIN salah. Sisa %(left)s percobaan sebelum harus menunggu.", left="{left}"),
        "pause": _("PIN salah terlalu sering. Coba lagi pukul %(time)s.", time="{time}"),
        "one": _("Satu jawaban masih di ponsel ini saja"),
        "many": _("%(count)s jawaban masih di ponsel ini saja", count="{count}"),
        "all": _("Semua sudah sampai di kantor, %(time)s", time="{time}"),
        "empty": _("kosong"),
        "here": _("Hanya di ponsel ini, tidak ikut terkirim: %(text)s", text="{text}"),
        "count": _("%(done)s dari %(all)s terjawab", done="{done}", all="{all}"),
    }
    return {f"data-say-{name}": sentence for name, sentence in said.items()}
