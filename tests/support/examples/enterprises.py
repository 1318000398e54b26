"""The register of UKM, their map and groups, and the lists that are imported."""

from collections.abc import Iterable, Iterator

from sqlalchemy import select
from werkzeug.routing import Rule

from app.core.extensions import db
from app.enterprises.clusters.models import Cluster, ClusterRun
from app.enterprises.models import Enterprise, EnterpriseOwner, EnterpriseProduct
from app.enterprises.publication import public_condition
from app.enterprises.rules import State
from app.intake.models import ImportJob, ImportState
from tests.support.examples.common import Values, first

LINKED = ("enterprises.link_overview", "enterprises.link_account")
"""Pages behind a secret link that look otherwise than the owner's."""
OWNED = select(Enterprise.slug).join(EnterpriseOwner)
CITY = "6,51,16,53,18"  # a view of the map that holds all of Malang


def examples(rule: Rule, link: str) -> Iterable[Values] | None:
    """The parameters of ``rule``; None for one that needs no choice of its own."""
    feature = rule.endpoint.partition(".")[0]
    if feature in ("intake", "enterprise_intake") and rule.arguments:
        register = "enterprise" if feature == "enterprise_intake" else "cooperative"
        done = ImportJob.state == ImportState.APPLIED
        wanted = done if rule.endpoint.endswith(".unnamed") else ~done
        return [{"job_id": first(select(ImportJob.id).where(ImportJob.register == register, wanted))}]
    if feature == "clusters" and rule.arguments:
        of = {"run_id": select(ClusterRun.id), "key": select(Cluster.key)}
        return [{name: first(of[name]) for name in rule.arguments}]
    if rule.endpoint == "enterprises.map_squares":
        return [{"kotak": CITY}, {"kotak": CITY, "q": "kripik"}]
    if feature != "enterprises" or not rule.arguments:
        return None
    if rule.endpoint == "enterprises.owner_picture":
        return []  # no page
    if rule.endpoint == "enterprises.release_form":
        return [{"slug": first(OWNED), "person_id": first(select(EnterpriseOwner.user_id))}]
    if "token" in rule.arguments:
        return [{"token": link}] if rule.endpoint in LINKED else []
    return _of_one(rule)


def _of_one(rule: Rule) -> Iterator[Values]:
    """The sign-in's own for its owner; for the office one that waits, one returned, and two that may be one."""
    if rule.endpoint in ("enterprises.show", "enterprises.owner_product"):
        products = select(EnterpriseProduct.id).join(Enterprise).join(EnterpriseOwner)
        own: Values = {"slug": first(OWNED)}
        yield own | ({"product_id": first(products)} if "product_id" in rule.arguments else {})
    elif rule.endpoint in ("enterprises.share_card", "enterprises.office_poster"):
        yield {"slug": first(select(Enterprise.slug).where(public_condition()))}
    elif rule.endpoint.startswith("enterprises.owner_"):
        steps = [{"step": number} for number in (1, 2, 3)] if "step" in rule.arguments else [{}]
        yield from ({"slug": first(OWNED)} | step for step in steps)
    elif "other" in rule.arguments:
        one, other = db.session.scalars(select(Enterprise.slug).order_by(Enterprise.id).limit(2))
        yield {"slug": one, "other": other}
    elif "step" in rule.arguments:
        yield {"slug": first(select(Enterprise.slug).where(Enterprise.state == State.WAITING)), "step": 3}
    else:
        for state in (State.WAITING, State.RETURNED):
            yield {"slug": first(select(Enterprise.slug).where(Enterprise.state == state))}
