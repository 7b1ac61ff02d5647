"""Whose turn it is on a topic, by when, and why that day."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from consultations.models import Research, Session, Topic
from cppcc_portal.office.deadlines import Deadline
from cppcc_portal.office.turns import Turn, dated

_AHEAD = (Session.Status.PLANNED, Session.Status.NOTIFIED, Session.Status.OPEN)


def _turn_of_research(topic: Topic, user: Any, today: date) -> Turn:
    """The committee works, its chair checks the report, the leader in charge approves it."""
    research = getattr(topic, "research", None)
    committee = str(topic.committee or _("专委会"))
    if research is not None and research.status == Research.Status.REPORTED:
        mine = topic.committee_id in user.chaired_ids
        return dated(str(_("%s主任") % committee), _("审核调研报告。"), None, today, mine=mine)
    if research is not None and research.status == Research.Status.CHECKED:
        leader = topic.leader
        mine = leader is not None and leader.user_id == user.pk
        who = leader.name if leader else str(_("牵头领导"))
        return dated(who, _("审定调研报告。"), None, today, mine=mine)
    mine = topic.committee_id is not None and topic.committee_id in user.body_ids
    return dated(committee, _("走访调研，提交调研报告。"), None, today, mine=mine)


def turn_of_topic(
    topic: Topic,
    user: Any,
    today: date,
    clock: Deadline | None = None,
    sessions: Sequence[Session] = (),
) -> Turn | None:
    """Needs the topic with committee, leader, proposer and research; with `clock` the date says why.

    With the topic's `sessions` a page also says which of them comes next.
    """
    status = Topic.Status
    office, committee = str(_("秘书处办公室")), str(topic.committee or _("专委会"))
    in_office = user.has_perm("consultations.plan_topics")
    of_committee = topic.committee_id is not None and topic.committee_id in user.body_ids
    match topic.status:
        case status.DRAFT | status.RETURNED:
            mine = topic.proposer_id in user.seat_ids or topic.entered_by_id == user.pk
            what = _("写完后提交。")
            if topic.status == status.RETURNED:
                what = _("按办公室的说明修改后再提交。")
            return dated(topic.proposer_name, what, None, today, mine=mine)
        case status.PROPOSED:
            due_on, why = (clock.due_on, clock.explain()) if clock else (None, "")
            what = _("审核：回答三条标准并确定承办专委会，或退回、不采用。")
            return dated(office, what, due_on, today, why=why, mine=in_office)
        case status.SCREENED:
            return dated(office, _("列入年度协商计划。"), None, today, mine=in_office)
        case status.IN_PLAN:
            what = _("报党组会议、主席会议、区委常委会批准后印发。")
            return dated(office, what, None, today, mine=in_office)
        case status.APPROVED:
            return dated(committee, _("开始调研。"), None, today, mine=of_committee)
        case status.RESEARCHING:
            return _turn_of_research(topic, user, today)
        case status.RESEARCH_DONE:
            ahead = [one for one in sessions if one.status in _AHEAD]
            if ahead:
                first = min(ahead, key=lambda one: one.gathering.starts_at)
                what = _("召开“%(session)s”（%(status)s）。") % {
                    "session": first,
                    "status": first.get_status_display(),
                }
                return dated(committee, what, first.gathering.on, today, mine=of_committee)
            what = _("安排协商活动（计划%s月）。") % (topic.month or "")
            return dated(committee, what, None, today, mine=of_committee)
        case status.CONSULTED:
            what = _("签发纪要，提炼意见建议，报送成果。")
            return dated(committee, what, None, today, mine=of_committee)
        case status.OUTCOME_SENT:
            return dated(office, _("逐条交办意见建议。"), None, today, mine=in_office)
        case status.TRACKING:
            what = _("逐条答复、落实，核实后办结。")
            return dated(str(_("承办单位、专委会")), what, None, today)
    return None
