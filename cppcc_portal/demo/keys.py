"""Key proposals with their log, awards of last year, and what was revoked, in the demonstration."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cppcc_portal.demo.district import CHAIRED, UNIT, District, moment
from cppcc_portal.demo.papers import paper
from cppcc_portal.office import files
from cppcc_portal.office.decisions import Decision, record_decision
from cppcc_portal.office.files import Attachment
from members.models import Unit
from proposals import actions
from proposals.models import Handling, Proposal, Reply, SupervisionWay

State = Proposal.Status
# Where the key proposals of the year stand, and how many.
WANTED = (
    (State.HANDLING, 3),
    (State.REPLIED, 1),
    (State.REHANDLING, 1),
    (State.TRACKING, 2),
    (State.CLOSED, 2),
    (State.FILED, 1),
)
OFFICIALS = (
    ("沈海舟", "区委副书记、区长"),
    ("陆明远", "区委常委、常务副区长"),
    ("施向东", "副区长"),
    ("黄春晓", "副区长"),
)
# What was done, who took part beside the unit, what was said, what the unit took on.
LOG = (
    (
        "talks",
        "督办领导、提案人、区政协提案委",
        "召开督办协商座谈会。承办单位汇报办理方案，提案人补充了群众最集中的三条意见。",
        "两周内修改方案，书面告知提案人；年内先完成第一批。",
    ),
    (
        "visit",
        "督办领导、提案人、专委会委员",
        "实地察看两处现场，询问进度和资金安排。部分点位进展慢于计划。",
        "对进展慢的点位逐一列出责任人和完成时间。",
    ),
    ("letter", "区政协提案委", "发函了解办理进展，提醒按期答复。", ""),
)
SILENT_DAYS = 45  # since one of them was chosen, without an entry
EXCELLENT, ADVANCED = 9, 3


def tell(district: District, *, today: date, now: datetime) -> None:
    """This year's key proposals, last year's awards, two that were revoked."""
    _choose(district, today=today, now=now)
    _honour(district, now=now)
    _revoke(district, now=now)


def _decided(district: District, item: str, on: date, number: int) -> Decision:
    decision = record_decision(
        by=district.office,
        body="chair_meeting",
        item=item,
        result=Decision.Result.PASSED,
        meeting_number=f"第{number}次",
        held_on=on,
        document_number=f"海政协主席会〔{on.year}〕{number}号",
        at=moment(on, 17),
    )
    upload = paper("主席会议纪要.pdf")
    files.accept(upload, subject=decision, by=district.office, kind=Attachment.Kind.DECISION)
    return decision


def _candidates(before: datetime) -> Iterator[Proposal]:
    """The newest of each state that the meeting knew, what the demonstration's own unit handles first."""
    known = Handling.objects.standing().filter(proposal=OuterRef("pk"), unit__short_name=UNIT)
    for status, count in WANTED:
        rows = Proposal.objects.filter(status=status, submitted_at__lt=before)
        rows = rows.annotate(own=Exists(known))
        yield from rows.order_by("-own", "-filed_at", "-pk")[:count]


def _choose(district: District, *, today: date, now: datetime) -> None:
    decided_on = today - timedelta(days=SILENT_DAYS)
    decision = _decided(district, "确定年度重点提案", decided_on, 38)
    ways = {way.code: way for way in SupervisionWay.objects.all()}
    committees = [district.committees[CHAIRED], district.committees["人资环城建委"]]
    last: Proposal | None = None
    for number, proposal in enumerate(_candidates(moment(decided_on))):
        assert proposal.filed_at is not None  # all of them are filed
        at = max(moment(decided_on, 18), proposal.filed_at + timedelta(hours=3))
        name, post = OFFICIALS[number % len(OFFICIALS)]
        leaders: list[dict[str, Any]] = [{"name": name, "post": post}]
        if number % 2 == 0:
            person = district.accounts["leader"].person
            leaders.append({"name": person.name, "post": "区政协副主席", "person": person})
        actions.select_key(
            proposal,
            by=district.office,
            decision=decision,
            leaders=leaders,
            committee=committees[number % 2],
            at=min(at, now),
        )
        if proposal.status == State.CLOSED:
            last = proposal
        # The first has a full log; every third is silent, and the office is reminded.
        for step, (code, took_part, said, undertook) in enumerate(LOG[: (3, 1, 0)[number % 3]]):
            done = at + timedelta(days=2 + 4 * step, hours=2)
            if done > now or proposal.handed_over_on is None:
                break
            actions.supervise(
                proposal,
                by=district.office,
                way=ways[code],
                on=timezone.localdate(done),
                took_part=f"{took_part}、{proposal.handlings.standing()[0].unit}",
                said=said,
                undertook=undertook,
                upload=paper("督办纪要.pdf") if code == "talks" else None,
                at=done,
            )
    if last is not None:
        change = _decided(district, "调整年度重点提案", today - timedelta(days=6), 40)
        actions.drop_key(
            last,
            by=district.office,
            decision=change,
            note="已提前办结，改由专项视察跟进。",
            at=moment(today - timedelta(days=5), 10),
        )


def _honour(district: District, *, now: datetime) -> None:
    """Of the last year that is over: the member's own first, units by what they answered."""
    over = [one for one in district.plenaries if one.opens_on.year < now.year]
    if not over:
        return
    plenary = over[-1]
    on = moment(date(plenary.opens_on.year + 1, 1, 5))
    on = min(on, now - timedelta(days=2))
    decision = _decided(district, "表彰优秀提案和先进承办单位", timezone.localdate(on), 31)
    own = Q(proposers__order=0, proposers__membership__person__user=district.accounts["member"])
    filed = Proposal.objects.filter(plenary=plenary, closed_at__lt=on)
    mine = list(filed.filter(own).order_by("pk")[:1])
    others = filed.exclude(pk__in=[one.pk for one in mine]).order_by("number", "pk")
    chosen = [*mine, *others[:: max(1, others.count() // EXCELLENT)]][:EXCELLENT]
    for proposal in chosen:
        actions.award(proposal, by=district.office, plenary=plenary, decision=decision, at=on)
    answered = Reply.objects.sent().filter(handling__proposal__plenary=plenary)
    counts: dict[int, int] = {}
    for unit in answered.values_list("handling__unit", flat=True):
        counts[unit] = counts.get(unit, 0) + 1
    best = sorted(counts, key=lambda unit: (-counts[unit], unit))[:ADVANCED]
    for named in Unit.objects.filter(pk__in=best).order_by("pk"):
        actions.award(named, by=district.office, plenary=plenary, decision=decision, at=on)
    if len(chosen) > 1:
        given = chosen[-1].awards.get()
        changed = _decided(
            district, "更正优秀提案名单", timezone.localdate(on) + timedelta(days=1), 32
        )
        actions.withdraw_award(
            given,
            by=district.office,
            decision=changed,
            note="与上年度优秀提案内容重复，更正名单。",
            at=on + timedelta(days=1),
        )


def _revoke(district: District, *, now: datetime) -> None:
    """One before the hand-over, one that units had already received."""
    for status in (State.FILED, State.HANDLING):
        rows = Proposal.objects.filter(
            status=status,
            key_official=None,
            merged__isnull=True,
            filed_at__lt=now - timedelta(days=1),
        )
        unanswered = Reply.objects.sent().filter(handling__proposal=OuterRef("pk"))
        proposal = rows.exclude(Exists(unanswered)).order_by("filed_at", "pk").last()
        if proposal is None:
            continue
        scan = files.accept(
            paper("撤案申请.pdf"),
            subject=proposal,
            by=district.office,
            kind=Attachment.Kind.SCAN,
        )
        actions.revoke(
            proposal,
            by=district.office,
            note="所提问题已列入本年度民生实事项目，全体提案人书面申请撤案。",
            scan=scan,
            at=now - timedelta(hours=3),
        )
