"""The editors' desk: from draft to withdrawal, with nothing lost on the way."""

import io
import re
from datetime import timedelta

import pytest
from PIL import Image

from app.audit.models import TrailEntry
from app.core.access import Role
from app.core.database import now
from app.core.extensions import db
from app.files.queries import files_about
from app.programs.models import Program
from app.programs.rules import State
from app.programs.signals import published
from tests.support.queries import count_queries

DAY = timedelta(days=1)
FILLED = {
    "judul": "Pelatihan foto produk",
    "jenis": "training",
    "ringkasan": "Belajar memotret dengan ponsel.",
    "naskah": "## Acara\n\n- satu\n  - dua",
    "untuk": ["enterprise", "cooperative"],
    "kecamatan": ["35.73.01"],
    "biaya": "Gratis",
    "kuota": "1.250",
    "pendaftaran": "1",
    "syarat": "- NIB\nFoto KTP: JPG atau PDF",
    "batas": "14-03-2031",
    "mulai": "2031-03-20",
    "mulai_jam": "08.00",
    "selesai": "2031-03-20",
    "selesai_jam": "12",
    "tempat": "Aula Contoh",
    "alamat": "Jalan Rekaan 1",
    "peta": "",
    "kontak_nama": "Bu Contoh",
    "kontak_telepon": "0812-0000-0000",
    "kontak_surel": "contoh@dinas.example",
}


def the_program() -> Program:
    return db.session.scalars(db.select(Program).execution_options(populate_existing=True)).one()


def actions() -> list[str]:
    return list(db.session.scalars(db.select(TrailEntry.action).order_by(TrailEntry.id)))


def asal(page: str) -> str:
    return re.search(r'name="asal" value="(\w*)"', page)[1]


def test_an_editor_writes_a_draft_that_nobody_else_reads_yet(desk, client):
    answer = desk.post("/dinas/program/baru", data=FILLED)
    program = the_program()
    assert answer.headers["Location"] == f"/dinas/program/{program.id}"
    assert (program.slug, program.state) == ("pelatihan-foto-produk", State.DRAFT)
    assert (program.quota, program.takes_applications, program.audience) == (
        1250,
        True,
        ["cooperative", "enterprise"],
    )
    assert program.requirements == [{"text": "NIB", "note": ""}, {"text": "Foto KTP", "note": "JPG atau PDF"}]
    assert program.body == "## Acara\n\n- satu\n  - dua"
    assert program.contact_phone == "+6281200000000"
    assert [
        when.isoformat(timespec="minutes") for when in (program.deadline, program.starts_at, program.ends_at)
    ] == [
        "2031-03-14T16:59+00:00",
        "2031-03-20T01:00+00:00",
        "2031-03-20T05:00+00:00",
    ]
    assert program.closes_at == program.deadline
    assert client.get("/program/pelatihan-foto-produk").status_code == 404
    assert actions() == ["program.created"]


def test_what_was_typed_comes_back_as_it_was_with_what_is_wrong_beside_it(desk):
    wrong = FILLED | {
        "judul": "",
        "jenis": "sihir",
        "kuota": "0",
        "batas": "31-02-2031",
        "mulai": "",
        "selesai_jam": "25.00",
        "peta": "javascript:alert(1)",
        "kontak_telepon": "12",
        "kontak_surel": "bukan surel",
    }
    answer = desk.post("/dinas/program/baru", data=wrong)
    assert answer.status_code == 422
    for name in (
        "judul",
        "jenis",
        "kuota",
        "batas",
        "mulai",
        "selesai_jam",
        "peta",
        "kontak_telepon",
        "kontak_surel",
    ):
        assert f'href="#{name}"' in answer.text
    for typed in (
        "31-02-2031",
        "25.00",
        "javascript:alert(1)",
        "bukan surel",
        "- satu\n  - dua",
        "Jalan Rekaan 1",
    ):
        assert typed in answer.text
    assert not db.session.scalar(db.select(Program.id))


def test_what_is_saved_stands_in_the_form_again(desk):
    desk.post("/dinas/program/baru", data=FILLED)
    program = the_program()
    page = desk.get(f"/dinas/program/{program.id}/isi").text
    for value in ("2031-03-14", "08.00", "12.00", "0812-0000-0000", "Foto KTP: JPG atau PDF"):
        assert value in page
    again = FILLED | {"asal": asal(page), "batas": "2031-03-14"}
    desk.post(f"/dinas/program/{program.id}/isi", data=again)
    assert actions() == ["program.created"]  # nothing changed, nothing is noted
    desk.post(f"/dinas/program/{program.id}/isi", data=again | {"judul": "Pelatihan lain"})
    assert the_program().slug == "pelatihan-lain"  # nobody knew the old address
    assert actions()[-1] == "program.changed"


def test_two_editors_do_not_write_over_each_other(desk, client_as, make_user, make_program):
    program = make_program(title="Judul lama")
    address = f"/dinas/program/{program.id}/isi"
    mine, theirs = desk.get(address).text, client_as(make_user(Role.EDITOR)).get(address).text
    sent = {"jenis": "training", "untuk": "enterprise", "ringkasan": "x"}
    assert desk.post(address, data=sent | {"judul": "Punya saya", "asal": asal(mine)}).status_code == 303
    refused = desk.post(address, data=sent | {"judul": "Punya rekan", "asal": asal(theirs)})
    assert refused.status_code == 409
    assert "Punya rekan" in refused.text
    assert "Punya saya" in refused.text
    assert the_program().title == "Punya saya"
    assert the_program().slug == "judul-lama"  # readers know this address
    again = desk.post(address, data=sent | {"judul": "Punya rekan", "asal": asal(refused.text)})
    assert again.status_code == 303
    assert the_program().title == "Punya rekan"


def test_uploads_and_publishing_beside_an_open_form_are_no_conflict(desk, make_program):
    program = make_program(state=State.DRAFT, publish_at=None)
    page = desk.get(f"/dinas/program/{program.id}/isi").text
    upload(desk, program.id)
    desk.post(f"/dinas/program/{program.id}/terbit")
    sent = {"judul": "Baru", "jenis": "training", "asal": asal(page)}
    assert desk.post(f"/dinas/program/{program.id}/isi", data=sent).status_code == 303


def test_publishing_is_refused_while_something_is_missing_and_then_tells_whoever_listens(
    desk, client, make_program
):
    program = make_program(state=State.DRAFT, publish_at=None, summary="")
    told = []

    def listen(_sender, program, by):
        told.append((program.id, by.id, db.session.info.get("writing")))

    with published.connected_to(listen):
        assert "ringkasan" in desk.get(f"/dinas/program/{program.id}").text
        assert desk.post(f"/dinas/program/{program.id}/terbit").status_code == 422
        assert told == []
        sent = {
            "judul": program.title,
            "jenis": "training",
            "untuk": "public",
            "ringkasan": "Ada",
            "naskah": "Isi",
        }
        sent |= {
            "kontak_surel": "a@dinas.example",
            "asal": asal(desk.get(f"/dinas/program/{program.id}/isi").text),
        }
        desk.post(f"/dinas/program/{program.id}/isi", data=sent)
        assert desk.post(f"/dinas/program/{program.id}/terbit").status_code == 303
        assert desk.post(f"/dinas/program/{program.id}/terbit").status_code == 422
    assert [one[0] for one in told] == [program.id]
    assert told[0][2] is True
    assert client.get(f"/program/{program.slug}").status_code == 200


def test_what_is_over_is_not_published(desk, make_program):
    program = make_program(state=State.DRAFT, publish_at=None, deadline=now() - DAY)
    answer = desk.post(f"/dinas/program/{program.id}/terbit")
    assert answer.status_code == 422
    assert "sudah lewat" in answer.text


def test_a_schedule_is_kept_changed_and_called_off(desk, client, make_program):
    program = make_program(state=State.DRAFT, publish_at=None)
    address = f"/dinas/program/{program.id}/jadwal"
    for wrong in (
        {"terbit": ""},
        {"terbit": "2020-01-01"},
        {"terbit": "besok"},
        {"terbit": "2031-01-01", "terbit_jam": "x"},
    ):
        assert desk.post(address, data=wrong).status_code == 422
    assert desk.post(address, data={"terbit": "2031-01-01", "terbit_jam": ""}).status_code == 303
    assert the_program().publish_at.isoformat() == "2031-01-01T01:00:00+00:00"
    assert client.get(f"/program/{program.slug}").status_code == 404
    assert desk.post(address, data={"batal": "1"}).status_code == 303
    assert (the_program().state, the_program().publish_at) == (State.DRAFT, None)
    assert desk.post(address, data={"batal": "1"}).status_code == 422


def test_withdrawing_needs_a_reason_and_publishing_again_ends_it(desk, client, make_program):
    program = make_program()
    upload(desk, program.id)
    (stored,) = files_about("program", program.id)
    picture = f"/gambar/{stored.token}.webp"
    assert client.get(picture).status_code == 200
    assert desk.post(f"/dinas/program/{program.id}/tarik", data={"alasan": " "}).status_code == 422
    assert desk.post(f"/dinas/program/{program.id}/tarik", data={"alasan": "Ditunda."}).status_code == 303
    assert client.get(f"/program/{program.slug}").status_code == 410
    assert client.get(picture).status_code == 404
    assert desk.post(f"/dinas/program/{program.id}/terbit").status_code == 303
    assert client.get(f"/program/{program.slug}").status_code == 200
    assert client.get(picture).status_code == 200
    assert the_program().withdrawn_reason == ""


def test_a_copy_has_the_words_and_the_picture_but_no_dates(desk, make_program):
    program = make_program(quota=20, target={"jenis": ["Konsumen"]})
    upload(desk, program.id)
    upload(desk, program.id, "berkas", b"%PDF-1.4\n%%EOF", "surat.pdf")
    answer = desk.post(f"/dinas/program/{program.id}/salin")
    copy = db.session.get(Program, int(answer.headers["Location"].split("/")[3]))
    assert (copy.title, copy.quota, copy.target) == (program.title, 20, {"jenis": ["Konsumen"]})
    assert (copy.state, copy.deadline, copy.slug) == (State.DRAFT, None, f"{program.slug}-2")
    assert [stored.is_picture for stored in files_about("program", copy.id)] == [True]


def test_only_a_draft_that_was_never_read_can_be_removed(desk, make_program):
    public, draft = make_program(), make_program(state=State.DRAFT, publish_at=None).id
    upload(desk, draft)
    assert desk.post(f"/dinas/program/{public.id}/hapus").status_code == 422
    assert desk.post(f"/dinas/program/{draft}/hapus").status_code == 303
    assert not files_about("program", draft)
    assert the_program().id == public.id


def upload(browser, program_id: int, name: str = "gambar", data: bytes = b"", filename: str = "foto.png"):
    if not data:
        made = io.BytesIO()
        Image.new("RGB", (640, 480), "teal").save(made, "PNG")
        data = made.getvalue()
    return browser.post(
        f"/dinas/program/{program_id}/berkas",
        data={name: (io.BytesIO(data), filename), "keterangan": "Peserta"},
    )


def test_a_picture_replaces_the_one_before_and_says_what_it_shows(desk, client, make_program):
    program = make_program()
    for _ in range(2):
        assert upload(desk, program.id).status_code == 303
    (stored,) = files_about("program", program.id)
    page = client.get(f"/program/{program.slug}").text
    assert f'src="/gambar/{stored.token}-kecil.webp" alt="Peserta" width="480" height="360"' in page
    assert f"/gambar/{stored.token}.webp" in page.partition('property="og:image"')[2][:150]


def test_attachments_can_be_had_and_taken_away(desk, client, make_program):
    program, other = make_program(), make_program()
    upload(desk, program.id, "berkas", b"%PDF-1.4\n%%EOF", "Surat edaran.pdf")
    (stored,) = files_about("program", program.id)
    assert "Surat edaran (PDF, 1 KB)" in client.get(f"/program/{program.slug}").text
    assert desk.post(f"/dinas/program/{other.id}/berkas/{stored.token}/hapus").status_code == 404
    assert desk.post(f"/dinas/program/{program.id}/berkas/{stored.token}/hapus").status_code == 303
    assert not files_about("program", program.id)


@pytest.mark.parametrize(
    ("name", "data"), [("gambar", b"<svg><script>alert(1)</script></svg>"), ("berkas", b"MZ\x90")]
)
def test_what_is_refused_leaves_a_sentence_at_its_field(desk, make_program, name, data):
    program = make_program()
    answer = upload(desk, program.id, name, data, "lucu.png")
    assert answer.status_code == 422
    assert f'href="#{name}"' in answer.text
    assert not files_about("program", program.id)


def test_the_preview_is_the_public_page_and_the_result_of_the_text_can_be_seen(desk, make_program):
    program = make_program(state=State.DRAFT, publish_at=None, body="**tebal** <script>x</script>")
    page = desk.get(f"/dinas/program/{program.id}/pratinjau").text
    assert "<strong>tebal</strong> &lt;script&gt;" in page
    assert "noindex" in page
    assert desk.post("/dinas/program/markdown", data={"naskah": "- a\n  - b"}).text.count("<ul>") == 2
    seen = desk.post("/dinas/program/baru", data={"judul": "", "naskah": "*miring*", "lihat": "1"})
    assert seen.status_code == 200
    assert "<em>miring</em>" in seen.text


def test_the_desk_shows_first_what_needs_work(desk, make_program):
    make_program(title="E lama", deadline=now() - DAY)
    make_program(title="C dibuka")
    make_program(title="B nanti", state=State.SCHEDULED, publish_at=now() + DAY)
    make_program(title="A draf", state=State.DRAFT, publish_at=None)
    make_program(title="F ditarik", state=State.WITHDRAWN, withdrawn_at=now(), withdrawn_reason="x")
    make_program(title="D berjalan", deadline=now() - DAY, starts_at=now() - DAY, ends_at=now() + DAY)
    page = desk.get("/dinas/program").text
    titles = re.findall(r'class="row-title"><a href="/dinas/program/\d+">(.)', page)
    assert titles == ["A", "B", "C", "D", "E", "F"]
    for standing, title in (("draft", "A draf"), ("running", "D berjalan"), ("over", "E lama")):
        shown = desk.get(f"/dinas/program?keadaan={standing}").text
        assert re.findall(r'class="row-title"><a href="/dinas/program/\d+">([^<]+)', shown) == [title]
    assert "C dibuka" in desk.get("/dinas/program?q=dibuka").text


def test_the_desk_asks_no_more_for_more_rows(desk, make_program):
    make_program()
    with count_queries() as few:
        desk.get("/dinas/program")
    for _ in range(8):
        make_program()
    with count_queries() as many:
        desk.get("/dinas/program")
    assert many.number == few.number


def test_operators_read_and_others_do_not(client_as, client, make_user, make_program):
    program = make_program()
    pages = ("", f"/{program.id}", f"/{program.id}/pratinjau")
    operator, manager = client_as(make_user(Role.OPERATOR)), client_as(make_user(Role.COOPERATIVE))
    for page in pages:
        assert operator.get(f"/dinas/program{page}").status_code == 200
        assert manager.get(f"/dinas/program{page}").status_code == 403
        assert client.get(f"/dinas/program{page}").status_code == 302
    assert operator.get("/dinas/program/baru").status_code == 403
    for verb in ("terbit", "jadwal", "tarik", "salin", "hapus", "berkas", "isi"):
        assert operator.post(f"/dinas/program/{program.id}/{verb}").status_code == 403


@pytest.mark.parametrize("number", ["0", "999", "2147483648", "99999999999999999999"])
def test_a_number_that_no_programme_has_leads_nowhere(desk, number):
    assert desk.get(f"/dinas/program/{number}").status_code == 404
