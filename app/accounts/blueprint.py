"""The blueprint of accounts, on which its modules of views hang their addresses."""

from flask import Blueprint, current_app, url_for

from app.core.parsing import phone_for_people

bp = Blueprint("accounts", __name__)
bp.add_app_template_filter(phone_for_people, "phone")


@bp.context_processor
def join_url() -> dict[str, str]:
    """Where people register themselves, if this site lets them: that page stands a floor higher."""
    exists = "cooperatives.join" in current_app.view_functions
    return {"join_url": url_for("cooperatives.join") if exists else ""}
