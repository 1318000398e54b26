"""Writing the fictional city: cooperatives by the batch, each with its people, reports and timeline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

from app.audit.services import OFFICE
from app.cooperatives.models import ActivationCode, Cooperative, Membership, TimelineEvent
from app.demo.chance import dice
from app.demo.joinings import Joining, entered
from app.demo.people import Standing, standing
from app.demo.records import DemoCooperative
from app.demo.register import Entry, give_addresses
from app.demo.replay import Ground, Replay
from app.demo.rows import Actor, Row, write, write_numbered
from app.questionnaire.models import AnswerChange, Comment, Receipt, Report, ReportEvent
from app.questionnaire.rules import Origin, Status

BATCH = 40
NOBODY = Actor(None, OFFICE)


@dataclass(frozen=True)
class Resident:
    """A cooperative with those who claim it."""

    cooperative: DemoCooperative
    joinings: tuple[Joining, ...]


def batches(residents: Sequence[Resident]) -> Iterator[list[Resident]]:
    """A few at a time, so that progress can be shown and not everything is in memory at once."""
    waiting = iter(residents)
    while batch := list(islice(waiting, BATCH)):
        yield batch


def write_batch(
    residents: Sequence[Resident], ground: Ground, actors: Mapping[str, Actor], *, addresses: set[str]
) -> list[int]:
    """Put ``residents`` into the register with all that hangs on them; their ids. ``addresses`` that are taken grow."""
    entries = [_entry(resident.cooperative, ground) for resident in residents]
    give_addresses([entry.row for entry in entries], addresses)
    ids = write_numbered(Cooperative, [entry.row for entry in entries])
    numbered = list(zip(residents, ids, strict=True))
    standings = [_standings(resident, id_, ground, actors) for resident, id_ in numbered]
    replays = [_replays(resident, id_, ground, actors) for resident, id_ in numbered]
    write_standings(list(chain.from_iterable(standings)))
    _write_reports(list(chain.from_iterable(replays)))
    timeline: list[Row] = []
    for id_, entry, people, reports in zip(ids, entries, standings, replays, strict=True):
        timeline += ({**row, "cooperative_id": id_} for row in _timeline(entry, people, reports))
    write(TimelineEvent, timeline)
    return ids


def _entry(cooperative: DemoCooperative, ground: Ground) -> Entry:
    asked, _ = ground.asked[max(ground.asked)]
    since = entered(cooperative, ground.opened)
    return Entry(cooperative, entered=since, now=ground.now, asked=asked, region=ground.region)


def _timeline(entry: Entry, standings: Sequence[Standing], replays: Sequence[Replay]) -> list[Row]:
    """All notes about one cooperative as they happened. What an approval changed, whoever approved has changed."""
    officers = {replay.filed.year: replay.officer.name for replay in replays}
    notes = [
        {**row, "actor_name": officers.get(row["params"].get("year"), row["actor_name"])}
        for row in entry.notes
    ]
    notes += chain.from_iterable(one.notes for one in standings)
    notes += chain.from_iterable(replay.notes for replay in replays)
    return sorted(notes, key=lambda row: row["at"])


def write_standings(standings: Sequence[Standing]) -> None:
    """The claims and the papers, without their notes."""
    write(Membership, [one.membership for one in standings])
    write(ActivationCode, [one.paper for one in standings if one.paper])


def _standings(
    resident: Resident, cooperative_id: int, ground: Ground, actors: Mapping[str, Actor]
) -> list[Standing]:
    chance = dice("standing", resident.cooperative.name)
    return [
        standing(
            joining,
            cooperative_id,
            actors[joining.person.email],
            ground.reviewer(chance, joining.decided or ground.now),
        )
        for joining in resident.joinings
    ]


def _replays(
    resident: Resident, cooperative_id: int, ground: Ground, actors: Mapping[str, Actor]
) -> list[Replay]:
    acting = [actors[joining.person.email] for joining in resident.joinings if joining.decided]
    last: Mapping[str, Any] | None = None
    found = []
    for filed in resident.cooperative.reports:
        replay = Replay(
            filed,
            ground,
            cooperative_id=cooperative_id,
            member=acting[0] if acting else NOBODY,
            last=last,
            chance=dice("reviewer", resident.cooperative.name, filed.year),
        )
        found.append(replay)
        if replay.report["status"] is not Status.DRAFT or filed.origin is Origin.IMPORTED:
            last = replay.report["answers"]
    return found


def _write_reports(replays: Sequence[Replay]) -> None:
    ids = write_numbered(Report, [replay.report for replay in replays])
    for id_, replay in zip(ids, replays, strict=True):
        for row in chain(replay.events, replay.changes, replay.comments):
            row["report_id"] = id_
        for note in replay.notes:
            note["link"] = f"/dinas/periksa/{id_}"
    event_ids = iter(write_numbered(ReportEvent, [row for replay in replays for row in replay.events]))
    receipts = []
    for id_, replay in zip(ids, replays, strict=True):
        own = list(islice(event_ids, len(replay.events)))
        receipts += [{**row, "report_id": id_, "event_id": own[place]} for place, row in replay.receipts]
    write(Receipt, receipts)
    write(AnswerChange, [row for replay in replays for row in replay.changes])
    write(Comment, [row for replay in replays for row in replay.comments])
