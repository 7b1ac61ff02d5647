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
from proposals.actions.seals import words_under_seal
from proposals.actions.writing import plenary_at
from proposals.models import Collective, Draft, FurtherBody, Proposal, Proposer, ProposerKind
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
        changed["seal_digest"] = words_under_seal(proposal, by=by)
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


FURTHER = ("contact_name", "contact_phone")


@transaction.atomic
def add_body(
    proposal: Proposal,
    *,
    by: User,
    body: Body,
    contact_name: str,
    contact_phone: str,
    seal: UploadedFile | None = None,
    at: datetime | None = None,
) -> FurtherBody:
    """Name a further body that puts the text as well; its seal or signature under the text says so.

    Of a body that was taken off before, the row is taken up again; its seal is asked for anew.
    """
    at = at or timezone.now()
    held = locked(proposal)
    may_write(held, by)
    kind = kind_of(body)
    reasons: list[Any] = []
    if not hasattr(held, "collective"):
        reasons.append(_("只有集体提案可以由几个组织联合提出；委员请用邀请联名。"))
    elif kind is None:
        reasons.append(_("“%s”不在提案者类别之列，请另选组织。") % body.name)
    else:
        reasons += body_in_office(body)
        if held.serial is None:
            reasons += kind_in_season(kind, at)
    if held.proposers.filter(order=0, body=body).exists():
        reasons.append(_("“%s”就是提出这件提案的组织，请选另一个组织。") % body.name)
    if held.further_bodies.standing().filter(body=body).exists():
        reasons.append(_("“%s”已经列为联合提出的组织。") % body.name)
    if not contact_name.strip() or not contact_phone.strip():
        reasons.append(_("请填写联系人和联系电话，承办单位要据此联系。"))
    if reasons:
        raise NotReady(held, "add_body", [str(reason) for reason in reasons])
    assert kind is not None  # told above
    side, _made = FurtherBody.objects.update_or_create(
        proposal=held,
        body=body,
        defaults={
            "kind": kind,
            "contact_name": contact_name.strip(),
            "contact_phone": contact_phone.strip(),
            "left_at": None,
            "seal": None,
            "seal_digest": "",
            "submitted_at": None,
        },
    )
    audit.record("furtherbody.add", side, by=by)
    if seal is not None:
        keep_body(side, by=by, version=side.version, seal=seal)
        side.refresh_from_db()
    return side


@transaction.atomic
def keep_body(
    side: FurtherBody,
    *,
    by: User,
    version: int,
    seal: UploadedFile | None = None,
    **contact: str,
) -> None:
    """Keep a further body's contact and seal; `version` is the one this window last saw."""
    proposal = locked(side.proposal)
    may_write(proposal, by)
    changed: dict[str, Any] = {name: contact[name] for name in FURTHER if name in contact}
    if seal is not None:
        changed["seal"] = files.accept(seal, subject=proposal, by=by, kind=Attachment.Kind.SCAN)
        changed["seal_digest"] = words_under_seal(proposal, by=by)
    now = FurtherBody.objects.select_related("seal").get(pk=side.pk)
    rows = FurtherBody.objects.standing().filter(pk=side.pk, version=version)
    if not rows.update(**changed, version=F("version") + 1):
        raise NotReady(
            side, "keep_body", [_("另一位经办人刚刚改过这个组织的资料，请看过最新内容再保存一次。")]
        )
    if seal is not None and now.seal is not None:
        files.remove(now.seal, by=by, note=_("换了新的盖章扫描件"))
    audit.record("furtherbody.keep", side, by=by)
    side.refresh_from_db()


@transaction.atomic
def remove_body(side: FurtherBody, *, by: User, at: datetime | None = None) -> None:
    """Take a further body off the text while it is in writing; its papers stay on record."""
    proposal = locked(side.proposal)
    may_write(proposal, by)
    rows = FurtherBody.objects.standing().filter(pk=side.pk)
    if not rows.update(left_at=at or timezone.now(), version=F("version") + 1):
        raise NotReady(side, "remove_body", [_("这个组织已经不在联合提出之列。")])
    audit.record("furtherbody.remove", side, by=by)
    side.refresh_from_db()
