"""What the demonstration lacks and a page shows: made in the database of a running site before its pages are visited."""

from functools import partial
from unittest.mock import patch

from sqlalchemy import select

from app.accounts.links import issue_link
from app.accounts.models import Purpose
from app.accounts.services import create_user
from app.core.access import Role
from app.core.writing import writing
from app.enterprises.clusters import engine, running, services
from app.enterprises.clusters.rules import Options
from app.enterprises.clusters.rules import Origin as RunOrigin
from app.enterprises.links import make_link
from app.enterprises.models import Enterprise, EnterpriseOwner
from app.intake import planning
from app.intake.lists import COOPERATIVE, ENTERPRISE, ListOf
from app.intake.models import ImportJob
from app.intake.rules import YearIs
from app.intake.services import carry_out, receive, settle_columns
from tests.support.grouping import in_process, known
from tests.support.visits import Examples

COOPERATIVES = "Nama Koperasi;No Badan Hukum;Kelurahan\nKoperasi Coba Rekaan;518/009/BH/CONTOH/2020;Dinoyo\n"
ENTERPRISES = (
    "Nama Usaha,Produk,Kelurahan,Kecamatan,Lat,Long,Telepon,Alamat\n"
    "Toko Rekaan Lurus,Kue,Purwantro,Blimbing,-7.95,112.65,081255507781,Jl. Rekaan 1\n"
    "Toko Rekaan Geser,Kue, roti,Purwantoro,Blimbing,-7.95,112.65,081255507782\n"
)
UNNAMED = "Nama Usaha,Produk,Kelurahan,Kecamatan\n,Kue lumpur rekaan,Purwantoro,Blimbing\n"


def make() -> Examples:
    """An invitation, a link of an owner, two files that wait to be imported, one that brought a draft without a name, and one
    grouping of the UKM."""
    with writing() as session:
        invited = create_user(name="Undangan Rekaan", phone="+6281255507777", roles=[Role.EDITOR])
        token = issue_link(invited, purpose=Purpose.INVITE).token
        owned = session.scalars(
            select(Enterprise).join(EnterpriseOwner).order_by(Enterprise.id).limit(1)
        ).one()
        link = make_link(owned)
        run_id = services.request_run(Options(), origin=RunOrigin.COMMAND).id
    for name, rows, kind in (("contoh.csv", COOPERATIVES, COOPERATIVE), ("ukm.csv", ENTERPRISES, ENTERPRISE)):
        _upload(name, rows, kind)
    unnamed = _upload("tanpa-nama.csv", UNNAMED, ENTERPRISE)
    with writing() as session:
        carry_out(session.get_one(ImportJob, unnamed), by=None)
    with patch.object(engine, "group", partial(known, by="kecamatan")):
        running.execute(run_id, in_process)
    return Examples(token, link)


def _upload(filename: str, rows: str, kind: ListOf) -> int:
    """The number of a list that was read and compared with the register, and waits for a person."""
    opened = planning.open_file(rows.encode(), filename, kind)
    with writing():
        job = receive(filename=filename, content=opened.content, chosen=opened.chosen, by=None, kind=kind)
        settle_columns(job, columns=opened.chosen.mapping.fields, year_is=YearIs.BOOK)
    planning.start_plan(job, rows=rows.count("\n") - 1)
    return job.id
