"""纸质联名: members who signed the paper are entered as co-signers, with the scan of their signatures."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Membership, User
from proposals.actions.holding import locked
from proposals.actions.people import people_behind
from proposals.actions.writing import freeze
from proposals.models import Proposal, Proposer, TextVersion
from proposals.models.proposals import ready_to_invite, titled
from proposals.models.rights import may_take_signatures


@transaction.atomic
def sign_on_paper(
    proposal: Proposal,
    *,
    by: User,
    memberships: Iterable[Membership],
    scan: Attachment,
    at: datetime | None = None,
) -> int:
    """Enter who signed on paper, under the text as it now stands frozen; return how many.

    While the text is in writing, by staff who entered it; under review, by any of the office.
    """
    at = at or timezone.now()
    held = locked(proposal)
    if held.status not in {*Proposal.MOVES["submit"].old, *Proposal.UNDER_REVIEW}:
        raise IllegalMove(held, "sign_on_paper", _("登记纸质联名"))
    if not by.is_active or not may_take_signatures(held, by):
        raise NotAllowed(held, "sign_on_paper")
    text, signers = _signed(held, memberships, by=by, at=at)
    order = held.proposers.aggregate(last=Max("order"))["last"] or 0
    known = {proposer.membership_id: proposer for proposer in held.proposers.all()}
    signed = []
    for seat in signers:
        proposer = known.get(seat.pk)
        if proposer is None:
            order += 1
            proposer = Proposer.objects.create(
                proposal=held, membership=seat, order=order, text=text
            )
        proposer.move_to(
            "sign_on_paper",
            by=by,
            at=at,
            behalf=seat.person.name,
            scan=scan,
            paper=scan,
            text=text,
            answered_at=at,
        )
        signed.append(proposer)
    fields = {"current_text": text, **titled(text.title)}
    if held.kind == Proposal.Kind.INDIVIDUAL:
        fields["kind"] = Proposal.Kind.COSIGNED
    Proposal.objects.filter(pk=held.pk).update(**fields)
    first = held.first_proposer
    for proposer in signed:
        notices.tell(
            "signed_on_paper",
            proposer,
            people=people_behind([proposer, *([first] if first else [])]),
            round=proposer.version,
            at=at,
            words={"who": proposer.name},
            url=held.get_absolute_url(),
        )
    proposal.refresh_from_db()
    return len(signed)


def _signed(
    proposal: Proposal, memberships: Iterable[Membership], *, by: User, at: datetime
) -> tuple[TextVersion, list[Membership]]:
    """The frozen text and who signed it; NotReady where the words changed, or somebody cannot sign."""
    first = proposal.first_proposer
    seats = list(
        Membership.objects.active()
        .of_current_term()
        .filter(pk__in=[seat.pk for seat in memberships])
        .exclude(pk=(first and first.membership_id) or 0)
        .select_related("person")
    )
    there = set(proposal.proposers.confirmed().values_list("membership", flat=True))
    reasons = [str(reason) for reason in ready_to_invite(proposal)]
    if not seats:
        reasons.append(_("请选择在纸上签名的委员（本届在任，第一提案人除外）。"))
    if already := [seat.person.name for seat in seats if seat.pk in there]:
        reasons.append(_("已经是联名人，不用再登记：%s。") % "、".join(already))
    before = proposal.current_text
    draft = getattr(proposal, "draft", None)
    others = proposal.proposers.filter(
        order__gt=0, status__in=[Proposer.Status.AGREED, Proposer.Status.WAITING]
    )
    if draft and before and draft.digest != before.digest and others.exists():
        reasons.append(
            _("文字有改动，已邀请或已联名的委员还没有看到。请先点「邀请联名」，再登记纸质联名。")
        )
    if reasons:
        raise NotReady(proposal, "sign_on_paper", reasons)
    return freeze(proposal, by=by, at=at), seats
