"""Rules of the routes of a running application."""

from flask import Flask


def without_access(app: Flask) -> list[str]:
    """Endpoints whose view does not say who may enter."""
    return sorted(
        f"{rule.endpoint} ({rule.rule})"
        for rule in app.url_map.iter_rules()
        if not hasattr(app.view_functions[rule.endpoint], "access")
    )
