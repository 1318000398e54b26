"""What the pages of the groups show, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for

from app.core.formatting import number
from app.core.i18n import _, locale, say
from app.core.text import Text
from app.enterprises.clusters.labels import PUBLIC_TRAITS, TRAIT_NAMES, label
from app.enterprises.clusters.models import Cluster, ClusterRun
from app.enterprises.clusters.naming import name_of
from app.enterprises.clusters.portraits import (
    Apart,
    PublicPortrait,
    PublicTable,
    common,
    public_portraits,
    sets_apart,
    together,
)
from app.enterprises.clusters.rules import (
    FEATURE_NAMES,
    LEAST_ROWS,
    LEAST_SILHOUETTE,
    LEAST_STABILITY,
    REFUSALS,
    Feature,
    Refusal,
    RunState,
)
from app.enterprises.queries import region
from app.regions.outlines import Choropleth, choropleth

PORTRAIT = ("family", "activity", "kecamatan", "size", "sales", "workers", "grade", "digital", "nib", "needs", "funding", "power", "internet", "road", "water", "age", "sex", "education")  # fmt: skip
LOOKS = {
    RunState.WAITING: "waiting",
    RunState.RUNNING: "waiting",
    RunState.DONE: "approved",
    RunState.REFUSED: "inactive",
    RunState.FAILED: "returned",
}
LONGEST_MAP = 60
ALIKE = {"digital": "grade", "activity": "family", "sales": "size", "capital": "size"}
"""Traits that say much the same as another: one of them is enough in one line."""


def state_name(state: RunState) -> str:
    """Where a run stands, in words."""
    return {
        RunState.WAITING: _("Menunggu"),
        RunState.RUNNING: _("Sedang berjalan"),
        RunState.DONE: _("Selesai"),
        RunState.REFUSED: _("Tanpa hasil"),
        RunState.FAILED: _("Gagal"),
    }[state]


def shown_name(cluster: Cluster) -> str:
    """What a group is called; a name that somebody gave it is the same in every language."""
    return cluster.given_name or say(name_of(cluster.naming, region().kecamatan))


def percent(share: float) -> str:
    """``42 %``; in English ``42%``."""
    return f"{round(100 * share)}%" if locale() == "en" else f"{round(100 * share)}\u00a0%"


def figure(value: float | None) -> str:
    """``0,42``; in English ``0.42``."""
    if value is None:
        return "–"
    text = f"{value:.2f}".replace("-", "−")
    return text if locale() == "en" else text.replace(".", ",")


def refusal_text(run: ClusterRun) -> str:
    """Why nothing is drawn."""
    code = run.outcome.get("refusal")
    if code not in set(Refusal):
        return ""
    least = {Refusal.FEW: number(LEAST_ROWS), Refusal.FLAT: figure(LEAST_SILHOUETTE), Refusal.UNSTABLE: figure(LEAST_STABILITY)}  # fmt: skip
    return say(
        Text(
            REFUSALS[Refusal(code)],
            {
                "rows": number(run.row_count or 0),
                "least": least.get(Refusal(code), ""),
                "silhouette": figure(run.silhouette),
                "stability": figure(run.stability),
                "chance": figure(run.outcome.get("by_chance")),
            },
        )
    )


def feature_list(codes: Sequence[str]) -> str:
    """Names of traits, with commas."""
    return ", ".join(say(FEATURE_NAMES[Feature(code)]) for code in codes)


def weights_text(run: ClusterRun) -> str:
    """``Lokasi 1 · Bidang usaha 2``."""
    weights = run.wanted.weights
    return " · ".join(
        f"{say(FEATURE_NAMES[one])} {weights[one]:g}".replace(".", "," if locale() != "en" else ".")
        for one in Feature
        if one in weights
    )


def said(trait: str, code: str) -> str:
    """What one code of a trait is called, as it stands in a list."""
    words = say(label(trait, code, region().kecamatan))
    return words[:1].upper() + words[1:]


def _groups(clusters: Sequence[Cluster]) -> list[tuple[Mapping[str, Mapping[str, int]], int]]:
    return [(one.portrait["all"], one.size) for one in clusters]


def apart_lines(cluster: Cluster, clusters: Sequence[Cluster]) -> list[dict[str, Any]]:
    """What sets a group apart from all that were grouped, with figures."""
    whole, total = together(_groups(clusters))
    found = sets_apart(cluster.portrait["all"], cluster.size, whole, total)
    return [
        {
            "trait": say(TRAIT_NAMES[one.trait]),
            "text": said(one.trait, one.code),
            "count": one.count,
            "here": percent(one.here),
            "all": percent(one.all),
            "is_more": one.here > one.all,
        }
        for one in found
    ]


def in_short(cluster: Cluster, clusters: Sequence[Cluster], most: int = 3) -> str:
    """``Sukun 71 % (semua 20 %), …``: what sets a group apart, in one line."""
    whole, total = together(_groups(clusters))
    found: list[Apart] = []
    for one in sets_apart(cluster.portrait["all"], cluster.size, whole, total):
        spoken = {ALIKE.get(other.trait, other.trait) for other in found}
        if one.here > one.all and ALIKE.get(one.trait, one.trait) not in spoken:
            found.append(one)
    return "; ".join(
        _("%(what)s %(here)s (semua %(all)s)", what=said(one.trait, one.code), here=percent(one.here), all=percent(one.all))
        for one in found[:most]
    )  # fmt: skip


def portrait_lines(cluster: Cluster) -> list[tuple[str, str]]:
    """Each trait with its most frequent codes and their shares."""
    found = []
    for trait in PORTRAIT:
        held = common(cluster.portrait["all"], cluster.size, trait)
        if held:
            words = ", ".join(
                f"{said(trait, code)} {percent(share)}" for code, _count, share in held
            )  # fmt: skip
            found.append((say(TRAIT_NAMES[trait]), words))
    return found


def staff_map(cluster: Cluster) -> Choropleth | None:
    """The members by kecamatan; each leads to the register there."""
    places = region()
    if not 1 < len(places.kecamatan) <= LONGEST_MAP:
        return None
    urls = {code: url_for("enterprises.register", kecamatan=code) for code in places.kecamatan}
    return choropleth(places, cluster.portrait["all"].get("kecamatan", {}), urls)


def public_map(table: PublicTable) -> Choropleth | None:
    """The register by kecamatan; what is hidden stays so."""
    places = region()
    if not 1 < len(places.kecamatan) <= LONGEST_MAP:
        return None
    urls = {code: url_for("enterprises.directory", kecamatan=code) for code in places.kecamatan}
    shown = {code: count for code, count in table.counts.items() if count is not None}
    hidden = [code for code, count in table.counts.items() if count is None]
    return choropleth(places, shown, urls, hidden=hidden)


def change_text(cluster: Cluster) -> str:
    """What happened to a group since the run before, in one line."""
    change = cluster.change
    if not change or change.get("overlap") is None:
        return _("Kelompok baru") if change.get("moved") else ""
    before = change["before"]
    return _(
        "Dulu %(before)s. Tetap %(stayed)s, pindah ke sini %(moved)s, baru di register %(new)s; pindah keluar %(left)s, tidak di register lagi %(gone)s.",
        **{name: number(change[name]) for name in ("stayed", "moved", "new", "left", "gone")}, before=number(before),
    )  # fmt: skip


def why_text(why: str) -> str:
    """Why a business moved."""
    if not why:
        return _("Datanya sama; kelompoknya yang bergeser")
    return _("Berubah: %(what)s", what=feature_list(why.split(",")))


def why_lines(cluster: Cluster) -> list[tuple[str, int]]:
    """Reasons of those who moved in, the most frequent first."""
    why = cluster.change.get("why", {})
    shift = _("Datanya sama; kelompoknya yang bergeser")
    return [
        (shift if code == "shift" else say(FEATURE_NAMES[Feature(code)]), many)
        for code, many in sorted(why.items(), key=lambda one: (-one[1], one[0]))
    ]


def public_lines(clusters: Sequence[Cluster]) -> list[dict[str, Any]]:
    """Each group as everybody may see it; those of which too little may be told are left out."""
    groups = {one.key: (one.size, one.portrait) for one in clusters}
    portraits: dict[str, PublicPortrait] = {one.key: one for one in public_portraits(groups)}
    return [
        {
            "key": one.key,
            "name": shown_name(one),
            "size": portraits[one.key].size,
            "counted": portraits[one.key].counted,
            "traits": _public_traits(portraits[one.key]),
        }
        for one in clusters
        if portraits[one.key].size is not None
    ]


def _public_traits(portrait: PublicPortrait) -> list[tuple[str, str]]:
    return [
        (
            say(TRAIT_NAMES[trait]),
            ", ".join(f"{said(trait, code)} {percent(many / 100)}" for code, many in portrait.traits[trait]),
        )
        for trait in PUBLIC_TRAITS
        if portrait.traits.get(trait)
    ]  # fmt: skip
