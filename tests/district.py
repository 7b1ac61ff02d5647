"""A small district and the states of a proposal in it, reached by actions."""

from datetime import datetime
from types import SimpleNamespace

from members.models import Membership, User
from members.roles import Role
from proposals import actions
from proposals.models import Category, Proposal
from tests import people
from tests.laid import once

TEXT = {
    "title": "关于增设老旧小区电动车充电点的建议",
    "situation": "老旧小区充电点不足。",
    "analysis": "飞线充电有隐患。",
    "suggestions": "一、利用边角地增设充电点。",
}
JANUARY = datetime(2026, 1, 5, 10, tzinfo=people.CHINA)


@once
def district() -> SimpleNamespace:
    """A district with an office, three members, a lead and a joint unit."""
    plenary = people.term_with_plenary()
    people.lists()
    housing, fire = people.unit("区住建局"), people.unit("区消防救援大队")
    return SimpleNamespace(
        plenary=plenary,
        housing=housing,
        fire=fire,
        office=people.account("office", "办公室甲", Role.OFFICE),
        author=people.member("m1", "陈一", plenary.term),
        cosigner=people.member("m2", "黄二", plenary.term),
        other=people.member("m3", "施三", plenary.term),
        clerk=people.account("u1", "经办甲", Role.UNIT_CLERK, body=housing.body_ptr, post="clerk"),
        joint_clerk=people.account(
            "u2", "经办乙", Role.UNIT_CLERK, body=fire.body_ptr, post="clerk"
        ),
    )


def seat(user: User) -> Membership:
    return Membership.objects.get(person=user.person)


@once
def drafted(d: SimpleNamespace) -> Proposal:
    proposal = actions.start_draft(by=d.author, at=JANUARY)
    actions.save_draft(proposal, by=d.author, version=1, at=JANUARY, **TEXT)
    actions.save_choices(proposal, by=d.author, may_publish=True, secrecy_confirmed=True)
    proposal.refresh_from_db()
    return proposal


@once
def submitted(d: SimpleNamespace) -> Proposal:
    proposal = drafted(d)
    actions.invite(proposal, by=d.author, memberships=[seat(d.cosigner), seat(d.other)], at=JANUARY)
    invitation = proposal.proposers.get(membership__person=d.cosigner.person)
    actions.agree(invitation, by=d.cosigner, at=JANUARY)
    return actions.submit(proposal, by=d.author, at=JANUARY)


@once
def handed_over(d: SimpleNamespace) -> Proposal:
    proposal = submitted(d)
    actions.file(proposal, by=d.office, category=Category.objects.get(), at=JANUARY)
    actions.hand_over(
        proposal,
        by=d.office,
        lead=d.housing,
        joint=[d.fire],
        at=datetime(2026, 3, 18, 9, tzinfo=people.CHINA),
    )
    return proposal
