"""Flask-Admin over the Django peer's own tables, so that the rows are the same. ``tests.bench.peer.flask_site:app``."""

import os
from typing import Any

from flask import Flask, Response, has_request_context, request, session
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.form import SecureForm
from flask_babel import Babel
from sqlalchemy import create_engine, event
from sqlalchemy.ext.automap import automap_base
from sqlalchemy.orm import scoped_session, sessionmaker

SECRET = "only for measuring"
engine = create_engine(f"sqlite:///{os.environ['PEER_DATABASE']}", pool_size=33, max_overflow=0)


@event.listens_for(engine, "connect")
def connect(raw: Any, _record: object) -> None:
    """As durable as the others."""
    raw.isolation_level = None
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=20000"):
        raw.execute(f"PRAGMA {pragma}")


@event.listens_for(engine, "begin")
def begin(connection: Any) -> None:
    """The driver begins nothing by itself; who comes to write takes the pen at once, or it would fail beside others."""
    writes = has_request_context() and request.method == "POST"
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


Tables = automap_base()
Tables.prepare(engine)
Cooperative, Report, User = (
    Tables.classes[name] for name in ("peer_cooperative", "peer_report", "auth_user")
)
Cooperative.__str__ = lambda row: row.nama_koperasi  # type: ignore[method-assign]
database = scoped_session(sessionmaker(engine))


class View(ModelView):
    """Only for whoever is signed in; forms have a token."""

    form_base_class = SecureForm
    page_size = 25

    def is_accessible(self) -> bool:
        return database.get(User, session.get("user", 0)) is not None


class Register(View):
    column_list = (
        "nama_koperasi",
        "nomor_badan_hukum",
        "alamat",
        "kode_kelurahan",
        "jenis_koperasi",
        "last_rat",
    )
    column_searchable_list = ("nama_koperasi",)
    column_default_sort = "nama_koperasi"


class Queue(View):
    column_list = ("peer_cooperative", "year", "status", "submitted_at", "volume_usaha", "shu")
    column_filters = ("year", "status")
    column_default_sort = "submitted_at"
    column_auto_select_related = True
    form_excluded_columns = (
        "peer_cooperative",
        "peer_reportevent_collection",
        "peer_receipt_collection",
        "version",
        "findings",
        "calm",
    )


app = Flask(__name__)
app.secret_key = SECRET
Babel(app)  # which Flask-Admin asks for where it is installed
admin = Admin(app, name="Peer")
admin.add_view(Register(Cooperative, database, endpoint="koperasi", name="Koperasi"))
admin.add_view(Queue(Report, database, endpoint="laporan", name="Laporan"))


@app.get("/halo")
def hello() -> Response:
    """A page that costs nothing."""
    return Response("halo")


@app.teardown_appcontext
def end(_error: object) -> None:
    """As Flask-SQLAlchemy does."""
    database.remove()


def cookie() -> str:
    """What a browser that is signed in sends."""
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["user"] = 1
    given = client.get_cookie("session")
    assert given is not None
    return f"session={given.value}"
