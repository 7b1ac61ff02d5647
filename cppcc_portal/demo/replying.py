"""Replies of key proposals on their way in the demonstration: to be countersigned, signed, checked."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef

from cppcc_portal.demo.district import UNIT
from members.models import Posting, User
from proposals import actions
from proposals.actions import countersigning
from proposals.models import Handling, Proposal, ResultClass

WORDS = (
    "一、核实情况。您反映的问题，我们已会同属地镇街和相关科室逐一核实，情况属实；主要原因是历史"
    "遗留设施不足、日常管护没有落实到人。\n"
    "二、已经做的工作。今年以来，已完成现场排查，建立了问题清单；能够立即整改的已整改到位，需要"
    "资金的已列入项目申报。\n"
    "三、下一步安排。年内完成第一批点位的改造，建立每月巡查和季度通报制度，进展情况书面告知提案人"
    "和区政协提案委。"
)
PROMISE = {"what": "完成第一批点位的改造并组织验收", "who": "分管负责人"}


def tell(*, today: date, now: datetime) -> None:
    """What the demonstration's own unit has to sign and to countersign; another's waits for the check."""
    known = Handling.objects.filter(proposal=OuterRef("proposal"), unit__short_name=UNIT)
    shares = (
        Handling.objects.filter(
            status=Handling.Status.ACKNOWLEDGED,
            proposal__status__in=[Proposal.Status.HANDLING, Proposal.Status.REHANDLING],
            proposal__key_official__isnull=False,
        )
        .exclude(role=Handling.Role.JOINT)
        .select_related("unit", "proposal")
        .annotate(known=Exists(known))
        .order_by("-known", "round", "pk")
    )
    with_joint = [share for share in shares if _joint(share)]
    alone = [share for share in shares if not _joint(share)]
    own = [share for share in alone if share.unit.short_name == UNIT]
    for share in own[:1]:
        _send(share, "A", 21, today=today, at=now - timedelta(hours=20))
    others = [share for share in alone if share not in own[:1]]
    others.sort(key=lambda share: share.unit.short_name == UNIT)
    for share in others[:1]:
        _send(share, "B", 9, today=today, at=now - timedelta(days=2))
        if leader := _posted(share, today, *Posting.LEADS):
            actions.sign(share.fresh(), by=leader, at=now - timedelta(days=1))
    for share in with_joint[:1]:
        _countersign(share, today=today, at=now - timedelta(hours=18))


def _joint(share: Handling) -> list[Handling]:
    others = share.proposal.handlings.standing().filter(role=Handling.Role.JOINT)
    return list(others.exclude(status__in=Handling.GONE).select_related("unit"))


def _posted(share: Handling, on: date, *roles: str) -> User | None:
    postings = Posting.objects.current(on).filter(body=share.unit_id, role__in=roles)
    posting = postings.select_related("person__user").order_by("pk").first()
    return posting.person.user if posting else None


def _letter(share: Handling, letter: str, number: int, at: datetime) -> dict[str, Any]:
    return {
        "text": WORDS,
        "result_class": ResultClass.objects.get(code=letter),
        "document_number": f"海{share.unit.short_name[1:3]}提〔{at.year}〕{number}号",
        "contact_name": share.unit.contact_name,
        "contact_phone": share.unit.contact_phone,
    }


def _send(share: Handling, letter: str, number: int, *, today: date, at: datetime) -> None:
    """The clerk has finished; the leader signs next."""
    clerk = _posted(share, today, Posting.Role.CLERK)
    if clerk is None:
        return
    promise = {**PROMISE, "due_on": today + timedelta(days=180)}
    actions.reply(
        share,
        by=clerk,
        commitments=[promise] if letter == "B" else [],
        at=at,
        **_letter(share, letter, number, at),
    )


def _countersign(share: Handling, *, today: date, at: datetime) -> None:
    """The draft is shown to the joint units; all but the demonstration's own have agreed."""
    clerk = _posted(share, today, Posting.Role.CLERK)
    if clerk is None:
        return
    actions.save_reply(share, by=clerk, at=at, **_letter(share, "A", 33, at))
    for row in actions.send_for_countersign(share.fresh(), by=clerk, at=at):
        answering = _posted(row.handling, today, Posting.Role.CLERK)
        if row.handling.unit.short_name != UNIT and answering is not None:
            countersigning.agree(row, by=answering, remark="同意。", at=at + timedelta(hours=2))
