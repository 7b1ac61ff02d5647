"""A small district with a committee, and the states of a topic in it, reached by actions."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from consultations import defaults
from consultations.actions import meeting, outcome, planning, researching, topics
from consultations.models import (
    OutcomeDocument,
    Recommendation,
    Research,
    Session,
    SessionForm,
    TeamMember,
    Topic,
    Visit,
)
from cppcc_portal.office import decisions, files
from cppcc_portal.office.decisions import DecidingBody, Decision
from cppcc_portal.office.files import Attachment
from feedback.actions import adopting
from feedback.models import Adoption
from members import actions as member_actions
from members import duty
from members.models import Committee, Gathering, Invitation, Membership, User
from members.roles import Role
from tests import people
from tests.laid import once

SPRING = datetime(2026, 2, 2, 10, tzinfo=people.CHINA)
MEETING = datetime(2026, 5, 12, 14, tzinfo=people.CHINA)
TEXT = {
    "title": "推进老旧小区适老化改造",
    "background": "老旧小区老人多、台阶多，出行不便。",
    "suggestion": "怎样分批改造，钱从哪里来。",
    "no_secret": True,
}


def pdf(name: str = "报告.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n")


@once
def district() -> SimpleNamespace:
    """An office, a committee with chair and staff, a leader, members, two units."""
    plenary = people.term_with_plenary()
    people.lists()
    defaults.lay_down_lists()
    duty.lay_down_categories()
    decisions.ensure_default_bodies()
    committee = _committee("社会法制委", plenary.term)
    other = _committee("经济科技委", plenary.term)
    housing, fire = people.unit("区住建局"), people.unit("区消防救援大队")
    made = SimpleNamespace(
        plenary=plenary,
        committee=committee,
        other_committee=other,
        housing=housing,
        fire=fire,
        office=people.account("office", "办公室甲", Role.OFFICE),
        secgen=people.account("secgen", "秘书长甲", Role.SECRETARY_GENERAL),
        leader=people.account("leader", "副主席甲", Role.LEADER),
        chair=people.account(
            "chair", "主任甲", Role.COMMITTEE_CHAIR, body=committee.body_ptr, post="chair"
        ),
        staff=people.account(
            "staff", "干事甲", Role.COMMITTEE_STAFF, body=committee.body_ptr, post="staff"
        ),
        other_chair=people.account(
            "chair2", "主任乙", Role.COMMITTEE_CHAIR, body=other.body_ptr, post="chair"
        ),
        author=people.member("m1", "陈一", plenary.term),
        member=people.member("m2", "黄二", plenary.term),
        third=people.member("m3", "施三", plenary.term),
        clerk=people.account("u1", "经办甲", Role.UNIT_CLERK, body=housing.body_ptr, post="clerk"),
        other_clerk=people.account(
            "u2", "经办乙", Role.UNIT_CLERK, body=fire.body_ptr, post="clerk"
        ),
    )
    Membership.objects.filter(term=plenary.term).update(committee=committee)
    return made


def _committee(name: str, term: Any) -> Committee:
    made = Committee.objects.create(
        kind=Committee.Kind.COMMITTEE, name=name, short_name=name, term=term
    )
    member_actions.open_group(made.body_ptr)
    made.refresh_from_db()
    return made


def seat(user: User) -> Membership:
    return Membership.objects.get(person=user.person)


def decided(
    d: SimpleNamespace, body: str, item: str = "年度协商计划", *, paper: bool = True, **fields: Any
) -> Decision:
    """A passed decision of a body on record, with its number and file."""
    values = {
        "result": Decision.Result.PASSED,
        "meeting_number": "第1次",
        "document_number": "海委常〔2026〕3号",
        **fields,
    }
    decision = Decision.objects.create(
        body=DecidingBody.objects.get(code=body),
        held_on=date(2026, 2, 20),
        item=item,
        recorded_by=d.office,
        created_at=datetime(2026, 2, 21, tzinfo=people.CHINA),
        **values,
    )
    if paper:
        files.accept(
            pdf("会议纪要.pdf"), subject=decision, by=d.office, kind=Attachment.Kind.DECISION
        )
    return decision


@once
def proposed(d: SimpleNamespace, **fields: Any) -> Topic:
    topic = topics.start_topic(
        by=d.author, membership=seat(d.author), at=SPRING, **{**TEXT, **fields}
    )
    topics.submit(topic, by=d.author, at=SPRING)
    return topic


@once
def screened(d: SimpleNamespace, **fields: Any) -> Topic:
    topic = proposed(d, **fields)
    topics.screen(
        topic,
        by=d.office,
        needed="区政府今年民生实事",
        hoped_for="老人盼望出行方便",
        feasible="委员中有规划和医卫专家",
        committee=d.committee,
        at=SPRING,
    )
    return topic


@once
def in_plan(d: SimpleNamespace, *, year: int = 2026, is_key: bool = True, **fields: Any) -> Topic:
    topic = screened(d, **fields)
    plan = planning.open_year(year, by=d.office)
    planning.put_in_plan(
        topic,
        by=d.office,
        plan=plan,
        form=SessionForm.objects.get(code="counterpart"),
        committee=d.committee,
        leader=d.leader.person,
        month=5,
        is_key=is_key,
        at=SPRING,
    )
    return topic


@once
def issued(d: SimpleNamespace, topic: Topic, *, at: datetime = SPRING) -> None:
    """The topic's plan walks its whole route and is issued."""
    assert topic.plan is not None
    plan = topic.plan
    if plan.status == "collecting":
        planning.close_call(plan, by=d.office, at=at)
    planning.send(plan, by=d.office, at=at)
    for step in plan.steps.select_related("body", "plan"):
        planning.record_step(step, by=d.office, decision=decided(d, step.body.code))
    planning.issue(plan, by=d.office, document_number=f"海委办〔{plan.year}〕8号", at=at)
    topic.refresh_from_db()


@once
def approved(d: SimpleNamespace, **fields: Any) -> Topic:
    topic = in_plan(d, **fields)
    issued(d, topic)
    return topic


@once
def running(d: SimpleNamespace, topic: Topic | None = None) -> Research:
    research = researching.start_research(topic or approved(d), by=d.staff, at=SPRING)
    researching.save_scheme(
        research,
        by=d.staff,
        outline="摸清底数，提出分批改造的办法。",
        starts_on=date(2026, 3, 1),
        ends_on=date(2026, 4, 30),
    )
    researching.add_to_team(
        research, by=d.staff, role=TeamMember.Role.HEAD, membership=seat(d.member)
    )
    researching.start(research, by=d.staff, at=SPRING)
    return research


@once
def visited(d: SimpleNamespace, research: Research | None = None) -> Research:
    research = research or running(d)
    researching.record_visit(
        research,
        by=d.staff,
        starts_at=SPRING + timedelta(days=40),
        place="解放路社区",
        method="visit",
        met="社区书记、居民代表",
        seen="二十三栋楼没有电梯，独居老人一百二十名。",
        present=[seat(d.member), seat(d.third)],
        guests=["南通大学教授"],
        at=SPRING + timedelta(days=41),
    )
    finding = researching.add_finding(
        research, by=d.staff, kind="problem", text="改造资金没有来源。"
    )
    researching.add_suggestion(
        research,
        by=d.staff,
        finding=finding,
        text="建立以奖代补资金。",
        addressee=d.housing,
    )
    return research


@once
def researched(d: SimpleNamespace, research: Research | None = None) -> Topic:
    research = visited(d, research)
    at = SPRING + timedelta(days=60)
    researching.submit_report(research, by=d.staff, summary="建议分三批。", upload=pdf(), at=at)
    researching.check(research, by=d.chair, at=at)
    researching.approve(research, by=d.leader, at=at)
    return Topic.objects.get(pk=research.topic_id)


@once
def planned(d: SimpleNamespace, topic: Topic | None = None) -> Session:
    """A session with somebody of each category, not yet notified."""
    session = meeting.plan_session(
        topic or researched(d),
        by=d.staff,
        title="老旧小区适老化改造对口协商",
        starts_at=MEETING,
        place="区政协三楼会议室",
    )
    guests = {
        "expert": "南通大学教授",
        "department": "区住建局副局长",
        "grass_roots": "解放路社区书记",
        "public": "居民代表",
    }
    meeting.invite(
        session,
        [
            *(
                {"person": user.person, "category": "member", "role": "participant"}
                for user in (d.author, d.member, d.third)
            ),
            *({"guest": name, "category": category} for category, name in guests.items()),
        ],
        by=d.staff,
    )
    return session


@once
def notified(d: SimpleNamespace, session: Session | None = None) -> Session:
    session = session or planned(d)
    meeting.notify(session, by=d.staff, at=MEETING - timedelta(days=25))
    return session


@once
def held(d: SimpleNamespace, session: Session | None = None) -> Session:
    """Two of three members checked in, one of the guests was noted by staff."""
    session = session or notified(d)
    meeting.open_check_in(session, by=d.staff, at=MEETING - timedelta(minutes=25))
    for user in (d.author, d.member):
        meeting.check_in(session, by=user, at=MEETING - timedelta(minutes=5))
    guest = session.gathering.invitations.filter(category="expert").get()
    meeting.note_attendance(guest, by=d.staff, came=True, at=MEETING)
    meeting.close_check_in(session, by=d.staff, at=MEETING + timedelta(hours=2))
    return session


@once
def archived(d: SimpleNamespace, session: Session | None = None) -> Session:
    session = session or held(d)
    at = MEETING + timedelta(days=2)
    session = meeting.save_minutes(
        session, by=d.staff, version=session.version, minutes="各方赞成分三批改造。"
    )
    meeting.submit_minutes(session, by=d.staff, at=at)
    meeting.sign_minutes(session, by=d.chair, at=at)
    meeting.archive(session, by=d.staff, at=at)
    return session


@once
def sent(d: SimpleNamespace, session: Session | None = None) -> OutcomeDocument:
    session = session or archived(d)
    document = outcome.draft_document(
        session, by=d.staff, kind="bulletin", title="关于推进老旧小区适老化改造的协商专报"
    )
    outcome.extract(
        document,
        by=d.staff,
        text="设立以奖代补资金，三年分批改造。",
        lead=d.housing,
        finding=session.topic.research.findings.get(),
        voiced_by=seat(d.author),
    )
    outcome.submit_document(
        document, by=d.office, document_number="海政协〔2026〕15号", at=MEETING + timedelta(days=6)
    )
    return document


@once
def assigned(d: SimpleNamespace, document: OutcomeDocument | None = None) -> Adoption:
    document = document or sent(d)
    recommendation: Recommendation = document.recommendations.get()
    return adopting.assign(recommendation, by=d.office, at=MEETING + timedelta(days=8))


@once
def adopted(d: SimpleNamespace, adoption: Adoption | None = None) -> Adoption:
    adoption = adoption or assigned(d)
    at = MEETING + timedelta(days=20)
    adopting.acknowledge(adoption, by=d.clerk, contact="经办甲", at=at)
    adopting.answer(
        adoption,
        by=d.clerk,
        conclusion=Adoption.Conclusion.ADOPTED,
        answer="同意，列入明年民生实事。",
        commitments=[{"what": "完成第一批三个小区", "who": "局长甲", "due_on": date(2026, 12, 20)}],
        at=at,
    )
    return adoption


@once
def done(d: SimpleNamespace, adoption: Adoption | None = None) -> Adoption:
    adoption = adoption or adopted(d)
    at = MEETING + timedelta(days=90)
    adopting.report_progress(adoption, by=d.clerk, text="已完成两个小区。", at=at)
    adopting.report_done(adoption, by=d.clerk, effect="livelihood", upload=pdf("验收单.pdf"), at=at)
    return adoption


@once
def verified(d: SimpleNamespace, adoption: Adoption | None = None) -> Adoption:
    adoption = adoption or done(d)
    adopting.verify(adoption, by=d.chair, note="到现场看过。", at=MEETING + timedelta(days=95))
    return adoption


@once
def planned_on(d: SimpleNamespace, topic: Topic, like: Session) -> Session:
    """A second session on another topic, resting on a waiver."""
    session = planned(d, topic)
    meeting.waive_research(
        session, by=d.office, leader=d.leader.person, reason="同题已调研", paper=pdf()
    )
    return session


@once
def visited_again(d: SimpleNamespace, research: Research) -> None:
    """One more visit, as rows: the report may be approved already."""
    gathering = Gathering.objects.create(
        kind=Gathering.Kind.VISIT,
        title="再访",
        place="和平社区",
        starts_at=SPRING,
        organiser=d.committee,
        recorded_by=d.staff,
    )
    Invitation.objects.create(
        gathering=gathering, person=d.member.person, category="member", role="researcher"
    )
    Visit.objects.create(research=research, gathering=gathering, met="书记", seen="台阶多")


@once
def extra_advice(d: SimpleNamespace, document: OutcomeDocument, number: int) -> Adoption:
    """One more document of the same session with one sentence of advice, assigned."""
    more = outcome.draft_document(
        document.session, by=d.staff, kind="report", title=f"报告{number}"
    )
    outcome.extract(more, by=d.staff, text="再办", lead=d.housing, minute="会上提出")
    outcome.submit_document(more, by=d.office, document_number=f"海政协〔2026〕{20 + number}号")
    return adopting.assign(more.recommendations.get(), by=d.office)
