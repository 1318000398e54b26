"""A register of dicts that carries out what a plan says: what a service does on tables, without any."""

from app.intake.differences import ReportKind
from app.intake.matching import Kind, plan
from app.intake.register import Known, Register


class Office:
    """The cooperatives of an office, and the imports that it carries out."""

    def __init__(self):
        self.cooperatives = {}
        self.reports = {}

    def known(self):
        return [Known(id_, dict(values), self.reports[id_]) for id_, values in self.cooperatives.items()]

    def look(self, readings):
        """What importing ``readings`` would do."""
        return list(plan(readings, Register(self.known())))

    def carry_out(self, outcomes):
        """Apply a plan; only new and changed rows do anything."""
        by_row = {}
        for outcome in outcomes:
            if outcome.kind not in (Kind.NEW, Kind.CHANGED):
                continue
            if outcome.match is None and outcome.same_as_row is None:
                id_ = len(self.cooperatives) + 1
                self.cooperatives[id_], self.reports[id_] = dict(outcome.row.register_values()), {}
            else:
                id_ = outcome.match or by_row[outcome.same_as_row]
            by_row[outcome.row.number] = id_
            for change in outcome.changes:
                self.cooperatives[id_][change.field] = change.after
            if outcome.report and outcome.report.kind in (ReportKind.NEW, ReportKind.CHANGED):
                answers = self.reports[id_].setdefault(outcome.report.year, {})
                answers.update({change.field: change.after for change in outcome.report.changes})

    def take(self, readings):
        """Import ``readings``; the plan that was carried out."""
        outcomes = self.look(readings)
        self.carry_out(outcomes)
        return outcomes
