"""Sending a report, with all that the site does when somebody sends one, in Django's ways.

Equal: in one transaction, as durable, the stored answers are validated by the form and by the same row checks against last year
(the site's own, used as a library, so that their cost is the same); the report is locked with a new version; the event keeps the
snapshot; the receipt, the cooperative's timeline and its latest book year are written; the report gets its place in the queue of
the reviewers; and the change is sealed into a chained trail, with the answers that changed since the event before. Not equal,
for the peer: two people who send at once are not told apart, and nothing waits in a fair line.
"""

import hashlib
import json
import secrets
from datetime import date

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.db.models import Q
from django.forms import model_to_dict
from django.http import HttpResponseRedirect
from django.utils import timezone

from app.questionnaire.checks import run_checks
from app.questionnaire.questions import standard
from app.questionnaire.rules import Severity
from app.questionnaire.spreading import standard_prepared
from tests.bench.peer.choices import KECAMATAN, KELURAHAN
from tests.bench.peer.forms import ReportForm
from tests.bench.peer.models import Cooperative, Receipt, Report, ReportEvent, TimelineEvent, TrailEntry
from tests.bench.peer.views import Fill

PLACES = dict(KECAMATAN + KELURAHAN)


class Submit(Fill):
    """Validate the stored answers, lock the report, keep the event with its snapshot, and issue a receipt."""

    def post(self, request, *args, **kwargs):
        with transaction.atomic():
            report = self.object = self.get_object()
            form = ReportForm(data=model_to_dict(report), instance=report)
            if not form.is_valid():
                return self.form_invalid(form)
            answers = _plain(form.cleaned_data)
            findings = _findings(report, answers)
            if any(finding.severity is Severity.ERROR for finding in findings):
                return self.form_invalid(form)
            _send(report, request, answers, [finding.to_json() for finding in findings])
        return HttpResponseRedirect(f"/laporan/{kwargs['slug']}/{kwargs['year']}")


def _plain(values):
    """The answers as JSON keeps them, with what follows from them."""
    answers = json.loads(DjangoJSONEncoder().encode(values))
    return {name: value for name, value in answers.items() if value not in (None, "")} | {
        "kode_kecamatan": answers["kode_kelurahan"][:8],
        "jumlah_anggota": answers["anggota_pria"] + answers["anggota_wanita"],
    }


def _findings(report, answers):
    """What the row checks say, beside last year's report."""
    earlier = Report.objects.filter(cooperative=report.cooperative, year__lt=report.year)
    last = earlier.exclude(status=Report.DRAFT).order_by("-year").first()
    return run_checks(
        standard(),
        answers,
        last=_plain(model_to_dict(last)) if last else None,
        year=report.year,
        today=date.today(),  # noqa: DTZ011
        places=PLACES,
        checks=standard_prepared(standard()),
    )


def _send(report, request, answers, findings):
    """The writes."""
    cooperative = report.cooperative
    before = ReportEvent.objects.filter(report=report).order_by("-id").first()
    report.status, report.submitted_at, report.version = Report.SUBMITTED, timezone.now(), report.version + 1
    report.findings = findings
    report.calm = max(1, round(999 * (1 - max((one["score"] for one in findings), default=0))))
    report.save(update_fields=["status", "submitted_at", "version", "findings", "calm"])
    ReportEvent.objects.create(report=report, actor=request.user, answers=answers, findings=findings)
    Receipt.objects.create(
        report=report,
        code=secrets.token_hex(6),
        answers_digest=hashlib.sha256(json.dumps(answers, sort_keys=True).encode()).hexdigest(),
        declared_name=request.POST["nama"],
    )
    TimelineEvent.objects.create(
        cooperative=cooperative,
        template="Laporan tahun buku %(year)s dikirim",
        params={"year": report.year},
        actor_name=request.user.username,
        link=f"/dinas/periksa/{report.id}",
    )
    older = Q(last_report_year=None) | Q(last_report_year__lt=report.year)
    Cooperative.objects.filter(older, pk=cooperative.pk).update(last_report_year=report.year)
    _seal(report, request.user, before.answers if before else {}, answers)


def _seal(report, actor, before, after):
    """One entry of the trail, chained to the one before."""
    changed = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    head = TrailEntry.objects.order_by("-id").values_list("digest", flat=True).first()
    entry = TrailEntry(
        at=timezone.now(),
        actor=actor,
        action="report.submitted",
        subject_kind="report",
        subject_id=report.id,
        subject_name=f"{report.cooperative}, {report.year}",
        before={"status": Report.DRAFT} | {name: before.get(name) for name in changed},
        after={"status": report.status} | {name: after.get(name) for name in changed},
        salt=secrets.token_hex(16),
    )
    told = [head or "0" * 64, entry.at.isoformat(), actor.id, entry.action, entry.subject_id, entry.salt]
    text = json.dumps([*told, entry.before, entry.after], sort_keys=True)
    entry.digest = hashlib.sha256(text.encode()).hexdigest()
    entry.save(force_insert=True)
