"""What waits for the secretariat: figures with the age of the oldest, each opening exactly its rows."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.models import OutcomeDocument, Research, Session, Topic
from consultations.queues import (
    DOCUMENT_QUEUES,
    RESEARCH_QUEUES,
    SESSION_QUEUES,
    TOPIC_QUEUES,
    waits_in,
)
from cppcc_portal.office.audit import AuditEvent, Result
from cppcc_portal.office.jobs import Job
from cppcc_portal.office.notices import Delivery
from cppcc_portal.office.workflow import Workflow, since
from feedback.models import Adoption, LookBack
from feedback.queues import ADOPTION_QUEUES, LOOKBACK_QUEUES, adoption_waits_in, lookback_waits_in
from members.models import Commitment, Membership, User
from proposals.models import (
    Evaluation,
    Handling,
    OpinionReport,
    Proposal,
    Publication,
    Rehandling,
    SupervisionMeeting,
    UnitRequest,
)
from proposals.opinion_turns import OPINION_QUEUES, opinion_waits_in
from proposals.queues import (
    ENTERED,
    EXAMINED,
    HANDLING_QUEUES,
    HANDLINGS_SINCE,
    MEETING_QUEUES,
    PROPOSAL_QUEUES,
    PUBLICATION_QUEUES,
    STAGE,
    TO_PUBLISH,
    handlings_in,
    meetings_in,
    proposals_in,
    stage_queues,
    stages,
)
from proposals.rating_sums import RATING_QUEUES, UNRATED, unrated


@dataclass(frozen=True)
class Queue:
    """What waits: how many, since when the oldest, and the list of exactly these rows."""

    label: Any
    url: str
    count: int
    oldest_days: int | None = None
    late: bool = False


@dataclass(frozen=True)
class Group:
    """Queues about one thing, under its name."""

    label: Any
    queues: list[Queue]


def queue(
    label: Any,
    page: str,
    rows: Any,
    today: date,
    *,
    oldest: Any = None,
    late: Any = False,
    **query: Any,
) -> Queue:
    """One query: the figure and the age of the oldest row (`oldest`: a field or expression)."""
    figures: dict[str, Any] = {"count": Count("pk")}
    if oldest is not None:
        figures["oldest"] = Min(oldest)
    found = rows.order_by().aggregate(**figures)
    address = reverse(f"admin:{page}_changelist")
    if query:
        address = f"{address}?{urlencode(query)}"
    return Queue(
        label,
        address,
        found["count"],
        days_since(found.get("oldest"), today),
        late=bool(late and found["count"]),
    )


def queues_of(
    page: str,
    model: type[Workflow],
    labels: Mapping[str, Any],
    where: Callable[[str], Q],
    today: date,
    *,
    born: str = "",
    due: Mapping[str, str] | None = None,
    late: Iterable[str] = (),
) -> Iterator[Queue]:
    """All queues of one list in one query; `where` says which rows stand in one, `late` which are bad.

    The age is that of the row that has stood longest as it stands; `born` names the date of rows
    that have taken no step yet, `due` the date from which those of a queue are late.
    """
    figures: dict[str, Any] = {}
    for number, name in enumerate(labels):
        figures[f"count_{number}"] = Count("pk", filter=where(name))
        since_when = (due or {}).get(name, "since")
        figures[f"oldest_{number}"] = Min(since_when, filter=where(name))
        if born and since_when == "since":
            figures[f"born_{number}"] = Min(born, filter=where(name) & Q(since=None))
    rows = model._default_manager.annotate(since=since(model))
    found = rows.order_by().aggregate(**figures)
    address = reverse(f"admin:{page}_changelist")
    for number, (name, label) in enumerate(labels.items()):
        count = found[f"count_{number}"]
        moments = (found[f"oldest_{number}"], found.get(f"born_{number}"))
        ages = [days_since(moment, today) or 0 for moment in moments if moment is not None]
        yield Queue(
            label,
            f"{address}?{urlencode({'queue': name})}",
            count,
            max(ages, default=None),
            late=bool(count and name in late),
        )


def days_since(moment: date | datetime | None, today: date) -> int | None:
    """Whole days, as people count them; None when nothing waits."""
    if moment is None:
        return None
    day = timezone.localdate(moment) if isinstance(moment, datetime) else moment
    return max(0, (today - day).days)


def groups(user: Any, today: date) -> list[Group]:
    """What waits for this person by role, by what it is about; a constant number of queries."""
    found = (
        Group(_("提案"), list(_of_proposals(user, today))),
        Group(_("社情民意"), list(_of_opinions(user, today))),
        Group(_("协商"), list(_of_topics(user, today))),
        Group(_("成果转化"), list(_of_adoptions(user, today))),
        Group(_("消息"), list(_of_messages(user, today))),
        Group(_("委员与账号"), [*_of_people(user, today), *_of_accounts(user, today)]),
        Group(_("审计"), list(_of_audit(user, today))),
    )
    return [group for group in found if group.queues]


def _of_proposals(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("proposals.view_proposal"):
        seen = Proposal.objects.visible_to(user)
        in_status = _by_status(seen, [name for name in PROPOSAL_QUEUES if name in Proposal.Status])
        address = reverse("admin:proposals_proposal_changelist")
        for name, label in PROPOSAL_QUEUES.items():
            if name == ENTERED and not user.has_perm("proposals.enter_for_others"):
                continue
            if name in Proposal.Status:
                count, since_when = in_status.get(name, (0, None))
                url = f"{address}?{urlencode({'queue': name})}"
                yield Queue(label, url, count, days_since(since_when, today))
            else:
                rows = proposals_in(seen, name).annotate(since=since(Proposal))
                yield queue(label, "proposals_proposal", rows, today, oldest="since", queue=name)
            if name == Proposal.Status.REVIEWING:
                yield from _of_stages(seen, today)
    if user.has_perm("proposals.view_handling"):
        shares = Handling.objects.visible_to(user)
        for name, label in HANDLING_QUEUES.items():
            oldest = HANDLINGS_SINCE[name]
            late = name != "to_check"
            rows = handlings_in(shares, name, today)
            yield queue(
                label, "proposals_handling", rows, today, oldest=oldest, late=late, queue=name
            )
    if user.has_perm("proposals.view_rehandling"):
        undecided = Rehandling.objects.filter(status=Rehandling.Status.PROPOSED)
        yield queue(
            _("待决定重新办理"),
            "proposals_rehandling",
            undecided,
            today,
            oldest="evaluation__answered_at",
            status__exact=Rehandling.Status.PROPOSED.value,
        )
    if user.has_perm("proposals.enter_for_others"):
        silent = unrated(Evaluation.objects.visible_to(user))
        label = RATING_QUEUES[UNRATED]
        yield queue(label, "proposals_evaluation", silent, today, oldest="due_on", queue=UNRATED)
    if user.has_perm("proposals.decide_request"):
        asked = UnitRequest.objects.visible_to(user).undecided()
        yield queue(
            _("待决定的退办延期申请"),
            "proposals_unitrequest",
            asked,
            today,
            oldest="asked_at",
            late=asked.filter(due_on__lt=today).exists(),
            status__exact=UnitRequest.Status.OPEN.value,
        )
    if user.has_perm("proposals.supervise_proposal"):
        yield from _meetings(today)
    if user.has_perm("proposals.publish_proposal"):
        page, label = "proposals_publication", PUBLICATION_QUEUES[TO_PUBLISH]
        rows = Publication.objects.waiting()
        waiting = queue(label, page, rows, today, oldest="due_on", queue=TO_PUBLISH)
        # The age is that of the day by which it should have been public, once that has passed.
        late = bool(waiting.oldest_days)
        yield replace(waiting, oldest_days=waiting.oldest_days or None, late=late)
    if user.has_perm("members.view_commitment"):
        due_promises = Commitment.objects.filter(status=Commitment.Status.OPEN, due_on__lte=today)
        yield queue(
            _("到期承诺"),
            "members_commitment",
            due_promises,
            today,
            oldest="due_on",
            late=True,
            due="1",
        )


def _by_status(seen: Any, statuses: list[str]) -> dict[str, tuple[int, datetime | None]]:
    """How many proposals stand in each of these statuses, and since when the oldest; in one query."""
    rows = seen.filter(status__in=statuses).annotate(since=since(Proposal))
    counted = rows.order_by().values("status").annotate(count=Count("pk"), oldest=Min("since"))
    return {
        status: (count, oldest)
        for status, count, oldest in counted.values_list("status", "count", "oldest")
    }


def _meetings(today: date) -> Iterator[Queue]:
    """Supervision consultations that wait for the office."""
    now = timezone.now()
    for name, label in MEETING_QUEUES.items():
        rows = meetings_in(SupervisionMeeting.objects.all(), name, now)
        oldest = "gathering__starts_at" if name == "to_record" else None
        late = name == "to_record"
        page = "proposals_supervisionmeeting"
        yield queue(label, page, rows, today, oldest=oldest, late=late, queue=name)


def _of_stages(seen: Any, today: date) -> Iterator[Queue]:
    """What is under review, by the stage that is to speak next; in one query for all stages."""
    in_use = stages()
    rows = seen.filter(status=Proposal.Status.REVIEWING).with_stage()
    rows = rows.annotate(since=since(Proposal)).order_by().values("stage")
    found = {row["stage"]: row for row in rows.annotate(count=Count("pk"), oldest=Min("since"))}
    address = reverse("admin:proposals_proposal_changelist")
    keys = {EXAMINED: None, **{f"{STAGE}{stage.code}": stage.pk for stage in in_use}}
    for name, label in stage_queues(in_use).items():
        row = found.get(keys[name], {"count": 0, "oldest": None})
        url = f"{address}?{urlencode({'queue': name})}"
        yield Queue(label, url, row["count"], days_since(row["oldest"], today))


def _of_opinions(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("proposals.view_opinionreport"):
        page = "proposals_opinionreport"
        yield from queues_of(page, OpinionReport, OPINION_QUEUES, opinion_waits_in, today)


def _of_topics(user: Any, today: date) -> Iterator[Queue]:
    if not user.has_perm("consultations.plan_topics"):
        return
    page = "consultations_topic"
    yield from queues_of(page, Topic, TOPIC_QUEUES, waits_in, today)
    page = "consultations_research"
    yield from queues_of(page, Research, RESEARCH_QUEUES, waits_in, today)
    page = "consultations_session"
    yield from queues_of(page, Session, SESSION_QUEUES, waits_in, today)
    page = "consultations_outcomedocument"
    yield from queues_of(page, OutcomeDocument, DOCUMENT_QUEUES, waits_in, today)


def _of_adoptions(user: Any, today: date) -> Iterator[Queue]:
    if not user.has_perm("feedback.view_adoption"):
        return
    yield from queues_of(
        "feedback_adoption",
        Adoption,
        ADOPTION_QUEUES,
        lambda queue: adoption_waits_in(queue, today),
        today,
        born="assigned_on",
        due={"overdue": "due_on"},
        late=("overdue", Adoption.Status.STALLED),
    )
    if user.has_perm("feedback.view_lookback"):
        yield from queues_of(
            "feedback_lookback",
            LookBack,
            LOOKBACK_QUEUES,
            lambda queue: lookback_waits_in(queue, today),
            today,
            born="year__opened_on",
        )


def _of_messages(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("office.view_delivery"):
        yield queue(
            _("需人工告知"),
            "office_delivery",
            Delivery.objects.call_list(),
            today,
            oldest="notice__created_at",
            todo="call",
        )
        yield queue(
            _("发送失败"),
            "office_delivery",
            Delivery.objects.troubled(),
            today,
            oldest="notice__created_at",
            late=True,
            todo="trouble",
        )


def _of_people(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("members.change_membership"):
        seats = Membership.objects.active().of_current_term()
        yield queue(_("本届在任委员"), "members_membership", seats, today, todo="active")
        yield queue(
            _("没有手机号的委员"),
            "members_membership",
            seats.filter(person__phone_hash=None),
            today,
            todo="no_phone",
        )


def _of_accounts(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("members.view_user"):
        accounts = User.objects.filter(is_active=True)
        yield queue(_("启用的账号"), "members_user", accounts, today, is_active__exact=1)
        yield queue(
            _("还没改首次密码"),
            "members_user",
            accounts.filter(must_change_password=True),
            today,
            oldest="created_at",
            is_active__exact=1,
            must_change_password__exact=1,
        )
        if user.has_perm("members.grant_role"):
            yield queue(
                _("没有角色的账号"),
                "members_user",
                accounts.filter(groups=None),
                today,
                oldest="created_at",
                role="none",
            )
    if user.has_perm("office.view_job"):
        yield queue(
            _("失败的后台任务"),
            "office_job",
            Job.objects.filter(state=Job.State.FAILED),
            today,
            oldest="created_at",
            late=True,
            state__exact=Job.State.FAILED.value,
        )


def _of_audit(user: Any, today: date) -> Iterator[Queue]:
    if user.has_perm("office.view_auditevent"):
        day = timezone.make_aware(datetime.combine(today, datetime.min.time()))
        bounds = {"at__gte": day, "at__lt": day + timedelta(days=1)}
        events = AuditEvent.objects.filter(**bounds)
        words = {name: moment.strftime("%Y-%m-%d %H:%M:%S%z") for name, moment in bounds.items()}
        yield queue(_("今天的审计记录"), "office_auditevent", events, today, **words)
        yield queue(
            _("今天被拒绝的访问"),
            "office_auditevent",
            events.filter(result=Result.DENIED),
            today,
            result__exact=Result.DENIED.value,
            **words,
        )
