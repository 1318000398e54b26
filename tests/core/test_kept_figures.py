"""Figures over a whole register: right as long as that is cheap, and never worked out more than a fiftieth of the time."""

import pytest

from app.core import kept_figures, short_memory
from app.core.caching import pages_of
from app.core.kept_figures import kept_figure
from app.core.short_memory import ShortMemory


class Clock:
    """Time that goes on when told."""

    def __init__(self):
        self.seconds = 1000.0

    def monotonic(self):
        return self.seconds


@pytest.fixture
def clock(app, monkeypatch):
    """The clock of kept figures, which are kept in this test."""
    made = Clock()
    monkeypatch.setattr(kept_figures, "time", made)
    monkeypatch.setattr(short_memory, "time", made)
    monkeypatch.setitem(app.config, "KEEP_FIGURES", True)
    monkeypatch.delitem(app.extensions, kept_figures.KEPT, raising=False)
    return made


class Register:
    """Something that is counted, which takes a while."""

    def __init__(self, app, clock, takes):
        self.pages, self.clock, self.takes = pages_of(app), clock, takes
        self.rows, self.counted = 0, 0

    def revision(self):
        return str(self.rows)

    def add(self):
        self.rows += 1
        self.pages.revision(self.revision_of).forget()

    def count(self):
        self.counted += 1
        self.clock.seconds += self.takes
        return self.rows

    def asked(self):
        return kept_figure("rows", self.revision_of, self.count)

    @property
    def revision_of(self):
        return self.__dict__.setdefault("_read", self.revision)


def test_a_quick_figure_is_right_after_each_change(app, clock):
    register = Register(app, clock, takes=0.01)
    assert register.asked() == 0
    register.add()
    assert register.asked() == register.asked() == 1
    assert register.counted == 2  # once for each state


def test_a_slow_figure_takes_at_most_a_fiftieth_of_the_time(app, clock):
    register = Register(app, clock, takes=2.0)
    register.asked()
    register.add()
    clock.seconds += 99
    assert register.asked() == 0  # two seconds of work are good for a hundred
    clock.seconds += 2
    assert register.asked() == 1


def test_who_asks_while_a_figure_is_worked_out_is_given_what_is_known(app, clock):
    register = Register(app, clock, takes=2.0)
    register.asked()
    register.add()
    clock.seconds += 200
    during = []

    def count():
        during.append(register.asked())
        return register.count()

    assert kept_figure("rows", register.revision_of, count) == 1
    assert during == [0]


def test_without_keeping_each_answer_is_made_anew(app):
    made = []
    for number in range(2):
        kept_figure("rows", lambda: "same", lambda number=number: made.append(number))
    assert made == [0, 1]


def test_the_short_memory_forgets_in_time_and_stays_small(clock, monkeypatch):
    monkeypatch.setattr(short_memory, "MOST", 2)
    memory = ShortMemory()
    for key in "abc":
        memory.put(key, key)
    assert [memory.get(key) for key in "abc"] == [None, "b", "c"]
    clock.seconds += short_memory.LASTS + 1
    assert memory.get("c") is None
