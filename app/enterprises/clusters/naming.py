"""A plain name for each group, made of what most of its members have in common. Plain Python.

What a name is made of is kept as codes, so that it reads in either language and two names can be told apart for sure.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from app.core.text import N_, Text
from app.enterprises.clusters.rules import FAMILIES
from app.enterprises.sectors import ACTIVITY_NAMES

MOST_OF, BOTH, HALF, ALSO = 0.7, 0.75, 0.5, 0.3
HOME = ("kuliner", "busana", "kriya")
HANDS = ("0", "1", "2")  # workers: fewer than five
INSIDE = {
    "kuliner": N_("kuliner"),
    "busana": N_("busana"),
    "kriya": N_("kriya"),
    "dagang": N_("toko"),
    "tani": N_("tani"),
    "kreatif": N_("usaha kreatif"),
    "jasa": N_("jasa"),
    "bangunan": N_("bangunan"),
}
"""Families of activities as they stand second in a name."""
SIZE_WORDS = {"mikro": N_("mikro"), "kecil": N_("kecil"), "menengah": N_("menengah")}
DIGITAL_WORDS = {
    "none": N_("belum digital"),
    "chat_sales": N_("jualan lewat chat"),
    "social_media": N_("jualan lewat media sosial"),
    "shop": N_("jualan di lokapasar"),
    "all": N_("serba digital"),
}
NEED_WORDS = {
    "pelatihan": N_("banyak butuh pelatihan"),
    "modal": N_("banyak butuh modal"),
    "pasar": N_("banyak butuh pasar"),
    "izin": N_("banyak butuh izin"),
    "alat": N_("banyak butuh alat"),
    "kemasan": N_("banyak butuh kemasan"),
    "digital": N_("banyak butuh jualan digital"),
    "pembukuan": N_("banyak butuh pembukuan"),
}
NIB_WORDS = {"ada": N_("banyak yang ber-NIB"), "belum": N_("banyak yang belum ber-NIB")}
HAND_WORDS = {
    "0": N_("tanpa pekerja"),
    "1": N_("dikerjakan sendiri"),
    "2": N_("2–4 pekerja"),
    "5": N_("5–9 pekerja"),
    "10": N_("10–19 pekerja"),
    "20": N_("20 pekerja atau lebih"),
}
Naming = dict[str, Any]
Counts = Mapping[str, Mapping[str, int]]


def shares(counts: Mapping[str, int], total: int | None = None) -> list[tuple[str, float]]:
    """Code and share, the most frequent first; of ``total``, else of those that are known."""
    whole = sum(counts.values()) if total is None else total
    return sorted(((code, many / whole) for code, many in counts.items() if whole), key=lambda one: (-one[1], one[0]))  # fmt: skip


def naming_of(counts: Counts, size: int) -> Naming:
    """What the name of a group with these counts is made of."""
    family, activity = shares(counts["family"]), shares(counts["activity"])
    made: Naming = {"activity": "", "families": [], "home": False, "places": [], "size": "", "digital": "", "more": [], "number": 0}  # fmt: skip
    if activity and activity[0][1] >= MOST_OF:
        made["activity"] = activity[0][0]
    made["families"] = _leading(family)
    hands = dict(shares(counts["workers"]))
    small = sum(hands.get(code, 0.0) for code in HANDS) >= MOST_OF
    sized = shares(counts["size"])
    made["home"] = len(made["families"]) == 1 and made["families"][0] in HOME and small and bool(sized) and sized[0][0] == "mikro" and sized[0][1] >= MOST_OF  # fmt: skip
    made["places"] = _leading(shares(counts["kecamatan"]))
    worth_a_word = {"mikro": MOST_OF}  # nearly all are mikro; another class is told where half have it
    if sized and sized[0][1] >= worth_a_word.get(sized[0][0], HALF):
        made["size"] = sized[0][0]
    made["digital"] = _digital(counts, size)
    return made


def _leading(found: Sequence[tuple[str, float]]) -> list[str]:
    """The one that half of them have, or the two that three quarters have when the second is nearly as frequent."""
    second = found[1][1] if len(found) > 1 else 0.0
    if found and found[0][1] >= HALF and (second < ALSO or found[0][1] + second < BOTH):
        return [found[0][0]]
    if len(found) > 1 and found[0][1] + found[1][1] >= BOTH:
        return [found[0][0], found[1][0]]
    return []


def _digital(counts: Counts, size: int) -> str:
    grades = shares(counts["grade"])
    if not grades or grades[0][1] < HALF or sum(counts["grade"].values()) < size * HALF:
        return ""
    ways = counts["digital"]
    by_chat = ways.get("chat_sales", 0) >= ways.get("social_media", 0)
    return {"1": "none", "2": "chat_sales" if by_chat else "social_media", "3": "shop", "4": "all"}[
        grades[0][0]
    ]


AND, TAIL = N_("%(left)s dan %(right)s"), N_("%(left)s, %(right)s")


def name_of(naming: Naming, places: Mapping[str, str]) -> Text:
    """``Kuliner rumahan di Sukun, mikro, jualan lewat chat``."""
    families = [Text(FAMILIES[code][0]) for code in naming["families"] if code in FAMILIES]
    if naming["activity"] in ACTIVITY_NAMES:
        name = Text(ACTIVITY_NAMES[naming["activity"]])
    elif families:
        name = families[0] if len(families) == 1 else Text(AND, {"left": families[0], "right": Text(INSIDE[naming["families"][1]])})  # fmt: skip
        name = Text(N_("%(what)s rumahan"), {"what": name}) if naming["home"] else name
    else:
        name = Text(N_("Aneka usaha"))
    spots = [Text("%(name)s", {"name": places.get(code, code)}) for code in naming["places"]]
    if spots:
        where = spots[0] if len(spots) == 1 else Text(AND, {"left": spots[0], "right": spots[1]})
        name = Text(N_("%(what)s di %(place)s"), {"what": name, "place": where})
    for words in _tail(naming, places):
        name = Text(TAIL, {"left": name, "right": words})
    if naming["number"]:
        name = Text("%(name)s (%(number)s)", {"name": name, "number": naming["number"]})
    return name


def _tail(naming: Naming, places: Mapping[str, str]) -> list[Text]:
    said = [Text(SIZE_WORDS[naming["size"]])] if naming["size"] in SIZE_WORDS else []
    said += [Text(DIGITAL_WORDS[naming["digital"]])] if naming["digital"] in DIGITAL_WORDS else []
    return said + [words for trait, code in naming["more"] if (words := _more(trait, code, places))]


def _more(trait: str, code: str, places: Mapping[str, str]) -> Text | None:
    if trait == "kecamatan":
        return Text(N_("banyak di %(place)s"), {"place": places.get(code, code)})
    if trait == "activity":
        return Text(N_("banyak %(what)s"), {"what": Text(ACTIVITY_NAMES[code])})
    words = {"nib": NIB_WORDS, "needs": NEED_WORDS, "workers": HAND_WORDS, "size": SIZE_WORDS}[trait].get(
        code
    )
    return Text(words) if words else None


MORE = ("kecamatan", "activity", "workers", "size", "nib", "needs")
LEAST_MORE = 0.25  # of the members, at the least


def names_apart(
    groups: Sequence[tuple[Counts, int]], taken: Sequence[str], places: Mapping[str, str]
) -> list[Naming]:
    """What the names of the groups are made of, no two alike, and none like one of ``taken`` (names that people gave)."""
    found = [naming_of(counts, size) for counts, size in groups]
    whole: dict[str, Counter[str]] = {trait: Counter() for trait in MORE}
    for counts, _size in groups:
        for trait in MORE:
            whole[trait].update(counts[trait])
    for number, naming in enumerate(found):
        for more in _candidates(groups[number][0], whole, naming):
            if not _clash(number, found, taken, places):
                break
            naming["more"] = [more]
        ordinal = 2
        while _clash(number, found, taken, places) and (number or _is_taken(found[number], taken, places)):
            naming["number"] = ordinal
            ordinal += 1
    return found


def _clash(number: int, found: Sequence[Naming], taken: Sequence[str], places: Mapping[str, str]) -> bool:
    """Whether a name is like another group's or a given one. Those before it are settled; those after it will give way too."""
    mine = str(name_of(found[number], places))
    others = (str(name_of(one, places)) for place, one in enumerate(found) if place != number)
    return mine in others or _is_taken(found[number], taken, places)


def _is_taken(naming: Naming, taken: Sequence[str], places: Mapping[str, str]) -> bool:
    return str(name_of(naming, places)).casefold() in {name.casefold() for name in taken}


def _candidates(counts: Counts, whole: Mapping[str, Mapping[str, int]], naming: Naming) -> list[list[str]]:
    """What could be said beside the name, what sets the group apart most first."""
    said = {naming["activity"], naming["size"], *naming["places"]}
    found = []
    for trait in MORE:
        overall = dict(shares(whole[trait]))
        for code, share in shares(counts[trait]):
            if share >= LEAST_MORE and code not in said and share > overall[code]:
                found.append((overall[code] - share, trait, code))
    return [[trait, code] for _apart, trait, code in sorted(found)]
