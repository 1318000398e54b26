"""A finished report may wait for somebody else's yes: the words for it, without a database."""

from enum import StrEnum

from app.core.text import N_

HELP_OPEN = "state IN ('typing', 'waiting', 'disputed')"
SIGNATURE_OPEN = "state = 'waiting'"


class HelpState(StrEnum):
    """How far the office's help with one report is."""

    TYPING = "typing"
    WAITING = "waiting"  # for the cooperative's code
    DISPUTED = "disputed"  # the cooperative says that something is wrong
    CONFIRMED = "confirmed"
    ENDED = "ended"  # given up, or overtaken by the cooperative's own submission


class SignatureState(StrEnum):
    """What became of the second signature."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    WAIVED = "waived"
    VOID = "void"  # an answer changed, or the first took it back


class Channel(StrEnum):
    """How the cooperative reached the office. The value is stored; the words are :data:`CHANNEL_NAMES`."""

    PHONE = "telepon"
    VISIT = "datang"
    LETTER = "surat"


CHANNEL_NAMES = {
    Channel.PHONE: N_("lewat telepon"),
    Channel.VISIT: N_("datang ke kantor"),
    Channel.LETTER: N_("lewat surat"),
}


class Step(StrEnum):
    """Events in a report's history that leave its status as it is."""

    HELP_STARTED = "help_started"
    HELP_FINISHED = "help_finished"
    HELP_DISPUTED = "help_disputed"
    HELP_ENDED = "help_ended"
    SIGNED = "signed"
    SIGNATURE_DECLINED = "signature_declined"
    SIGNATURE_WITHDRAWN = "signature_withdrawn"
    SIGNATURE_WAIVED = "signature_waived"


STEP_NAMES: dict[str, str] = {
    Step.HELP_STARTED: N_("Petugas mulai membantu mengisi"),
    Step.HELP_FINISHED: N_("Selesai diketik petugas, menunggu konfirmasi koperasi"),
    Step.HELP_DISPUTED: N_("Koperasi menyatakan ada yang keliru"),
    Step.HELP_ENDED: N_("Bantuan petugas diakhiri"),
    Step.SIGNED: N_("Ditandatangani pengurus pertama, menunggu pengurus kedua"),
    Step.SIGNATURE_DECLINED: N_("Pengurus kedua menolak menandatangani"),
    Step.SIGNATURE_WITHDRAWN: N_("Tanda tangan pertama ditarik"),
    Step.SIGNATURE_WAIVED: N_("Tanda tangan kedua dibebaskan kantor"),
}
"""Event → what it is called in a report's history."""
