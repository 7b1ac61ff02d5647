"""会签: the lead unit shows its draft to the joint units; each agrees or says where it does not."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import deadlines, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import User
from proposals.actions.handling import lapse, paper
from proposals.actions.people import clerks_of, tell_unit
from proposals.actions.writing import locked
from proposals.models import Countersign, Handling
from proposals.models.rights import may_act_for_unit


@transaction.atomic
def send_for_countersign(
    handling: Handling, *, by: User, at: datetime | None = None
) -> list[Countersign]:
    """Show the draft as it now stands to every joint unit; who was asked about other words is asked again."""
    at = at or timezone.now()
    proposal = locked(handling.proposal)
    held = Handling.objects.select_related("unit").get(pk=handling.pk)
    held.proposal = proposal
    if held.status != Handling.Status.ACKNOWLEDGED or held.role != Handling.Role.LEAD:
        raise IllegalMove(held, "send_for_countersign", _("送会签"))
    if not by.is_active or not may_act_for_unit(held, by):
        raise NotAllowed(held, "send_for_countersign")
    draft = held.replies.filter(round=held.round, sent_at=None).first()
    joint = proposal.handlings.standing().filter(role=Handling.Role.JOINT)
    joint = joint.exclude(status__in=Handling.GONE).select_related("unit")
    missing = []
    if draft is None or not draft.text.strip():
        missing.append(_("请先写答复正文，再送会签。"))
    if draft is None or draft.result_class_id is None:
        missing.append(_("请先选择办理结果类别，再送会签。"))
    if not joint:
        missing.append(_("这件提案没有会办单位，不需要会签。"))
    if draft is None or draft.result_class is None or missing:
        raise NotReady(held, "send_for_countersign", missing)
    shown = {row.handling_id: row for row in draft.countersigns.filter(digest=draft.digest)}
    older = draft.countersigns.waiting().exclude(digest=draft.digest)
    lapse(list(older), by=by, at=at)
    on = timezone.localdate(at)
    made = []
    for share in joint:
        row = shown.get(share.pk)
        if row is None:
            row = Countersign.objects.create(
                reply=draft,
                handling=share,
                text=draft.text,
                result_class=draft.result_class,
                digest=draft.digest,
                asked_by=by,
                asked_at=at,
                due_on=on,
            )
        elif row.status == Countersign.Status.LAPSED:
            row.move_to("ask_again", by=by, at=at, asked_by=by, asked_at=at)
        else:
            continue
        times = row.changes.filter(verb="ask_again").count() + 1
        clock = deadlines.start(row, "countersign", on=on, by=by, round=times)
        Countersign.objects.filter(pk=row.pk).update(due_on=clock.due_on)
        row.due_on = clock.due_on
        share.proposal = proposal
        tell_unit(
            "countersign_asked",
            share,
            people=clerks_of(share, on),
            round=share.countersigns.count() + times - 1,
            at=at,
            words={**_words(held), "until": clock.due_on.isoformat()},
            due=clock.due_on,
            url=row.get_absolute_url(),
        )
        made.append(row)
    if not made:
        raise NotReady(
            held, "send_for_countersign", [_("这份答复稿已经送过会签；改动后才须重新送。")]
        )
    return made


def _words(lead: Handling) -> dict[str, str]:
    return {"number": lead.proposal.label, "unit": str(lead.unit)}


def _locked(row: Countersign) -> Countersign:
    """The row as it now is, its proposal held until the transaction ends."""
    proposal = locked(row.handling.proposal)
    held = Countersign.objects.with_names().get(pk=row.pk)
    held.handling.proposal = proposal
    held.reply.handling.proposal = proposal
    return held


def _answer(
    row: Countersign,
    verb: str,
    *,
    by: User,
    remark: str,
    scan: Attachment | None,
    at: datetime | None,
) -> None:
    at = at or timezone.now()
    held = _locked(row)
    held.require(verb, by=by)
    remark = remark.strip()
    on_paper = paper(held.handling, by, scan, verb)
    held.move_to(verb, by=by, at=at, note=remark, remark=remark, answered_at=at, **on_paper)
    deadlines.meet_current(held, "countersign", at=at, by=by)
    lead = held.reply.handling
    notices.tell(
        "countersigned",
        held,
        people=clerks_of(lead, timezone.localdate(at)),
        at=at,
        words={
            "number": lead.proposal.label,
            "unit": str(held.handling.unit),
            "answer": str(held.get_status_display()),
        },
        url=lead.get_absolute_url(),
    )
    row.refresh_from_db()


@transaction.atomic
def agree(
    row: Countersign,
    *,
    by: User,
    remark: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The joint unit stands by the draft it was shown."""
    _answer(row, "agree", by=by, remark=remark, scan=scan, at=at)


@transaction.atomic
def dissent(
    row: Countersign,
    *,
    by: User,
    remark: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The joint unit does not stand by the draft, and says where and why; the lead unit coordinates."""
    _answer(row, "dissent", by=by, remark=remark, scan=scan, at=at)
