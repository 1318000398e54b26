"""Every command of the site in one list; each stands with its feature."""

from app.audit.cli import audit
from app.content.cli import content
from app.cooperatives.cli import user
from app.enterprises.clusters.cli import cluster
from app.intake.cli import cooperative, enterprise
from app.notifications.cli import outbox
from app.operations.backup.cli import backup
from app.operations.cli import settings
from app.operations.moving.cli import database
from app.operations.retention_cli import retention
from app.programs.cli import program
from app.quality.cli import quality
from app.questionnaire.cli import report, totals
from app.review.cli import remind
from app.start_up import demo, start_up

COMMANDS = (
    audit,
    backup,
    cluster,
    content,
    cooperative,
    database,
    demo,
    enterprise,
    outbox,
    program,
    quality,
    remind,
    report,
    retention,
    settings,
    start_up,
    totals,
    user,
)
