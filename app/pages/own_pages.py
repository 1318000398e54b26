"""The pages that stand by themselves, as a search and the site map name them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app, url_for

from app.core.hits import Hit, PublicPage
from app.core.i18n import _, locale
from app.core.text import N_
from app.pages import guide as guides


@dataclass(frozen=True)
class OwnPage:
    """A page: where it is, what it is called and for, and what people call it."""

    endpoint: str
    title: str
    text: str
    keywords: str = ""


PAGES = (
    OwnPage(
        "questionnaire.overview",
        N_("Laporan tahunan koperasi"),
        N_("Isi laporan tahunan, lihat statusnya, unduh bukti penerimaan."),
        "lapor rat shu formulir kuesioner mengisi status neraca report",
    ),
    OwnPage(
        "cooperatives.join",
        N_("Daftar sebagai pengelola koperasi"),
        N_("Buat akun untuk mengurus koperasi Anda di situs ini."),
        "akun register klaim pengurus ketua manajer",
    ),
    OwnPage(
        "cooperatives.join_by_code",
        N_("Pakai kode aktivasi"),
        N_("Kode dari surat kantor langsung membuka akun koperasi Anda."),
        "surat aktivasi kode qr",
    ),
    OwnPage(
        "enterprises.join",
        N_("Daftarkan usaha Anda"),
        N_("Masukkan UKM Anda ke daftar UKM kota ini."),
        "ukm umkm usaha daftar produk",
    ),
    OwnPage(
        "enterprises.map_page",
        N_("Peta UKM"),
        N_("Usaha di sekitar Anda, menurut kecamatan dan kelurahan."),
        "ukm umkm usaha peta lokasi dekat map",
    ),
    OwnPage(
        "clusters.shown",
        N_("Kelompok UKM dan jumlahnya per kecamatan"),
        N_("Berapa UKM di tiap kecamatan, dan usaha seperti apa yang mirip satu sama lain."),
        "ukm umkm klaster kelompok statistik jumlah kecamatan data cluster",
    ),
    OwnPage(
        "clinic.book",
        N_("Klinik: buat janji dengan konsultan"),
        N_("Konsultasi gratis untuk koperasi dan UKM: di kantor, lewat telepon, atau video."),
        "klinik konsultasi konsultan janji temu jadwal tanya plut pendampingan booking appointment clinic",
    ),
    OwnPage(
        "clinic.recover",
        N_("Lihat janji klinik"),
        N_("Lihat, pindahkan, atau batalkan janji dengan nomor janji dan nomor WhatsApp."),
        "pindah batal jadwal ulang reschedule cancel",
    ),
    OwnPage(
        "questionnaire.verify_form",
        N_("Periksa keaslian bukti penerimaan"),
        N_("Ketik kode pada bukti penerimaan laporan untuk memastikan bahwa bukti itu asli."),
        "verifikasi bukti receipt kode asli palsu",
    ),
    OwnPage(
        "confirming.enter",
        N_("Konfirmasi laporan"),
        N_("Setujui atau bantah laporan yang diketikkan petugas untuk koperasi Anda."),
        "konfirmasi setuju dibantu",
    ),
    OwnPage(
        "practice.fill",
        N_("Latihan mengisi laporan"),
        N_("Coba formulir laporan tanpa menyimpan apa pun."),
        "latihan coba simulasi practice",
    ),
    OwnPage(
        "pages.guide",
        N_("Panduan"),
        N_("Petunjuk untuk setiap peran, bisa dicetak."),
        "bantuan help cara guide",
    ),
    OwnPage(
        "pages.privacy",
        N_("Privasi"),
        N_("Data pribadi yang disimpan situs ini, untuk apa, dan hak Anda."),
        "data pribadi kuki cookie pdp privacy",
    ),
    OwnPage("accounts.sign_in", N_("Masuk"), N_("Masuk ke akun Anda."), "login sandi akun surel sign in"),
    OwnPage(
        "accounts.forgot",
        N_("Lupa sandi"),
        N_("Buat sandi baru bila lupa."),
        "reset password kata sandi lupa",
    ),
)
KNOWN = ("pages.home", "pages.guide", "pages.privacy", "questionnaire.verify_form", "clinic.book")
"""Those that search engines may know."""


def is_here(endpoint: str) -> bool:
    """Whether this site has such a page; a menu or list may name one that another release brings."""
    return endpoint in current_app.view_functions


def address_if_here(endpoint: str, **values: Any) -> str:
    """The address of ``endpoint`` if this site has it, else empty."""
    return url_for(endpoint, **values) if is_here(endpoint) else ""


def hits() -> Iterable[Hit]:
    """Every page of its own and every part of the guides, in the reader's language; whoever searches ranks them."""
    for page in PAGES:
        if is_here(page.endpoint):
            yield Hit("page", _(page.title), url_for(page.endpoint), _(page.text), keywords=page.keywords)
    for guide in guides.GUIDES:
        address, name = url_for("pages.guide_page", slug=guide.slug), _(guide.title)
        yield Hit("guide", name, address, _(guide.summary))
        for section in guides.sections_of(guide, locale()):
            yield Hit("guide", section.title, f"{address}#{section.anchor}", section.text, note=name)


def public_pages() -> Iterable[PublicPage]:
    """The addresses that search engines may know."""
    for endpoint in KNOWN:
        if is_here(endpoint):
            yield PublicPage(url_for(endpoint))
    for guide in guides.GUIDES:
        yield PublicPage(url_for("pages.guide_page", slug=guide.slug))
