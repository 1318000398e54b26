"""Equal rows for the site and the peer: the same cooperatives, two years of reports, drafts that are ready to submit."""

import json
import os
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import time_machine

from tests.support.answers import sound

COOPERATIVES = int(os.environ.get("BENCH_COOPERATIVES", "760"))
ENTERPRISES = int(os.environ.get("BENCH_ENTERPRISES", "12097"))
YEAR = date.today().year - 1  # noqa: DTZ011 - the book year that is open, on the clock of the servers
WORDS = (
    "Melati",
    "Kenanga",
    "Cempaka",
    "Dahlia",
    "Anggrek",
    "Flamboyan",
    "Teratai",
    "Kamboja",
    "Seruni",
    "Wijaya",
)
POINTS = "points.json"
EMAIL, PASSWORD = "ukur@uji.example", "kata-sandi-ukur-1"


def name_of(number: int) -> str:
    """A name as long as real ones are."""
    return f"Koperasi Konsumen {WORDS[number % 10]} {WORDS[number // 10 % 10]} Uji {number}"


def answers_of(number: int, year: int) -> dict[str, Any]:
    """The answers of cooperative ``number``; figures differ from year to year by a few percent."""
    growth = year - YEAR
    return sound(
        nama_koperasi=name_of(number),
        nomor_badan_hukum=f"518/{number:04}/BH/UJI/2001",
        tanggal_rat=f"{year + 1}-01-01",
        modal_sendiri=400_000_000 + growth * 9_000_000 + number * 1_000,
        aset=500_000_000 + growth * 9_000_000 + number * 1_000,
    )


def numbers() -> Iterator[int]:
    """From 1 on, one for each cooperative."""
    return iter(range(1, COOPERATIVES + 1))


def fill_site(folder: Path) -> None:
    """All rows into the site's database in ``folder``, through its own services where an answer is saved; the points of its
    UKM also into ``points.json`` there, for the peer."""
    from flask_migrate import stamp

    from app.accounts.models import User, UserRole
    from app.accounts.services import hash_password
    from app.cooperatives.models import Cooperative, Membership, MembershipState
    from app.core.access import Role
    from app.core.database import today
    from app.core.extensions import db
    from app.core.search import fold
    from app.core.writing import writing
    from app.enterprises.models import Enterprise
    from app.factory import create_app
    from app.questionnaire import services
    from tests.bench.directory import fill

    app = create_app({"INSTANCE": str(folder), "SCHEDULER": "0"})
    with app.app_context():
        db.create_all()
        stamp()
        with writing():
            services.ensure_editions(today())
        fill(ENTERPRISES)
        columns = (Enterprise.name, Enterprise.kode_kelurahan, Enterprise.latitude, Enterprise.longitude)
        rows = [list(row) for row in db.session.execute(db.select(*columns).order_by(Enterprise.id))]
        (folder / POINTS).write_text(json.dumps(rows))
        hashed = hash_password(PASSWORD)
        with writing() as session:
            user = User(name="Orang Ukur", email=EMAIL, password_hash=hashed)
            user.role_rows = [UserRole(role=Role.COOPERATIVE), UserRole(role=Role.OPERATOR)]
            session.add(user)
            session.flush()
            for number in numbers():
                name = name_of(number)
                cooperative = Cooperative(
                    slug=f"kop-{number}",
                    region="35.73",
                    name_key=fold(name),
                    search_text=fold(name),
                    last_rat=date(YEAR + 1, 1, 2),
                    **{
                        code: value
                        for code, value in answers_of(number, YEAR).items()
                        if hasattr(Cooperative, code) and not code.startswith("tanggal")
                    },
                )
                session.add(cooperative)
                session.flush()
                session.add(
                    Membership(
                        user_id=user.id,
                        cooperative_id=cooperative.id,
                        position="Ketua",
                        state=MembershipState.ACTIVE,
                    )
                )
        for year in (YEAR - 1, YEAR):
            with time_machine.travel(datetime(year + 1, 1, 5, 2, tzinfo=UTC)), writing() as session:
                by = db.session.scalars(db.select(User)).one()
                for cooperative in session.scalars(db.select(Cooperative).order_by(Cooperative.id)):
                    report = services.start_report(cooperative, year=year, by=by)
                    number = int(cooperative.slug.removeprefix("kop-"))
                    services.save_answers(
                        report, values=answers_of(number, year), base_version=report.version, by=by
                    )
                    if year < YEAR:
                        services.submit(report, by=by, declared_name="Ketua Uji", declared_position="Ketua")


def fill_peer() -> None:
    """The same rows into the peer's database (``PEER_DATABASE``), and a session whose key is printed."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.bench.peer.admin_settings"
    import django

    django.setup()
    from django.contrib.auth import SESSION_KEY
    from django.contrib.auth.models import Group, User
    from django.contrib.sessions.backends.db import SessionStore
    from django.core.management import call_command
    from django.db import transaction

    from tests.bench.peer.models import Business, Cooperative, Report, ReportEvent

    call_command("migrate", run_syncdb=True, verbosity=0)
    fields = {field.name for field in Report._meta.get_fields()}
    with transaction.atomic():
        user = User.objects.create_superuser("ukur", EMAIL, PASSWORD)
        user.groups.set(Group.objects.create(name=name) for name in ("cooperative", "operator"))
        for number in numbers():
            answers = answers_of(number, YEAR)
            cooperative = Cooperative.objects.create(
                slug=f"kop-{number}",
                nama_koperasi=answers["nama_koperasi"],
                nomor_badan_hukum=answers["nomor_badan_hukum"],
                alamat=answers["alamat"],
                kode_kelurahan=answers["kode_kelurahan"],
                kode_kecamatan=answers["kode_kecamatan"],
                nik_koperasi=answers["nik_koperasi"],
                bentuk_koperasi=answers["bentuk_koperasi"],
                jenis_koperasi=answers["jenis_koperasi"],
                kelompok_koperasi=answers["kelompok_koperasi"],
                last_rat=date(YEAR + 1, 1, 2),
                last_report_year=YEAR - 1,
            )
            cooperative.members.add(user)
            for year in (YEAR - 1, YEAR):
                given = {code: value for code, value in answers_of(number, year).items() if code in fields}
                status = Report.DRAFT if year == YEAR else Report.SUBMITTED
                report = Report.objects.create(cooperative=cooperative, year=year, status=status, **given)
                ReportEvent.objects.create(report=report, actor=user, answers={})
        rows = json.loads(Path(os.environ["PEER_POINTS"]).read_text())
        names = ("name", "kode_kelurahan", "latitude", "longitude")
        Business.objects.bulk_create(Business(**dict(zip(names, row, strict=True))) for row in rows)
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
        session["_auth_user_hash"] = user.get_session_auth_hash()
        session.save()
    print(session.session_key)


if __name__ == "__main__":
    if sys.argv[1] == "site":
        fill_site(Path(sys.argv[2]))
    else:
        fill_peer()
