"""Research: scheme, team, visits, findings, suggestions, and a report that two people look at."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from consultations.actions.people import chair_of, chair_paper, committee_people, on_paper
from consultations.actions.planning import label_of
from consultations.actions.topics import locked as locked_topic
from consultations.models import (
    Finding,
    Research,
    Suggestion,
    TeamMember,
    Topic,
    Visit,
)
from consultations.models.rights import is_chair, is_leader, runs
from cppcc_portal.office import audit, files, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members import duty, gatherings
from members.models import Gathering, Invitation, Membership, Unit, User


@transaction.atomic
def start_research(topic: Topic, *, by: User, at: datetime | None = None) -> Research:
    """An approved topic goes into research; its scheme is drafted."""
    held = locked_topic(topic)
    held.move_to("start_research", by=by, at=at)
    research = Research.objects.create(topic=held)
    topic.refresh_from_db()
    return research


def _locked(research: Research) -> Research:
    return (
        Research.objects.select_for_update(of=("self",))
        .select_related("topic__committee", "topic__leader", "topic__plan")
        .get(pk=research.pk)
    )


def _working_on(research: Research, by: User, verb: str, *states: str) -> Research:
    """The row held, if its content may be changed now by this person; else IllegalMove or NotAllowed."""
    held = _locked(research)
    if not by.is_active or not runs(held.topic, by):
        raise NotAllowed(held, verb)
    if held.status not in (states or (Research.Status.DRAFT, Research.Status.RUNNING)):
        raise IllegalMove(held, verb, _("修改调研"))
    return held


@transaction.atomic
def save_scheme(
    research: Research,
    *,
    by: User,
    outline: str,
    starts_on: date | None,
    ends_on: date | None,
) -> Research:
    """What the research is for, and from when to when."""
    held = _working_on(research, by, "save_scheme")
    if starts_on and ends_on and ends_on < starts_on:
        raise NotReady(held, "save_scheme", [_("结束日期不能早于开始日期。")])
    Research.objects.filter(pk=held.pk).update(
        outline=outline.strip(), starts_on=starts_on, ends_on=ends_on
    )
    held.refresh_from_db()
    return held


@transaction.atomic
def add_to_team(
    research: Research,
    *,
    by: User,
    role: str,
    membership: Membership | None = None,
    guest: str = "",
) -> TeamMember:
    """Take a member, or an expert or staff by name, into the team; exactly one head."""
    held = _working_on(research, by, "add_to_team")
    if (membership is None) == (not guest.strip()):
        raise NotReady(held, "add_to_team", [_("请选择委员，或填写姓名单位（只填一项）。")])
    if role == TeamMember.Role.HEAD and held.team.filter(role=role).exists():
        raise NotReady(held, "add_to_team", [_("已经有组长了；要换组长请先移出原来的。")])
    if membership is not None and held.team.filter(membership=membership).exists():
        raise NotReady(held, "add_to_team", [_("%s已在调研组。") % membership])
    return TeamMember.objects.create(
        research=held, role=role, membership=membership, guest=guest.strip()
    )


@transaction.atomic
def drop_from_team(member: TeamMember, *, by: User) -> None:
    _working_on(member.research, by, "drop_from_team")
    member.delete()


@transaction.atomic
def start(research: Research, *, by: User, at: datetime | None = None) -> None:
    """The scheme stands; the team sets out."""
    held = _locked(research)
    held.move_to("start", by=by, at=at)
    research.refresh_from_db()


@transaction.atomic
def record_visit(
    research: Research,
    *,
    by: User,
    starts_at: datetime,
    place: str,
    method: str,
    met: str,
    seen: str,
    present: Iterable[Membership] = (),
    guests: Iterable[str] = (),
    at: datetime | None = None,
) -> Visit:
    """Keep one visit with who was there; each member who took part gets a duty record."""
    at = at or timezone.now()
    held = _working_on(research, by, "record_visit", Research.Status.RUNNING)
    present = list(present)
    reasons = []
    if not place.strip() or not met.strip() or not seen.strip():
        reasons.append(_("请写明地点、走访的单位和人员、了解到的情况。"))
    if starts_at > at:
        reasons.append(_("走访时间不能晚于现在。"))
    if not present:
        reasons.append(_("请勾选参加走访的委员。"))
    if reasons:
        raise NotReady(held, "record_visit", reasons)
    assert held.topic.committee is not None
    gathering = Gathering.objects.create(
        kind=Gathering.Kind.VISIT,
        title=_("调研走访：%s") % place.strip()[:100],
        place=place.strip(),
        starts_at=starts_at,
        organiser=held.topic.committee,
        recorded_by=by,
        recorded_at=at,
    )
    visit = Visit.objects.create(
        research=held, gathering=gathering, method=method, met=met.strip(), seen=seen.strip()
    )
    invited = gatherings.invite(
        gathering,
        [
            *(
                {
                    "person": seat.person,
                    "category": Invitation.Category.MEMBER,
                    "role": Invitation.Role.RESEARCHER,
                }
                for seat in present
            ),
            *({"guest": name, "category": Invitation.Category.EXPERT} for name in guests),
        ],
        by=by,
        at=at,
    )
    for invitation in invited:
        gatherings.note_present(invitation, by=by, at=at)
    duty.record_attendance(
        gathering,
        visit,
        category="research",
        title=_("参加调研走访：%s") % place.strip(),
        by=by,
        url=held.get_absolute_url(),
    )
    audit.record("research.record_visit", held, by=by)
    return visit


@transaction.atomic
def add_finding(research: Research, *, by: User, kind: str, text: str) -> Finding:
    """The next numbered finding."""
    held = _working_on(research, by, "add_finding", Research.Status.RUNNING)
    if not text.strip():
        raise NotReady(held, "add_finding", [_("请写明调研发现。")])
    return Finding.objects.create(
        research=held, number=_next(held.findings), kind=kind, text=text.strip()
    )


@transaction.atomic
def add_suggestion(
    research: Research, *, by: User, finding: Finding, text: str, addressee: Unit | None
) -> Suggestion:
    """The next numbered suggestion: it rests on a finding and has an addressee."""
    held = _working_on(research, by, "add_suggestion", Research.Status.RUNNING)
    reasons = []
    if not text.strip():
        reasons.append(_("请写明建议。"))
    if addressee is None:
        reasons.append(_("请选择建议对象单位。"))
    if finding.research_id != held.pk:
        reasons.append(_("请选择这次调研的发现。"))
    if reasons:
        raise NotReady(held, "add_suggestion", reasons)
    assert addressee is not None
    return Suggestion.objects.create(
        research=held,
        number=_next(held.suggestions),
        finding=finding,
        text=text.strip(),
        addressee=addressee,
    )


def _next(rows: Any) -> int:
    return int(rows.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def submit_report(
    research: Research,
    *,
    by: User,
    summary: str,
    upload: Any = None,
    report: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """Hand the report to the committee's chair: visits, suggestions and the file are there."""
    at = at or timezone.now()
    held = _locked(research)
    held.require("submit_report", by=by)
    if upload is not None:
        report = files.accept(upload, subject=held, by=by)
    held.move_to(
        "submit_report",
        by=by,
        at=at,
        summary=summary.strip(),
        report=report or held.report,
        first_visit=held.visits.first(),
        first_suggestion=held.suggestions.first(),
    )
    notices.tell(
        "report_to_check",
        held,
        people=chair_of(held.topic, timezone.localdate(at)),
        round=held.changes.filter(verb="submit_report").count(),
        at=at,
        words={"committee": str(held.topic.committee), **label_of(held.topic)},
    )
    research.refresh_from_db()


@transaction.atomic
def check(
    research: Research,
    *,
    by: User,
    note: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The committee's chair has read the report; it goes to the leader in charge."""
    at = at or timezone.now()
    held = _locked(research)
    paper = chair_paper(held, held.topic, "check", by, scan)
    held.move_to("check", by=by, note=note, at=at, **paper)
    leader = held.topic.leader
    notices.tell(
        "report_to_approve",
        held,
        people=[leader] if leader else [],
        round=held.changes.filter(verb="check").count(),
        at=at,
        words={"committee": str(held.topic.committee), **label_of(held.topic)},
    )
    research.refresh_from_db()


@transaction.atomic
def approve(
    research: Research,
    *,
    by: User,
    note: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The leader in charge approves the report; now the session may be notified."""
    at = at or timezone.now()
    topic = locked_topic(research.topic)
    held = _locked(research)
    paper = on_paper(
        held, "approve", acts=is_leader(topic, by), by=by, behalf=topic.leader, scan=scan
    )
    held.move_to("approve", by=by, note=note, at=at, **paper)
    topic.move_to("finish_research", by=by, at=at)
    notices.tell(
        "report_approved",
        held,
        people=committee_people(topic, timezone.localdate(at)),
        at=at,
        words=label_of(topic),
    )
    research.refresh_from_db()


@transaction.atomic
def return_report(
    research: Research,
    *,
    by: User,
    note: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """Chair or leader want it revised, and say what."""
    at = at or timezone.now()
    held = _locked(research)
    if not note.strip():
        raise NotReady(held, "return_", [_("请写明需要修改的地方。")])
    acts = is_chair(held.topic, by) or is_leader(held.topic, by)
    paper = on_paper(held, "return_", acts=acts, by=by, behalf=_("专委会主任或牵头领导"), scan=scan)
    held.move_to("return_", by=by, note=note, at=at, **paper)
    notices.tell(
        "report_returned",
        held,
        people=committee_people(held.topic, timezone.localdate(at)),
        round=held.changes.filter(verb="return_").count(),
        at=at,
        words=label_of(held.topic),
    )
    research.refresh_from_db()
