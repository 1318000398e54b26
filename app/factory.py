"""The composition root: with cli and demo the only module that knows every feature."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import StrictUndefined

from app import cli, navigation
from app.accounts import queries as accounts
from app.accounts import seen
from app.accounts.routes import bp as accounts_bp
from app.audit import services as audit
from app.audit.routes import bp as audit_bp
from app.clinic.routes import bp as clinic_bp
from app.content.routes import bp as content_bp
from app.cooperatives.routes import bp as cooperatives_bp
from app.core import caching, error_pages, formatting, http, i18n, icons, logs, sharing
from app.core.addresses import Site
from app.core.assets import Assets
from app.core.config import flask_config, instance_folder
from app.core.extensions import babel, compress, csrf, db, limiter, login_manager, migrate
from app.core.office import office
from app.core.paging import count_text
from app.core.sessions import Sessions
from app.core.templating import QuickEnvironment, sentence
from app.core.writing import guard_writes, prepare
from app.desk.routes import bp as desk_bp
from app.desk.routes import staff_bp as requests_bp
from app.enterprises.clusters.routes import bp as clusters_bp
from app.enterprises.routes import bp as enterprises_bp
from app.files.routes import bp as files_bp
from app.insights import services as visits
from app.insights.routes import bp as insights_bp
from app.intake.draft_routes import bp as enterprise_intake_bp
from app.intake.routes import bp as intake_bp
from app.opendata.routes import bp as opendata_bp
from app.operations import counting, jobs, scheduler
from app.operations.backup import before
from app.operations.routes import bp as operations_bp
from app.pages.routes import bp as pages_bp
from app.programs.applicants_routes import bp as applicants_bp
from app.programs.application_routes import bp as applications_bp
from app.programs.desk_routes import bp as program_desk_bp
from app.programs.link_routes import bp as link_applications_bp
from app.programs.routes import bp as programs_bp
from app.programs.targeting_routes import bp as targeting_bp
from app.questionnaire.assisted_routes import bp as helping_bp
from app.questionnaire.confirm_routes import bp as confirming_bp
from app.questionnaire.edition_section_routes import bp as editions_bp
from app.questionnaire.practice_routes import bp as practice_bp
from app.questionnaire.routes import bp as questionnaire_bp
from app.questionnaire.signature_routes import bp as signing_bp
from app.regions.queries import office_region
from app.review.clean_routes import bp as clean_bp
from app.review.ods_routes import bp as ods_bp
from app.review.outreach_routes import bp as outreach_bp
from app.review.routes import bp as review_bp
from app.review.year_routes import bp as year_bp

HERE = Path(__file__).parent
FEATURES = (
    accounts_bp,
    audit_bp,
    files_bp,
    content_bp,
    cooperatives_bp,
    enterprises_bp,
    clusters_bp,
    questionnaire_bp,
    helping_bp,
    confirming_bp,
    signing_bp,
    practice_bp,
    editions_bp,
    clinic_bp,
    desk_bp,
    requests_bp,
    intake_bp,
    enterprise_intake_bp,
    programs_bp,
    program_desk_bp,
    targeting_bp,
    applicants_bp,
    applications_bp,
    link_applications_bp,
    review_bp,
    clean_bp,
    year_bp,
    outreach_bp,
    ods_bp,
    operations_bp,
    insights_bp,
    opendata_bp,
    pages_bp,
)


def create_app(overrides: Mapping[str, Any] | None = None) -> Flask:
    """The site. ``overrides`` replace settings by name; ``INSTANCE`` names another folder for this installation's data."""
    overrides = dict(overrides or {})
    folder = Path(overrides.pop("INSTANCE", "") or instance_folder())
    folder.mkdir(parents=True, exist_ok=True)
    logs.configure()
    app = Site(__name__, instance_path=str(folder), static_folder=None)
    app.jinja_environment = QuickEnvironment
    app.session_interface = Sessions()
    app.config.from_mapping(flask_config(folder, overrides))
    app.config["OFFICE_CITY"] = office_region(app.config["REGION"]).name
    app.before_request(http.before)  # first of all: also what is refused for its token has a number
    app.before_request(i18n.remember_language)
    bind_extensions(app)
    prepare_templates(app)
    for feature in FEATURES:
        app.register_blueprint(feature)
    for command in cli.COMMANDS:
        app.cli.add_command(command)
    app.after_request(http.after)
    error_pages.register(app)
    scheduler.register(app, jobs.JOBS)
    visits.watch(app)
    scheduler.every_minute(app, visits.flush)
    counting.watch(app)
    scheduler.every_minute(app, counting.flush)
    before.register(app)
    scheduler.every_minute(app, seen.flush)
    app.wsgi_app = caching.AtTheDoor(app.wsgi_app, app)  # type: ignore[method-assign]
    if app.config["PROXY"]:
        app.wsgi_app = http.Proxied(app.wsgi_app, str(app.config["PROXY"]))  # type: ignore[method-assign]
    app.wsgi_app = http.LengthRequired(app.wsgi_app)  # type: ignore[method-assign]
    return app


def bind_extensions(app: Flask) -> None:
    """Give each extension its application, and the database its write unit and trail."""
    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    guard_writes()
    audit.watch()
    caching.watch()
    migrate.init_app(app, db, directory=str(HERE.parent / "migrations"))
    login_manager.init_app(app)
    login_manager.user_loader(accounts.load_user)
    csrf.init_app(app)
    babel.init_app(app, locale_selector=i18n.choose_locale, timezone_selector=lambda: app.config["TIMEZONE"])
    compress.init_app(app)
    limiter.init_app(app)


def prepare_templates(app: Flask) -> None:
    """Fail on undefined names; give templates the formats, menus and assets they share."""
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.do")
    app.jinja_env.policies["ext.i18n.trimmed"] = True
    install = app.jinja_env.install_gettext_callables  # type: ignore[attr-defined]
    install(i18n.lookup, i18n.lookup_plural, newstyle=True)
    for shown in formatting.FILTERS:
        app.jinja_env.filters[shown.__name__] = shown
    app.jinja_env.filters["say"] = i18n.say
    app.jinja_env.filters["counted"] = lambda count: i18n.say(count_text(count))
    app.jinja_env.filters["waiting_behind"] = navigation.waiting_behind
    assets = Assets(HERE / "static")
    http.serve_assets(app, assets)
    app.jinja_env.globals.update(
        _=sentence,
        asset=assets,
        locale=i18n.locale,
        request_id=i18n.request_id,
        user_key=http.user_key,
        icon=icons.icon,
        icon_sprite=icons.icon_sprite,
        waiting_behind=navigation.waiting_behind,
        unread_messages=accounts.unread_messages,
        public_address=sharing.public_address,
        known_page=sharing.known_page,
    )
    app.context_processor(navigation.menus)
    app.context_processor(lambda: {"office": office()})
