"""Who is credited with a public-opinion report besides its first author, as its text and state move on."""

from datetime import datetime

from django.db.models import Max

from cppcc_portal.office import notices
from members.models import User
from proposals.actions.opinion_duty import settle_report
from proposals.models import OpinionAuthor, OpinionInvitation, OpinionReport, OpinionText

STATUS = OpinionInvitation.Status


def credit(invitation: OpinionInvitation) -> None:
    """Name the member who agreed among the authors, after those before them."""
    authors = OpinionAuthor.objects.filter(report=invitation.report_id)
    order = (authors.aggregate(last=Max("order"))["last"] or 0) + 1
    OpinionAuthor.objects.create(
        report=invitation.report, membership=invitation.membership, order=order
    )


def discredit(invitation: OpinionInvitation, *, by: User) -> None:
    """Name them no more, and take back what they had for it; who was asked and left stays on record."""
    authors = OpinionAuthor.objects.filter(report=invitation.report_id, order__gt=0)
    authors.filter(membership=invitation.membership_id).delete()
    settle_report(invitation.report.fresh(), by=by)


def tell_invited(kind: str, invitation: OpinionInvitation, *, at: datetime) -> None:
    """A letter to the member who was asked; once for each time of asking."""
    first = invitation.report.first_author
    notices.tell(
        kind,
        invitation,
        people=[invitation.membership.person],
        round=invitation.version + 1,
        at=at,
        words={"who": first.name if first else ""},
        url=invitation.get_absolute_url(),
    )


def agree_on_paper(invitation: OpinionInvitation, scan: object, *, by: User, at: datetime) -> None:
    """Their signature stands on the paper from which staff entered the report."""
    invitation.move_to(
        "agree",
        by=by,
        at=at,
        answered_at=at,
        behalf=str(invitation),
        scan=scan,  # type: ignore[arg-type]  # the paper of the report
    )
    credit(invitation)


def ask_again(
    report: OpinionReport, text: OpinionText, *, by: User, at: datetime, scan: object = None
) -> None:
    """Whoever was shown other words than these decides anew (rule 3); meanwhile they are not named."""
    stale = report.invitations.standing().exclude(text=text)
    for invitation in stale.select_related("membership__person"):
        invitation.report = report
        agreed = invitation.status == STATUS.AGREED
        invitation.move_to("ask_again", by=by, at=at, text=text, answered_at=None)
        if agreed:
            discredit(invitation, by=by)
        if scan is not None:
            agree_on_paper(invitation, scan, by=by, at=at)
        else:
            tell_invited("opinion_coauthor_asked_again", invitation, at=at)


def lapse_all(report: OpinionReport, *, by: User, at: datetime, silent: bool = False) -> None:
    """Who has not answered is not named any more; they are told, except of what was taken out."""
    waiting = report.invitations.filter(status=STATUS.WAITING)
    for invitation in waiting.select_related("membership__person"):
        invitation.move_to("lapse", by=by, at=at)
        if not silent:
            notices.tell(
                "opinion_coauthor_lapsed",
                invitation,
                people=[invitation.membership.person],
                round=invitation.version,
                at=at,
                url="/",
            )
