"""What authors do to report together: name co-authors, agree, decline, leave; until the office registers it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, notices, parameters
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Membership, User
from proposals.actions.opinion_credits import (
    agree_on_paper,
    ask_again,
    credit,
    discredit,
    tell_invited,
)
from proposals.actions.opinions import freeze_text, locked_report, paper_of
from proposals.models import OpinionInvitation, OpinionReport, OpinionText
from proposals.models.opinions import opinion_is_complete, writes_opinion


def may_invite(report: OpinionReport, user: User) -> bool:
    """The first author while writing, where the office lets several report together."""
    return (
        report.status in OpinionReport.WRITING
        and bool(parameters.get("opinions.coauthors_most"))
        and writes_opinion(report, user)
    )


def invitees_for(report: OpinionReport) -> list[int]:
    """Seats that are already among the authors, or asked and not gone again."""
    seats = [*report.invitations.standing().values_list("membership", flat=True)]
    return [*seats, *(author.membership_id for author in report.credited if author.membership_id)]


@transaction.atomic
def invite(
    report: OpinionReport,
    *,
    by: User,
    memberships: Iterable[Membership],
    at: datetime | None = None,
) -> int:
    """Show the frozen text to members and ask them to report together; return how many were asked.

    Of a report that staff entered from paper their signature stands on that paper: they agree at once.
    """
    at = at or timezone.now()
    held = locked_report(report)
    if held.status not in OpinionReport.WRITING:
        raise IllegalMove(held, "invite", _("邀请共同作者"))
    if not by.is_active or not writes_opinion(held, by):
        raise NotAllowed(held, "invite")
    known = invitees_for(held)
    wanted = [seat.pk for seat in memberships if seat.pk not in known]
    # As they are now: somebody may have resigned since the page was opened.
    asked = list(
        Membership.objects.active()
        .of_current_term()
        .filter(pk__in=wanted)
        .select_related("person")
        .order_by("pk")
    )
    reasons = opinion_is_complete(held)
    if not asked:
        reasons.append(_("请选择要邀请的委员；已经署名或已邀请的不用再选。"))
    most = parameters.get("opinions.coauthors_most")
    standing = held.invitations.standing().count()
    if standing + len(asked) > most:
        told = _("共同作者最多 %(most)s 位，已邀请 %(standing)s 位，请少选几位。")
        reasons.append(told % {"most": most, "standing": standing})
    if reasons:
        raise NotReady(held, "invite", reasons)
    scan = paper_of(held, "invite", by).get("scan") if held.is_entered_for_other else None
    text = freeze_text(held, OpinionText.Kind.ORIGINAL, held.parts, by=by, at=at)
    ask_again(held, text, by=by, at=at, scan=scan)
    earlier = {one.membership_id: one for one in held.invitations.all()}
    for seat in asked:
        invitation = earlier.get(seat.pk)
        if invitation is None:
            invitation = OpinionInvitation.objects.create(report=held, membership=seat, text=text)
            audit.record("opinioninvitation.invite", invitation, by=by)
        else:
            invitation.move_to("ask_again", by=by, at=at, text=text, answered_at=None)
        invitation.report, invitation.membership = held, seat
        if scan is None:
            tell_invited("opinion_coauthor_invited", invitation, at=at)
        else:
            agree_on_paper(invitation, scan, by=by, at=at)
    report.refresh_from_db()
    return len(asked)


def _held(invitation: OpinionInvitation) -> OpinionInvitation:
    """The invitation with its report held: an answer comes before the registration, or is told it is late."""
    held: OpinionInvitation = OpinionInvitation.objects.select_related("membership__person").get(
        pk=invitation.pk
    )
    held.report = locked_report(invitation.report)
    return held


@transaction.atomic
def agree(
    invitation: OpinionInvitation,
    *,
    by: User,
    text: int | None = None,
    at: datetime | None = None,
) -> None:
    """Report together on the frozen text; `text` is the version that was on the page."""
    at = at or timezone.now()
    held = _held(invitation)
    held.require("agree", by=by)
    if text is not None and text != held.text_id:
        told = _("您打开页面之后文字又有改动，请看过新文字再决定是否共同署名。")
        raise NotReady(held, "agree", [told])
    if reasons := held.missing("agree"):
        raise NotReady(held, "agree", reasons)
    if by.pk == held.membership.person.user_id:
        held.move_to("agree", by=by, at=at, answered_at=at)
        credit(held)
    else:
        agree_on_paper(held, paper_of(held.report, "agree", by).get("scan"), by=by, at=at)
    _tell_first(held, _("同意共同署名"), at=at)
    invitation.refresh_from_db()


@transaction.atomic
def decline(
    invitation: OpinionInvitation, *, by: User, note: str = "", at: datetime | None = None
) -> None:
    """Do not report together; the first author is told, and reads the remark."""
    at = at or timezone.now()
    held = _held(invitation)
    held.move_to("decline", by=by, at=at, note=note.strip(), answered_at=at)
    _tell_first(held, _("没有署名"), at=at)
    invitation.refresh_from_db()


@transaction.atomic
def leave(
    invitation: OpinionInvitation, *, by: User, note: str = "", at: datetime | None = None
) -> None:
    """Take one's name back before the office registers the report; the first author is told."""
    at = at or timezone.now()
    held = _held(invitation)
    held.move_to("leave", by=by, at=at, note=note.strip())
    discredit(held, by=by)
    _tell_first(held, _("退出署名"), at=at)
    invitation.refresh_from_db()


@transaction.atomic
def cancel_invitation(
    invitation: OpinionInvitation, *, by: User, at: datetime | None = None
) -> None:
    """Take back an invitation that was not yet answered."""
    held = _held(invitation)
    held.move_to("cancel", by=by, at=at)
    invitation.refresh_from_db()


def _tell_first(invitation: OpinionInvitation, answer: str, *, at: datetime) -> None:
    report = invitation.report
    first = report.first_author
    person = first.membership.person if first and first.membership else first and first.person
    if person is None:
        return
    notices.tell(
        "opinion_coauthor_answered",
        invitation,
        people=[person],
        round=invitation.version,
        at=at,
        words={"who": str(invitation), "answer": answer},
        url=report.get_absolute_url(),
    )
