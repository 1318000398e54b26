"""Where a page sends, by itself, what is typed into it; every answer is JSON. See static/js/save_queue.js."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict

from app.accounts.models import User
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.http import user_key
from app.core.i18n import _, say
from app.core.writing import writing
from app.questionnaire import services
from app.questionnaire.access import own_report
from app.questionnaire.answers import read_answers
from app.questionnaire.autosave import Autosaved
from app.questionnaire.filling import Filling, find_filling
from app.questionnaire.forms import read_post, read_version
from app.questionnaire.office_places import places
from app.questionnaire.saved_lines import answer_of

SAVE_ID = re.compile(r"[0-9A-Za-z_-]{16,40}")
MOST_FIELDS = 200
CHOSEN = "pilih_"


@dataclass(frozen=True)
class Sent:
    """One save: its id, the one before it if that is not acknowledged yet, the version seen, and the fields as a form posts
    them. ``whole``: they are all fields of a section. ``seen``: the version that the page shows by now."""

    save_id: str
    after: str
    form: MultiDict[str, str]
    whole: bool
    seen: int | None

    @property
    def decided(self) -> list[str]:
        """The fields whose two values the person has chosen from."""
        return self.form.getlist("bentrok")


@own_report
def autosave_token(filling: Filling) -> ResponseReturnValue:
    """A token for whoever is signed in now, and the version of the report."""
    return token_for(filling)


@own_report
def autosave(filling: Filling) -> ResponseReturnValue:
    """Keep the fields that were just changed, once; say what became of them."""
    by = _writer()

    def keep(**sent: Any) -> Autosaved:
        report = filling.report or services.start_report(filling.cooperative, year=filling.year, by=by)
        return services.autosave(report, by=by, **sent)

    def again() -> Filling | None:
        return find_filling(current_user.id, filling.slug, filling.year)

    return take_save(filling, keep=keep, again=again)


def token_for(filling: Filling) -> ResponseReturnValue:
    """See :func:`autosave_token`."""
    return {"token": generate_csrf(), "version": filling.report.version if filling.report else 0}


def take_save(
    filling: Filling, *, keep: Callable[..., Autosaved], again: Callable[[], Filling | None]
) -> ResponseReturnValue:
    """Read the save that this request brings and answer it. ``keep`` takes what :func:`services.autosave` takes, but for report
    and person; ``again`` reads the filling anew."""
    told = request.get_json(silent=True)
    sent = read_sent(told)
    if sent is None:
        return {"code": "unreadable", "sentence": _("Kiriman ini tidak terbaca. Muat ulang halaman.")}, 400
    if isinstance(told, Mapping) and told.get("person", user_key()) != user_key():
        return _not_theirs()
    posted = read_post(sent.form, filling.questionnaire, filling.last)
    reading = read_answers(filling.questionnaire, posted.typed, places())
    before = filling.findings
    try:
        with writing():
            done = keep(
                save_id=sent.save_id,
                values=reading.values,
                base_version=posted.version,
                seen_version=sent.seen,
                after=sent.after,
                whole=sent.whole,
            )
    except RuleBroken as refusal:
        return {"code": "refused", "sentence": say(refusal.text)}, 409
    filling = again() or filling
    touched = {*reading.values, *sent.decided}
    return answer_of(filling, done, posted=posted, touched=touched, before=before, decided=sent.decided)


def read_sent(told: Any) -> Sent | None:
    """What a page sent; None when it is nothing of ours."""
    if not isinstance(told, Mapping) or not isinstance(told.get("fields"), Mapping):
        return None
    save_id, after, fields = str(told.get("id", "")), str(told.get("after") or ""), told["fields"]
    texts = all(isinstance(name, str) and isinstance(text, str) for name, text in fields.items())
    if not SAVE_ID.fullmatch(save_id) or not texts or len(fields) > MOST_FIELDS or len(after) > 40:
        return None
    form = MultiDict(fields)
    form["versi"] = str(told.get("version", ""))
    for name in fields:
        if name.startswith(CHOSEN):
            form.add("bentrok", name.removeprefix(CHOSEN))
    return Sent(save_id, after, form, "bagian" in fields, read_version(str(told.get("seen", ""))))


def _writer() -> User:
    """The person signed in, taken out of the session before a write unit, which then need not read them again."""
    me: User = current_user._get_current_object()
    db.session.expunge(me)
    return me


def _not_theirs() -> ResponseReturnValue:
    said = _("Di perangkat ini sekarang orang lain yang masuk, jadi isian Anda tidak dikirim atas namanya.")
    return {"code": "other-person", "sentence": said}, 403
