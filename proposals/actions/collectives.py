"""What organisations do to put a proposal of their own: begin it, name contact and writers, seal it."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, files
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import NotReady
from members.models import Body, Term, User
from proposals.actions.holding import locked, may_write
from proposals.actions.writing import plenary_at
from proposals.models import Collective, Draft, Proposal, Proposer, ProposerKind
from proposals.models.collectives import body_in_office, kind_in_season
from proposals.models.proposer_kinds import kind_of, signing_bodies

SIDE = ("contact_name", "contact_phone", "address", "writers")


def kind_for(body: Body, *, by: User, at: datetime) -> ProposerKind:
    """The kind under which this person may begin a proposal for the body now."""
    kind = kind_of(body)
    if kind is None:
        raise PermissionDenied(_("“%s”不在提案者类别之列。") % body.name)
    if body.pk not in signing_bodies(by) and not by.has_perm("proposals.enter_for_others"):
        raise PermissionDenied(
            _("只有“%(body)s”的%(roles)s可以提出它的提案。")
            % {"body": body.name, "roles": kind.who_signs}
        )
    if reasons := [*body_in_office(body), *kind_in_season(kind, at)]:
        raise NotReady(Proposal(), "start_draft", [str(reason) for reason in reasons])
    return kind


@transaction.atomic
def start_collective(*, by: User, body: Body, at: datetime | None = None, **side: str) -> Proposal:
    """Open an empty draft in the name of a body, by who signs for it or by staff from paper (代录)."""
    at = at or timezone.now()
    if not by.is_active:
        raise PermissionDenied
    kind = kind_for(body, by=by, at=at)
    term = Term.objects.filter(is_current=True).first()
    if term is None:
        raise NotReady(Proposal(), "start_draft", [_("还没有设定当前届次，请先在工作台设定。")])
    plenary = plenary_at(at, term)
    entered_by = None if body.pk in signing_bodies(by) else by
    proposal = Proposal.objects.create(
        term=plenary.term, plenary=plenary, entered_by=entered_by, created_at=at
    )
    Proposer.objects.create(proposal=proposal, body=body, order=0, status=Proposer.Status.AGREED)
    Draft.objects.create(proposal=proposal, saved_by=by, saved_at=at)
    Collective.objects.create(
        proposal=proposal, kind=kind, **{name: side.get(name, "") for name in SIDE}
    )
    audit.record("proposal.start_draft", proposal, by=by)
    return proposal


@transaction.atomic
def keep_collective(
    collective: Collective,
    *,
    by: User,
    version: int,
    seal: UploadedFile | None = None,
    **side: str,
) -> None:
    """Keep contact, writers and seal; `version` is the one this window last saw."""
    proposal = locked(collective.proposal)
    may_write(proposal, by)
    changed: dict[str, Any] = {name: side[name] for name in SIDE if name in side}
    if seal is not None:
        changed["seal"] = files.accept(seal, subject=proposal, by=by, kind=Attachment.Kind.SCAN)
    rows = Collective.objects.filter(pk=collective.pk, version=version)
    now = Collective.objects.select_related("seal").get(pk=collective.pk)
    if not rows.update(**changed, version=F("version") + 1):
        raise NotReady(
            collective, "keep", [_("另一位经办人刚刚改过组织资料，请看过最新内容再保存一次。")]
        )
    if seal is not None and now.seal is not None:
        files.remove(now.seal, by=by, note=_("换了新的盖章扫描件"))
    audit.record("collective.keep", collective, by=by)
    collective.refresh_from_db()
