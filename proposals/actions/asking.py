"""What requests of units share, whatever the share is of: kept with a clock, judged by the rules, told."""

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import NotReady
from members.models import Person, Unit, User
from proposals.actions.people import clerks_at, proposers_of
from proposals.models import Handling, OpinionDispatch, UnitRequest

Share = Handling | OpinionDispatch


def decision_clock(request: UnitRequest) -> str:
    """The rule by which the decision is due."""
    return "extension_decision" if request.kind == UnitRequest.Kind.EXTENSION else "return_decision"


def answer_kind(share: Share) -> str:
    """The rule by which the unit's answer is due."""
    return "reply" if isinstance(share, Handling) else "opinion_answer"


def answer_clock(share: Share) -> deadlines.Deadline:
    """The clock of the unit's answer; every share that is answered has one from its hand-over."""
    clock = deadlines.Deadline.objects.current(share, answer_kind(share))
    assert clock is not None
    return clock


def limit_of(share: Share) -> str:
    """The rule that says how far the answer may be put off."""
    return "extension_max" if isinstance(share, Handling) else "opinion_extension_max"


def ask(
    share: Share, *, by: User, at: datetime, upload: Any, told: list[Person], **fields: Any
) -> UnitRequest:
    """Keep the request with its clock, and tell who decides."""
    if share.requests.undecided().filter(kind=fields["kind"]).exists():
        raise NotReady(share, "request", [_("已有一份同样的申请等待决定。")])
    on = timezone.localdate(at)
    name = "handling" if isinstance(share, Handling) else "dispatch"
    request = UnitRequest.objects.create(
        **{name: share}, asked_by=by, asked_at=at, due_on=on, **fields
    )
    clock = deadlines.start(request, decision_clock(request), on=on, by=by)
    if upload is not None and not isinstance(upload, Attachment):
        # It belongs to the request: the unit reads it also when it was released of the share.
        upload = files.accept(upload, subject=request, by=by, kind=Attachment.Kind.SCAN)
    UnitRequest.objects.filter(pk=request.pk).update(due_on=clock.due_on, paper=upload)
    request.due_on, request.paper = clock.due_on, upload
    audit.record("unitrequest.ask", request, by=by, fields={"kind": ["", request.kind]})
    notices.tell(
        "request_made",
        request,
        people=told,
        due=clock.due_on,
        at=at,
        words={**words_of(request), "until": clock.due_on.isoformat()},
    )
    return request


def whose_else(share: Share, unit: Unit | None, office_decides: bool) -> list[str]:
    """What is wrong with whose business the unit says it is: another unit's, or for the office to find out."""
    if unit is None and not office_decides:
        told = _("请选择建议由哪个单位承办；确实说不准的，请勾选“%s”。")
        return [told % office_finds_out(share)]
    if unit is not None and office_decides:
        return [_("已选建议承办单位，请去掉“%s”的勾选。") % office_finds_out(share)]
    if unit is not None and unit == share.unit:
        return [_("建议承办单位不能是本单位。")]
    if unit is not None and not unit.active:
        return [_("%s 已停用，请另选建议承办单位。") % unit]
    return []


def office_finds_out(share: Share) -> str:
    """How a unit says that it does not know whose business it is."""
    if isinstance(share, Handling):
        return str(_("由提案委研究确定"))
    return str(_("由政协办公室研究确定"))


def words_of(request: UnitRequest) -> dict[str, str]:
    return {
        "unit": str(request.share.unit),
        "kind": str(request.get_kind_display()),
        "number": request.label,
    }


def too_late(due_on: date, *, about_report: bool = False) -> str:
    if about_report:
        told = _("延期须在期限（%s）之前申请，现已过期；请尽快答复，或与政协办公室联系。")
    else:
        told = _("延期须在期限（%s）之前申请，现已过期；请尽快答复，或与提案委办公室联系。")
    return told % deadlines.long_date(due_on)


def against(share: Share, day: date, at: datetime) -> list[str]:
    """Why the answer cannot be due on this day; in the words of the rules."""
    clock, reasons = answer_clock(share), []
    if timezone.localdate(at) > clock.due_on:
        return [too_late(clock.due_on, about_report=isinstance(share, OpinionDispatch))]
    if day <= clock.due_on:
        reasons.append(_("新期限须晚于现期限 %s。") % deadlines.long_date(clock.due_on))
    latest = deadlines.latest_extension(clock, limit_of(share))
    if day > latest:
        reasons.append(_("最迟只能延到 %s。") % deadlines.long_date(latest))
    return reasons


def tell_decided(request: UnitRequest, *, at: datetime) -> None:
    """The unit's people: what was decided, and until when it now has time."""
    notices.tell(
        "request_decided",
        request,
        people=clerks_at(request.share.unit, timezone.localdate(at)),
        at=at,
        words={**words_of(request), "decision": str(request.get_status_display())},
    )
    if request.kind != UnitRequest.Kind.EXTENSION or request.handling is None:
        return
    # Those who wait for the answer learn that it comes later, or not later after all.
    proposal = request.handling.proposal
    notices.tell(
        "extension_told",
        request,
        people=proposers_of(proposal),
        at=at,
        words={
            "unit": str(request.share.unit),
            "number": request.label,
            "decision": str(request.get_status_display()),
            "until": answer_clock(request.handling).due_on.isoformat(),
        },
        url=proposal.get_absolute_url(),
    )
