"""Names, addresses and numbers that look right and that nobody can take for real.

Every cooperative, street and person bears the word *Contoh* (example). Telephone numbers begin with 0836 0000: no operator
holds the prefix 0836. E-mail addresses end in ``.example``, which never reaches anyone (RFC 2606). The running number in a
legal number and in an NIK begins with 99, which no office has come near.
"""

import random
from collections.abc import Iterator

from app.cooperatives.names import similar
from app.cooperatives.rules import LegalFamily
from app.demo.chance import choose, pick

MARK = "Contoh"
PHONE_PREFIX = "+628360000"
MAIL_DOMAIN = "koperasi.example"
FICTIONAL = "99"
NEAR_SAME = 0.84

FLOWERS = (
    "Melati Mawar Anggrek Kenanga Cempaka Dahlia Kamboja Teratai Seroja Flamboyan Bugenvil Wijayakusuma Tanjung Kemuning "
    "Asoka Lavender Seruni Kantil Puspa Raflesia Soka Sakura Alamanda Edelweis Gardenia Lili Tulip Krisan Gladiol Zinia "
    "Azalea Begonia Kecubung Mahkota Lantana Nusaindah Anyelir Aster Amarilis Kaktus"
).split()
BIRDS = (
    "Cendrawasih Merpati Garuda Elang Jalak Kutilang Merak Rajawali Kenari Murai Perkutut Kakaktua Nuri Camar Bangau Walet "
    "Pipit Gelatik Kepodang Cucakrawa Rangkong Maleo Kasuari Belibis Punai Tekukur Beo Srigunting Branjangan Kolibri"
).split()
SPICES = (
    "Cengkeh Pala Kencur Jahe Kunyit Lengkuas Serai Kapulaga Ketumbar Jinten Kemiri Kayumanis Temulawak Kluwek Andaliman "
    "Secang Adas Lada Vanili Pandan Salam Asam Cabai Selasih Wijen"
).split()
TREES = (
    "Beringin Jati Mahoni Trembesi Sengon Cemara Pinus Meranti Ulin Gaharu Sawo Manggis Rambutan Durian Salak Duku Jambu "
    "Srikaya Kelapa Aren Siwalan Randu Waru Ketapang Angsana Bidara Kesemek Matoa Gandaria Kepel Bacang Kersen Kedondong"
).split()
STONES = "Intan Mutiara Zamrud Safir Mirah Nilam Pirus Akik Berlian Kencana Permata Kristal Gading Perunggu Pualam".split()
FIRST_WORDS = (*FLOWERS, *BIRDS, *SPICES, *TREES, *STONES)
SECOND_WORDS = (
    "Sejahtera Makmur Jaya Mandiri Sentosa Abadi Lestari Mulya Amanah Berkah Rukun Guyub Bersama Utama Bhakti Karya Setia "
    "Harapan Maju Barokah Sumber Rejeki Tentram Raharja Gemilang Cahaya Bahagia Waluyo Luhur Tunas Bangsa Kartika "
    "Persada Nusantara Pratama Perdana Wibawa Saudara Sahabat Swadaya Tulus Ikhlas Arta Dana Usaha Niaga Tirta Surya Candra "
    "Bumi Samudra Fajar Senja Pelita Lentera Teladan Cermat Hemat Tekun"
).split()
GIVEN_MEN = (
    "Agus Bambang Budi Dwi Eko Hadi Hendra Imam Joko Slamet Sugeng Suparman Teguh Tri Wahyu Yusuf Zainal Arif Ahmad Anton "
    "Made Petrus Yohanes Rudi Heru Mulyono Sutrisno Hari"
).split()
GIVEN_WOMEN = (
    "Sri Siti Dewi Endang Ratna Wati Nur Ani Yuni Lilik Titik Umi Rini Sulastri Indah Kartini Maria Fatimah Ningsih Retno "
    "Aisyah Tutik Wahyuni Esti Lestari Hartini Murni Dyah"
).split()
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")


def name_pairs(chance: random.Random, kecamatan: list[str]) -> Iterator[str]:
    """A name of two words for each cooperative, given the kecamatan of each.

    No pair occurs twice; within a kecamatan a first word comes back only when all have served, and no two names are so
    alike that an import would take one for the other.
    """

    unused: dict[str, list[str]] = {}
    nearby: dict[tuple[str, str], list[str]] = {}
    taken: set[str] = set()
    for place in kecamatan:
        if not unused.get(place):
            unused[place] = chance.sample(FIRST_WORDS, len(FIRST_WORDS))
        first = unused[place].pop()
        pairs = [f"{first} {second}" for second in chance.sample(SECOND_WORDS, len(SECOND_WORDS))]
        free = [pair for pair in pairs if pair not in taken]
        pair = next((pair for pair in free if not _near_same(pair, place, nearby)), free[0])
        for word in pair.split():
            nearby.setdefault((place, word), []).append(pair)
        taken.add(pair)
        yield pair


def _near_same(pair: str, place: str, nearby: dict[tuple[str, str], list[str]]) -> bool:
    """Whether a name with one of the same words in the same kecamatan looks like this one."""
    others = [other for word in pair.split() for other in nearby.get((place, word), [])]
    return any(similar(f"{pair} {MARK}", f"{other} {MARK}") >= NEAR_SAME for other in others)


def person_name(chance: random.Random, women: float = 0.35) -> str:
    """A person such as "Sri Kenanga Contoh"."""
    given = choose(chance, GIVEN_WOMEN if chance.random() < women else GIVEN_MEN)
    return f"{given} {choose(chance, FLOWERS + BIRDS)} {MARK}"


def street(chance: random.Random) -> str:
    """An address on a street that no city has."""
    return (
        f"Jalan {MARK} {choose(chance, FLOWERS + TREES)} No. {chance.randint(1, 180)}, "
        f"RT {chance.randint(1, 12):02} RW {chance.randint(1, 14):02}"
    )


def phone(serial: int) -> str:
    """A mobile number in E.164, one for each ``serial`` below 10,000."""
    return f"{PHONE_PREFIX}{serial % 10_000:04}"


def email(pair: str, serial: int) -> str:
    """An address that reaches nobody, one for each ``serial``."""
    return f"{pair.lower().replace(' ', '.')}.{serial}@{MAIL_DOMAIN}"


def nik(region: str, serial: int) -> str:
    """A *Nomor Induk Koperasi* of 13 digits for the region whose code begins with ``35.73``."""
    return f"{region.replace('.', '')[:4]}{FICTIONAL}{serial:07}"


def legal_family_of(chance: random.Random, year: int) -> LegalFamily:
    """The family in which offices numbered in ``year``: ministries and offices took turns at it."""
    if year >= 2019:
        return LegalFamily.AHU
    if year >= 2016:
        return LegalFamily.MKUKM
    if year >= 2004:
        return pick(chance, {LegalFamily.DINAS: 55, LegalFamily.ROMAWI: 45})
    return pick(chance, {LegalFamily.KWK_KDK_DK: 62, LegalFamily.ROMAWI: 22, LegalFamily.OTHER: 16})


def legal_number(chance: random.Random, region: str, year: int, serial: int) -> str:
    """A *nomor badan hukum* in one of the six families, with a running number that no office gave out."""
    number, month = f"{FICTIONAL}{serial:04}", choose(chance, ROMAN)
    match legal_family_of(chance, year):
        case LegalFamily.AHU:
            return f"AHU-{FICTIONAL}{serial:05}.AH.01.{choose(chance, ('26', '27', '29'))}.TAHUN {year}"
        case LegalFamily.MKUKM:
            return f"{number}/BH/M.KUKM.2/{month}/{year}"
        case LegalFamily.KWK_KDK_DK:
            return f"{number}/BH/{choose(chance, ('KWK.13', 'KDK.13.32', 'KWK-13'))}/{month}/{year}"
        case LegalFamily.ROMAWI:
            return f"{number}/BH/XVI.37/{year}"
        case LegalFamily.DINAS:
            return f"518.1/{number}/BH/{region}.412/{year}"
        case _:
            return f"No. {number}/BH/Jatim/{year}"
