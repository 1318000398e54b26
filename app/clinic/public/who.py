"""The form of a time that is held: who comes, and with what question."""

from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue

from app.accounts.answers import me, page
from app.clinic import timetable
from app.clinic.models import ClinicBooking
from app.clinic.public import screens
from app.clinic.public.about import ABOUT_LINES
from app.clinic.public.forms import Problems, VisitorForm
from app.clinic.public.recovery_routes import gone
from app.clinic.rules import CHANNEL_NAMES
from app.cooperatives.queries import region
from app.core.i18n import say
from app.enterprises import parties


def who_page(
    found: ClinicBooking | None, token: str, form: VisitorForm, problems: Problems | None = None
) -> ResponseReturnValue:
    """The form as it was typed, for the hold with this token."""
    if found is None:
        return gone()
    slot = timetable.slot_at(found.slot_key)
    return page(
        "clinic/public/who.html",
        problems=problems,
        booking=found,
        token=token,
        typed=form.typed,
        shown=screens.shown(found, with_place=slot is None or len(slot.channels) == 1),
        is_held=found.is_live,
        ways=[(way.value, say(CHANNEL_NAMES[way])) for way in slot.channels] if slot else [],
        own=[(parties.key_of(one), parties.name_of(one)) for one in parties.acted_for(me())],
        places=list(region().kecamatan.items()),
        again_url=url_for(".book", topik=found.topic.value, _anchor="waktu", **_about(form)),
    )


def _about(form: VisitorForm) -> dict[str, Any]:
    return {name: form.typed[name] or None for name in ABOUT_LINES}
