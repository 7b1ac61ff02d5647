"""What waits for a person, across the apps: what it is, what to do, where, by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Case, Exists, OuterRef, Prefetch, Q, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import Research, Session, Topic
from cppcc_portal.office.deadlines import Deadline, long_date
from cppcc_portal.office.keys import key_of
from feedback.models import Adoption, LookBack
from members.models import Invitation
from proposals.models import (
    Countersign,
    Evaluation,
    Handling,
    MeetingReport,
    OpinionAuthor,
    OpinionDispatch,
    OpinionInvitation,
    OpinionReport,
    Proposal,
    Proposer,
    SupervisionMeeting,
    UnitConsultation,
    UnitRequest,
)
from proposals.models.consultations import may_hand_over
from proposals.models.proposer_kinds import signing_bodies
from proposals.models.reviews import chairs_the_review
from proposals.queues import STAGE, proposals_in, stages
from proposals.turns import share_turn

MOST = 10  # of each kind of task on the home page


@dataclass(frozen=True)
class Task:
    """Something that waits for this person: what it is, what to do, where, by when."""

    label: Any
    title: str
    url: str
    what: str = ""
    due_on: date | None = None
    overdue: bool = False
    days_left: int | None = None


def task(
    label: Any, title: Any, url: str, what: str, today: date, due_on: date | None = None
) -> Task:
    left = (due_on - today).days if due_on else None
    late = left is not None and left < 0
    return Task(label, str(title), url, what, due_on, late, None if late else left)


def tasks_of(user: Any, today: date) -> list[Task]:
    """Everything that waits for this person, most urgent first, then what only they themselves wait for."""
    tasks = [
        *_cosigning(user, today),
        *_rating(user, today),
        *_desk(user, today),
        *_countersigning(user, today),
        *_consulted(user, today),
        *_deciding(user, today),
        *_checking(user, today),
        *_examining(user, today),
        *_handing_over(user, today),
        *_invitations(user, today),
        *_talks(user, today),
        *_reporting(user, today),
        *_advice(user, today),
        *_chairing(user, today),
        *_committee(user, today),
        *_leading(user, today),
        *_looking_back(user, today),
        *_joining_opinions(user, today),
        *_signing_opinions(user, today),
        *_answering_opinions(user, today),
    ]
    tasks.sort(key=lambda task: task.due_on or date.max)
    return [*tasks, *_writing(user, today), *_topics(user, today), *_opinions(user, today)]


def _writing(user: Any, today: date) -> Iterator[Task]:
    """Drafts and returned texts: only their author goes on with them."""
    status = Proposal.Status
    own = Q(proposers__membership__in=user.seat_ids)
    own |= Q(proposers__body__in=signing_bodies(user))
    open_texts = Proposal.objects.filter(
        own,
        status__in=[status.DRAFT, status.COSIGNING, status.RETURNED],
        proposers__order=0,
    ).select_related("draft")
    open_texts = open_texts.defer("draft__situation", "draft__analysis", "draft__suggestions")
    own_step_first = Case(
        When(status=status.RETURNED, then=0), When(status=status.DRAFT, then=1), default=2
    )
    texts = list(open_texts.order_by(own_step_first, "-pk")[:MOST])
    returned = [key_of(one) for one in texts if one.status == status.RETURNED]
    clocks = Deadline.objects.for_subjects(returned) if returned else {}
    for proposal in texts:
        label, title = proposal.get_status_display(), proposal
        if proposal.status == status.COSIGNING:
            what = _("等受邀委员答复；随时可以提交。")
            url = proposal.get_absolute_url()
            yield task(label, title, url, what, today, proposal.cosign_until)
            continue
        what = _("按办公室的说明修改后再提交。")
        if proposal.status == status.DRAFT:
            saved_on = timezone.localtime(proposal.draft.saved_at).date()
            what = _("上次保存 %s，可以接着写。") % long_date(saved_on)
        clock = clocks.get(key_of(proposal), {}).get("revision")
        due_on = clock.due_on if clock is not None and clock.is_open else None
        yield task(label, title, reverse("proposals:edit", args=[proposal.pk]), what, today, due_on)


def _cosigning(user: Any, today: date) -> Iterator[Task]:
    waiting = Proposer.objects.waiting_for(user).order_by("proposal__cosign_until", "pk")[:MOST]
    invitations = waiting.prefetch_related(
        Prefetch("proposal", Proposal.objects.with_first_proposer())
    )
    for invitation in invitations:
        proposal = invitation.proposal
        first = proposal.first_proposer
        what = _("%s 请您看全文，决定是否联名。") % (first.name if first else "")
        url = reverse("proposals:agree", args=[proposal.pk])
        yield task(_("邀请联名"), proposal, url, what, today, proposal.cosign_until)


def _rating(user: Any, today: date) -> Iterator[Task]:
    waiting = Evaluation.objects.waiting_for(user).order_by("due_on", "pk")
    # The first ones alone are joined with what they hang on, not all that wait.
    first = Evaluation.objects.filter(pk__in=waiting.values("pk")[:MOST]).select_related(
        "reply__handling__proposal", "reply__handling__unit"
    )
    for evaluation in first.order_by("due_on", "pk"):
        handling = evaluation.reply.handling
        what = _("%s 已答复，请看答复并评价。") % handling.unit
        url = evaluation.get_absolute_url()
        yield task(_("评价答复"), handling.proposal, url, what, today, evaluation.due_on)


def _desk(user: Any, today: date) -> Iterator[Task]:
    if not user.body_ids:
        return
    shares = Handling.objects.filter(unit__in=user.body_ids).open()
    for handling in shares.select_related("proposal", "unit").order_by("due_on", "pk")[:MOST]:
        turn = share_turn(handling, user, today, clocks={})
        title = f"{handling.proposal.label} {handling.proposal}"
        what = f"{handling.get_role_display()}：{turn.what}" if turn else ""
        due_on = turn.due_on if turn else handling.due_on
        label, url = handling.get_status_display(), handling.get_absolute_url()
        yield task(label, title, url, what, today, due_on)


def _consulted(user: Any, today: date) -> Iterator[Task]:
    """What this person's units are asked before the hand-over."""
    if not user.body_ids:
        return
    asked = UnitConsultation.objects.standing().unanswered().filter(unit__in=user.body_ids)
    for row in asked.with_names().order_by("due_on", "pk")[:MOST]:
        what = _("拟由%(unit)s%(role)s，请答复意见；不答复不等于同意。") % {
            "unit": row.unit,
            "role": row.get_role_display(),
        }
        title = f"{row.proposal.label} {row.proposal}"
        yield task(_("预交办"), title, row.get_absolute_url(), what, today, row.due_on)


def _handing_over(user: Any, today: date) -> Iterator[Task]:
    """What waits for the supervision office's hand-over; the secretariat finds it in its workplace."""
    if user.is_staff or not may_hand_over(None, user):
        return
    count = Proposal.objects.filter(status__in=Proposal.NOT_HANDED_OVER).count()
    if count:
        title = _("待交办的提案 %s 件") % count
        what = _("看各单位的意见，核定承办单位后交办。")
        yield task(_("交办"), title, reverse("desk:hand_overs"), what, today)


def _deciding(user: Any, today: date) -> Iterator[Task]:
    """What units ask for and this person decides; the secretariat finds it in its workplace."""
    if user.is_staff or not user.has_perm("proposals.decide_request"):
        return
    rows = UnitRequest.objects.visible_to(user).undecided()
    asked = rows.with_names().order_by("due_on", "pk")
    for request in asked[:MOST]:
        what = _("%(unit)s：%(reason)s") % {
            "unit": request.share.unit,
            "reason": request.reason[:40],
        }
        label = _("%s申请") % request.get_kind_display()
        title = f"{request.label} {request.matter}"
        yield task(label, title, request.get_absolute_url(), what, today, request.due_on)


def _countersigning(user: Any, today: date) -> Iterator[Task]:
    """Drafts of replies that lead units show to this person's units."""
    if not user.body_ids:
        return
    rows = Countersign.objects.waiting_for(user).with_names()
    for row in rows.order_by("due_on", "pk")[:MOST]:
        title = f"{row.handling.proposal.label} {row.handling.proposal}"
        what = _("%s的答复稿，请看过后会签。") % row.reply.handling.unit
        yield task(_("答复会签"), title, row.get_absolute_url(), what, today, row.due_on)


def _checking(user: Any, today: date) -> Iterator[Task]:
    """Replies that this person checks; the secretariat finds them in its workplace."""
    if user.is_staff or not user.has_perm("proposals.check_reply"):
        return
    rows = Handling.objects.to_check().select_related("proposal", "unit")
    for share in rows.order_by("check_due_on", "pk")[:MOST]:
        title = f"{share.proposal.label} {share.proposal}"
        what = _("审核%s的答复。") % share.unit
        label, url = share.get_status_display(), share.get_absolute_url()
        yield task(label, title, url, what, today, share.check_due_on)


def _examining(user: Any, today: date) -> Iterator[Task]:
    """Texts whose last stage of review waits for the chair of the proposal committee."""
    last = stages()[-1:] if chairs_the_review(user) else []
    for stage in last:
        rows = proposals_in(Proposal.objects.visible_to(user), f"{STAGE}{stage.code}")
        for proposal in rows.order_by("submitted_at", "pk")[:MOST]:
            what = _("看审查意见，提出%s意见。") % stage
            url = proposal.get_absolute_url()
            yield task(_("待%s") % stage, proposal, url, what, today)


def _invitations(user: Any, today: date) -> Iterator[Task]:
    """Sessions to which this person has not yet said whether they come."""
    waiting = Invitation.objects.waiting_for(user).filter(
        gathering__session__status=Session.Status.NOTIFIED, gathering__starts_at__date__gte=today
    )
    rows = waiting.select_related("gathering__session__form")
    for invitation in rows.order_by("gathering__starts_at", "pk")[:MOST]:
        gathering = invitation.gathering
        starts = timezone.localtime(gathering.starts_at)
        what = _("%(when)s，%(place)s。请答复参加或请假。") % {
            "when": starts.strftime("%m-%d %H:%M"),
            "place": gathering.place,
        }
        label, url = str(gathering.session.form), gathering.session.get_absolute_url()
        yield task(label, gathering.title, url, what, today, gathering.on)


def _talks(user: Any, today: date) -> Iterator[Task]:
    """Supervision consultations to which this person has not yet said whether they come."""
    waiting = Invitation.objects.waiting_for(user).filter(
        gathering__supervision_meeting__status=SupervisionMeeting.Status.NOTIFIED,
        gathering__starts_at__date__gte=today,
    )
    rows = waiting.select_related("gathering__supervision_meeting")
    for invitation in rows.order_by("gathering__starts_at", "pk")[:MOST]:
        gathering = invitation.gathering
        starts = timezone.localtime(gathering.starts_at)
        what = _("%(when)s，%(place)s。请答复参加或请假。") % {
            "when": starts.strftime("%m-%d %H:%M"),
            "place": gathering.place,
        }
        url = gathering.supervision_meeting.get_absolute_url()
        yield task(_("督办协商"), gathering.title, url, what, today, gathering.on)


def _reporting(user: Any, today: date) -> Iterator[Task]:
    """Reports that this person's units owe before supervision consultations."""
    rows = MeetingReport.objects.owed_by(user).with_names()
    for report in rows.order_by("due_on", "pk")[:MOST]:
        proposal = report.handling.proposal
        what = _("%s召开督办协商，请会前报告办理进展。") % long_date(report.meeting.gathering.on)
        title, url = f"{proposal.label} {proposal}", report.get_absolute_url()
        yield task(_("进展报告"), title, url, what, today, report.due_on)


def _advice(user: Any, today: date) -> Iterator[Task]:
    """Recommendations that this person's units have to answer or carry out."""
    if not user.body_ids:
        return
    rows = Adoption.objects.delegated_to(user).open().with_names()
    for adoption in rows.order_by("due_on", "pk")[:MOST]:
        words: dict[str, str] = {
            Adoption.Status.ASSIGNED: _("签收，并研究是否采纳。"),
            Adoption.Status.STUDYING: _("答复是否采纳。"),
        }
        what = words.get(adoption.status, _("按承诺落实，完成后报告。"))
        label = adoption.get_status_display()
        yield task(label, adoption, adoption.desk_url, what, today, adoption.due_on)


def _chairing(user: Any, today: date) -> Iterator[Task]:
    """Reports to check, minutes to sign, results to verify by the chair of the committee."""
    if not user.chaired_ids:
        return
    reports = Research.objects.filter(
        topic__committee__in=user.chaired_ids, status=Research.Status.REPORTED
    )
    for research in reports.select_related("topic")[:MOST]:
        what = _("看调研报告，审核或退回。")
        yield task(_("审核调研报告"), research.topic, research.get_absolute_url(), what, today)
    minutes = Session.objects.filter(
        topic__committee__in=user.chaired_ids, status=Session.Status.MINUTES_DRAFT
    )
    for session in minutes.with_names()[:MOST]:
        what = _("看纪要，签发或退回。")
        yield task(_("签发纪要"), session, session.get_absolute_url(), what, today)
    reported = Adoption.objects.filter(
        recommendation__document__session__topic__committee__in=user.chaired_ids,
        status__in=[Adoption.Status.DONE_REPORTED, Adoption.Status.ANSWERED],
    )
    for adoption in reported.with_names()[:MOST]:
        what = _("%s 已报告，请核实或确认。") % adoption.unit
        label = adoption.get_status_display()
        yield task(label, adoption, adoption.get_absolute_url(), what, today)


def _committee(user: Any, today: date) -> Iterator[Task]:
    """What a committee has to begin or to write, for its staff and chair; requests for leave."""
    if not user.body_ids:
        return
    status = Topic.Status
    waiting = {
        status.APPROVED: _("议题已批准，请开始调研。"),
        status.RESEARCH_DONE: _("调研报告已批准，请安排协商活动。"),
    }
    topics = Topic.objects.of_committees(user.body_ids).filter(status__in=waiting)
    planned = Exists(
        Session.objects.filter(topic=OuterRef("pk")).exclude(status=Session.Status.CANCELLED)
    )
    for topic in topics.filter(~planned).order_by("month", "pk")[:MOST]:
        what = waiting[Topic.Status(topic.status)]
        label = topic.get_status_display()
        yield task(label, topic, topic.get_absolute_url(), what, today)
    held = Session.objects.filter(
        topic__committee__in=user.body_ids, status=Session.Status.HELD
    ).with_names()
    for session in held[:MOST]:
        what = _("写纪要，提交专委会主任签发。")
        label = session.get_status_display()
        yield task(label, session, session.get_absolute_url(), what, today)
    leave = Invitation.objects.filter(
        gathering__session__topic__committee__in=user.body_ids,
        status=Invitation.Status.LEAVE_REQUESTED,
        gathering__starts_at__date__gte=today,
    ).select_related("gathering__session", "person")
    for invitation in leave.order_by("gathering__starts_at", "pk")[:MOST]:
        gathering = invitation.gathering
        what = _("%s 请假，请批准或说明。") % invitation.name
        url = gathering.session.get_absolute_url()
        yield task(_("请假待批"), gathering.title, url, what, today, gathering.on)


def _looking_back(user: Any, today: date) -> Iterator[Task]:
    """Look-backs that have been reported and wait for the secretary-general to end them."""
    if not user.has_perm("feedback.close_lookback"):
        return
    reported = LookBack.objects.filter(status=LookBack.Status.REPORTED)
    for look_back in reported.select_related("topic", "year")[:MOST]:
        what = _("已报告主席会议，请结束回头看。")
        label = look_back.get_status_display()
        yield task(label, look_back, look_back.get_absolute_url(), what, today)


def _leading(user: Any, today: date) -> Iterator[Task]:
    """Reports that the leader in charge has to approve."""
    if not user.has_perm("consultations.view_topic"):
        return
    checked = Research.objects.filter(topic__leader__user=user, status=Research.Status.CHECKED)
    for research in checked.select_related("topic")[:MOST]:
        what = _("专委会主任已审核，请批准或退回。")
        yield task(_("审定调研报告"), research.topic, research.get_absolute_url(), what, today)


def _topics(user: Any, today: date) -> Iterator[Task]:
    """Topics this person began and has not handed in."""
    drafts = Topic.objects.proposed_by(user).filter(status__in=Topic.WRITING)
    for topic in drafts[:MOST]:
        what = _("写完后提交，或继续修改。")
        label = _("议题草稿")
        if topic.status == Topic.Status.RETURNED:
            what, label = _("按办公室的说明修改后再提交。"), topic.get_status_display()
        yield task(label, topic, topic.get_absolute_url(), what, today)


def _joining_opinions(user: Any, today: date) -> Iterator[Task]:
    """Reports on which this member is asked to be named with the author."""
    if not user.seat_ids:
        return
    waiting = OpinionInvitation.objects.waiting_for(user).order_by("pk")[:MOST]
    for invitation in waiting.select_related("text", "report"):
        what = _("请您看全文，决定是否共同署名。")
        url = invitation.get_absolute_url()
        yield task(_("共同署名社情民意"), invitation.text, url, what, today)


def _signing_opinions(user: Any, today: date) -> Iterator[Task]:
    """Edited and checked reports that this leader is to sign."""
    if not user.has_perm("proposals.sign_opinionreport"):
        return
    checked = OpinionReport.objects.filter(signer__user=user, status=OpinionReport.Status.CHECKED)
    for report in checked.order_by("pk")[:MOST]:
        what = _("核稿已通过，请签发或退回编辑。")
        yield task(_("签发社情民意"), report, report.get_absolute_url(), what, today)


def _answering_opinions(user: Any, today: date) -> Iterator[Task]:
    """Bulletins that this person's unit is asked to answer."""
    if not user.body_ids:
        return
    asked = OpinionDispatch.objects.unanswered().filter(unit__in=user.body_ids)
    for dispatch in asked.select_related("bulletin__text").order_by("due_on", "pk")[:MOST]:
        what, label, due_on = _("请研究并答复。"), _("答复社情民意"), dispatch.due_on
        if dispatch.status == OpinionDispatch.Status.RETURN_ASKED:
            continue  # it is the office's turn
        if dispatch.status == OpinionDispatch.Status.WAITING:
            what, label, due_on = _("请签收。"), _("签收社情民意"), dispatch.sign_in_due_on
        title, url = dispatch.bulletin.title, dispatch.get_absolute_url()
        yield task(label, title, url, what, today, due_on)


def _opinions(user: Any, today: date) -> Iterator[Task]:
    """Reports this person began and has not handed in."""
    if not user.has_perm("proposals.add_opinionreport"):
        return
    # Of several authors the first one writes.
    first = OpinionAuthor.objects.behind(user).filter(order=0)
    drafts = OpinionReport.objects.filter(
        pk__in=first.values("report"), status__in=OpinionReport.WRITING, entered_by=None
    )
    for report in drafts.order_by("-pk")[:MOST]:
        what, label = _("写完后提交，或继续修改。"), _("社情民意草稿")
        if report.status == OpinionReport.Status.RETURNED:
            what, label = _("按办公室的说明修改后再提交。"), report.get_status_display()
        url = reverse("opinions:write", args=[report.pk])
        yield task(label, report, url, what, today)
