"""What a visitor thought of a visit: two marks that nobody can trace back."""

from app.clinic.models import ClinicBooking, ClinicRating
from app.clinic.rules import State
from app.clinic.settings import line_up
from app.core.database import office_zone
from app.core.errors import RuleBroken
from app.core.extensions import db
from app.core.text import N_

USEFUL = {
    5: N_("Sangat berguna"),
    4: N_("Berguna"),
    3: N_("Cukup"),
    2: N_("Kurang berguna"),
    1: N_("Tidak berguna"),
}
CLEAR = {
    5: N_("Sangat jelas"),
    4: N_("Jelas"),
    3: N_("Cukup"),
    2: N_("Kurang jelas"),
    1: N_("Tidak jelas"),
}


def rate(booking: ClinicBooking, *, useful: int | None, clear: int | None) -> None:
    """Keep both marks once. Neither history nor trail of the visit says that it was rated: who wrote down that somebody has
    just answered, and looks at the figures before and after, would know what."""
    line_up()
    db.session.refresh(booking)
    if booking.state is not State.DONE:
        raise RuleBroken(N_("Kunjungan ini belum selesai, jadi belum bisa dinilai."))
    if booking.is_rated:
        return
    if useful is None:
        raise RuleBroken(N_("Pilih apakah sarannya berguna."), field="berguna")
    if clear is None:
        raise RuleBroken(N_("Pilih apakah penjelasannya mudah dipahami."), field="jelas")
    month = booking.starts_at.astimezone(office_zone()).date().replace(day=1)
    db.session.add(
        ClinicRating(
            month=month,
            topic=booking.topic,
            kode_kecamatan=booking.kode_kecamatan,
            useful=useful,
            clear=clear,
            is_demo=booking.is_demo,
        )
    )
    booking.is_rated = True
    db.session.flush()
