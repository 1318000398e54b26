"""What changes from one year's questions to the next: added, no longer asked, changed, with old and new words. Plain Python."""

from dataclasses import dataclass

from app.core.text import N_, Text
from app.questionnaire.edition_settings import NAMES, spoken, typed_of
from app.questionnaire.question import Question
from app.questionnaire.questions import Questionnaire


@dataclass(frozen=True)
class Difference:
    """One setting, before and after, in words."""

    name: str
    before: str | Text
    after: str | Text


@dataclass(frozen=True)
class Changed:
    """One question that is asked in both years, differently. ``before`` has the old number and label."""

    before: Question
    after: Question
    differences: tuple[Difference, ...]


@dataclass(frozen=True)
class Comparison:
    """``moved``: how many questions only bear another number."""

    added: tuple[Question, ...]
    retired: tuple[Question, ...]
    changed: tuple[Changed, ...]
    sections: tuple[Difference, ...]
    moved: int

    @property
    def nothing(self) -> bool:
        return not (self.added or self.retired or self.changed or self.sections or self.moved)


def compare(before: Questionnaire, after: Questionnaire) -> Comparison:
    """The questions asked ``after`` against those asked ``before``."""
    changed, moved = [], 0
    for question in after.questions:
        old = before.by_code.get(question.code)
        if old is None:
            continue
        if found := differences(old, question):
            changed.append(Changed(old, question, found))
        elif old.number != question.number:
            moved += 1
    return Comparison(
        added=tuple(one for one in after.questions if one.code not in before.by_code),
        retired=tuple(one for one in before.questions if one.code not in after.by_code),
        changed=tuple(changed),
        sections=tuple(_sections(before, after)),
        moved=moved,
    )


def differences(old: Question, new: Question) -> tuple[Difference, ...]:
    """The settings that differ; a number alone does not count, it follows from what stands above."""
    before, after = typed_of(old), typed_of(new)
    return tuple(
        Difference(NAMES[name], spoken(name, before[name]), spoken(name, after[name]))
        for name in NAMES
        if name != "nomor" and before[name] != after[name]
    )


def _sections(before: Questionnaire, after: Questionnaire) -> list[Difference]:
    found = []
    old = {section.number: section for section in before.sections}
    for section in after.sections:
        if was := old.get(section.number):
            for name, then, now in (
                (N_("Judul bagian"), was.title, section.title),
                (N_("Pengantar bagian"), was.intro, section.intro),
            ):
                if then != now:
                    found.append(Difference(name, then, now))
    return found
