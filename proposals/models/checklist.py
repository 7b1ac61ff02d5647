"""What a proposal's record must hold before it is archived (归档), asked of one or of a whole year at once."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.keys import key_of
from members.models import Commitment
from proposals.models.evaluations import Evaluation, Rehandling
from proposals.models.handlings import Handling, HandlingChange
from proposals.models.meetings import MeetingMatter, SupervisionMeeting
from proposals.models.replies import Reply

if TYPE_CHECKING:
    from proposals.models.proposals import Proposal

LETTERS = (Attachment.Kind.REPLY, Attachment.Kind.SCAN, Attachment.Kind.SEAL)


def lacking(proposals: Iterable["Proposal"]) -> dict[int, list[Any]]:
    """For each proposal what its record lacks; the same few queries whatever their number."""
    wanted: dict[int, list[Any]] = {proposal.pk: [] for proposal in proposals}
    shares = list(
        Handling.objects.standing()
        .filter(proposal__in=wanted)
        .select_related("unit")
        .prefetch_related("meeting_results")
        .order_by("pk")
    )
    replies = Reply.objects.sent().filter(handling__in=[share.pk for share in shares])
    by_share: dict[int, list[Reply]] = {}
    for reply in replies:
        by_share.setdefault(reply.handling_id, []).append(reply)
    _letters(shares, by_share, wanted)
    _ratings(wanted)
    _promises(shares, by_share, wanted)
    _meetings(wanted)
    return wanted


def record_is_complete(proposal: "Proposal") -> list[Any]:
    """The checklist of one proposal: letters in, ratings given or over, promises settled."""
    return lacking([proposal])[proposal.pk]


def _letters(
    shares: Sequence[Handling], by_share: dict[int, list[Reply]], wanted: dict[int, list[Any]]
) -> None:
    answering = [share for share in shares if share.answers_proposers]
    needs_scan = parameters.get("proposals.archive_needs_scan")
    with_paper = _with_paper(answering, by_share) if needs_scan else set()
    for share in answering:
        sent = by_share.get(share.pk, [])
        if not sent:
            wanted[share.proposal_id].append(_("缺少%s的答复函。") % share.unit)
        elif needs_scan and share.pk not in with_paper:
            wanted[share.proposal_id].append(
                _("缺少%s答复函的扫描件，请在承办页面补传。") % share.unit
            )


def _with_paper(shares: Sequence[Handling], by_share: dict[int, list[Reply]]) -> set[int]:
    """Shares whose letter is there as a scan: on the reply, on the share, or on the step that entered it.

    The scan of another step (a receipt, a request) is not the letter's.
    """
    entered = HandlingChange.objects.filter(
        subject__in=shares, verb__in=["reply", "submit_for_check"], scan__isnull=False
    )
    found = set(entered.values_list("subject", flat=True))
    owners = {key_of(share): share.pk for share in shares}
    owners |= {key_of(one): share.pk for share in shares for one in by_share.get(share.pk, [])}
    papers = Attachment.objects.present().filter(subject__in=owners)
    on_reply = Q(subject__startswith="proposals.reply:", kind__in=LETTERS)
    letters = papers.filter(on_reply | Q(kind__in=[Attachment.Kind.REPLY, Attachment.Kind.SEAL]))
    return found | {owners[key] for key in letters.values_list("subject", flat=True)}


def _ratings(wanted: dict[int, list[Any]]) -> None:
    waiting = Evaluation.objects.filter(
        reply__handling__proposal__in=wanted, status=Evaluation.Status.WAITING
    )
    undecided = Rehandling.objects.filter(
        handling__proposal__in=wanted, status=Rehandling.Status.PROPOSED
    )
    for pk in set(waiting.values_list("reply__handling__proposal", flat=True)):
        wanted[pk].append(_("还有提案人没有评价，评价期限也还没有过。"))
    for pk in set(undecided.values_list("handling__proposal", flat=True)):
        wanted[pk].append(_("有提案人不满意，还没有决定是否重新办理。"))


def _promises(
    shares: Sequence[Handling], by_share: dict[int, list[Reply]], wanted: dict[int, list[Any]]
) -> None:
    of_key = {
        key_of(one): share.proposal_id
        for share in shares
        for one in (share, *by_share.get(share.pk, []), *share.meeting_results.all())
    }
    still_open = Commitment.objects.filter(subject__in=of_key, status=Commitment.Status.OPEN)
    for promise in still_open.order_by("due_on", "pk"):
        wanted[of_key[promise.subject]].append(
            _("承诺还没有了结：%(what)s（期限 %(until)s）。请先确认兑现，或说明未能兑现。")
            % {"what": promise.what, "until": promise.due_on}
        )


def _meetings(wanted: dict[int, list[Any]]) -> None:
    """Consultations on them that have not been held."""
    ahead = MeetingMatter.objects.filter(
        proposal__in=wanted, meeting__status__in=SupervisionMeeting.AHEAD
    )
    for pk in set(ahead.values_list("proposal", flat=True)):
        wanted[pk].append(_("还有一次督办协商没有召开，请先登记结果或取消。"))
