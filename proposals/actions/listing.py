"""Results of the review on one list: gathered, passed by the meeting, and carried out row by row."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, files, parameters
from cppcc_portal.office.decisions import Decision, record_decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Plenary, User
from proposals.actions.merging import merge
from proposals.actions.reviewing import file, refuse
from proposals.actions.writing import locked
from proposals.models import FilingList, FilingRow, Proposal, ReviewOpinion
from proposals.models.reviews import Spoken

# A text that joins another of the same list waits until that one has its number.
IN_TURN = (FilingRow.Result.FILE, FilingRow.Result.MERGE, FilingRow.Result.REFUSE)
FIELDS = ("category", "refusal_reason", "destination", "main", "lead")
OF_RESULT: dict[str, tuple[str, ...]] = {
    FilingRow.Result.FILE: ("category", "lead"),
    FilingRow.Result.MERGE: ("main",),
    FilingRow.Result.REFUSE: ("refusal_reason", "destination"),
}


def _held(listed: FilingList) -> FilingList:
    """The list as it now is, held until the end of the transaction."""
    rows = FilingList.objects.select_for_update(of=("self",)).select_related("approval")
    return rows.get(pk=listed.pk)


def _open(listed: FilingList, by: User, verb: str, label: str) -> FilingList:
    """The list, held, while it may still be changed, for whoever may file."""
    held = _held(listed)
    if not by.is_active or not by.has_perm("proposals.file_proposal"):
        raise NotAllowed(held, verb)
    if held.status != FilingList.Status.COLLECTING:
        raise IllegalMove(held, verb, label)
    return held


@transaction.atomic
def start_list(
    *, by: User, plenary: Plenary, series: str, title: str, at: datetime | None = None
) -> FilingList:
    """Open a list and put on it whatever the review has a result for."""
    at = at or timezone.now()
    listed = FilingList(plenary=plenary, series=series, title=title.strip(), made_by=by, made_at=at)
    if not by.is_active or not by.has_perm("proposals.file_proposal"):
        raise NotAllowed(listed, "start_list")
    listed.save()
    audit.record("filinglist.start", listed, by=by)
    gather(listed, by=by)
    return listed


@transaction.atomic
def gather(listed: FilingList, *, by: User) -> int:
    """Put on the list what is under review with an opinion to file, merge or refuse; how many are new."""
    held = _open(listed, by, "gather", _("汇总"))
    waiting = Proposal.objects.filter(
        plenary=held.plenary, series=held.series, status__in=Proposal.UNDER_REVIEW
    )
    free = waiting.exclude(filing_rows__is_open=True).order_by("submitted_at", "pk")
    chosen = list(free.exclude(filing_rows__listed=held))
    spoken, added = Spoken(chosen), 0
    for proposal in chosen:
        if (given := spoken.on(proposal)) and given[-1].result in FilingRow.Result.values:
            _put(held, proposal, given[-1])
            added += 1
    audit.record("filinglist.gather", held, by=by, fields={"rows": [0, added]})
    return added


def _put(listed: FilingList, proposal: Proposal, opinion: ReviewOpinion) -> None:
    given = {name: getattr(opinion, name) for name in FIELDS}
    note = opinion.note
    if opinion.result == FilingRow.Result.MERGE and not note:
        note = _("内容相近，建议并案。")
    row = FilingRow.objects.create(
        listed=listed, proposal=proposal, result=opinion.result, note=note[:500], **given
    )
    row.joint.set(opinion.joint.all())


@transaction.atomic
def put_on_list(
    listed: FilingList,
    proposal: Proposal,
    *,
    by: User,
    result: str,
    note: str = "",
    joint: Iterable[Any] = (),
    **given: Any,
) -> FilingRow:
    """Propose a result for one proposal on the list, or another one than so far."""
    held = _open(listed, by, "put_on_list", _("修改清单"))
    proposal = locked(proposal)
    if proposal.status not in Proposal.UNDER_REVIEW or proposal.plenary_id != held.plenary_id:
        raise NotReady(held, "put_on_list", [_("只能列入同一次会议、还在审查的提案。")])
    if FilingRow.objects.filter(proposal=proposal, is_open=True).exclude(listed=held).exists():
        raise NotReady(held, "put_on_list", [_("这件提案已在另一份清单里。")])
    wanted, joint = {name: given.get(name) for name in OF_RESULT.get(result, ())}, list(joint)
    lacking = _lacking(proposal, result, wanted, note)
    if wanted.get("lead") and wanted["lead"] in joint:
        lacking.append(_("同一单位不能既主办又会办，请检查拟办单位。"))
    if lacking:
        raise NotReady(held, "put_on_list", lacking)
    fields = {**dict.fromkeys(FIELDS), **wanted, "result": result, "note": note.strip()}
    row, _made = FilingRow.objects.update_or_create(listed=held, proposal=proposal, defaults=fields)
    row.joint.set(joint if result == FilingRow.Result.FILE else [])
    audit.record("filinglist.put", held, by=by, fields={"proposal": [None, proposal.pk]})
    return row


def _lacking(proposal: Proposal, result: str, given: dict[str, Any], note: str) -> list[str]:
    if result not in OF_RESULT:
        return [_("请选择拟审查结果。")]
    words = {
        "category": _("拟立案的，请选择类别。"),
        "main": _("拟并案的，请选择并入哪一件。"),
        "refusal_reason": _("拟不予立案的，请选择理由。"),
        "destination": _("拟不予立案的，请选择去向。"),
    }
    lacking = [words[name] for name, value in given.items() if name in words and value is None]
    if given.get("main") == proposal:
        lacking.append(_("提案不能并入它自己，请另选。"))
    if result == FilingRow.Result.MERGE and not note.strip():
        lacking.append(_("拟并案的，请写明理由，双方提案人会看到。"))
    return lacking


@transaction.atomic
def put_as_reviewed(proposal: Proposal, *, by: User, category: Any = None) -> FilingRow:
    """Put one on the list that is being gathered for it, as the review suggests; to file where it is silent."""
    lists = FilingList.objects.filter(
        plenary=proposal.plenary_id,
        series=proposal.series,
        status=FilingList.Status.COLLECTING,
    )
    listed = lists.first()
    if listed is None:
        raise NotReady(proposal, "put_on_list", [_("还没有汇总中的清单，请先新建立案审查清单。")])
    said = Spoken([proposal]).on(proposal)[-1:]
    if said and said[0].result not in FilingRow.Result.values:
        told = _("审查意见是“%s”，不列入清单。") % said[0].get_result_display()
        raise NotReady(proposal, "put_on_list", [told])
    given: dict[str, Any] = {"result": FilingRow.Result.FILE, "category": category}
    if said:
        given = {name: getattr(said[0], name) for name in ("result", "note", *FIELDS)}
        given["joint"] = said[0].joint.all()
    return put_on_list(listed, proposal, by=by, **given)


@transaction.atomic
def leave_out(listed: FilingList, proposal: Proposal, *, by: User) -> None:
    """Take a proposal off the list before the meeting; it may come on the next."""
    held = _open(listed, by, "leave_out", _("移出清单"))
    FilingRow.objects.filter(listed=held, proposal=proposal).delete()
    audit.record("filinglist.leave_out", held, by=by, fields={"proposal": [proposal.pk, None]})


@transaction.atomic
def decide(
    listed: FilingList,
    *,
    by: User,
    meeting_number: str,
    held_on: date,
    result: str,
    text: str = "",
    document_number: str = "",
    upload: Any = None,
    at: datetime | None = None,
) -> Decision:
    """Put on record what the meeting decided on the list; passed, it can be carried out."""
    at = at or timezone.now()
    held = _open(listed, by, "decide", _("登记审定结果"))
    try:
        decision = record_decision(
            by=by,
            body=parameters.get("proposals.filing_body"),
            item=held.title,
            result=result,
            meeting_number=meeting_number,
            held_on=held_on,
            text=text,
            document_number=document_number,
            at=at,
        )
    except ValidationError as fault:
        raise NotReady(held, "decide", list(fault.messages)) from None
    if upload is not None:
        files.accept(upload, subject=decision, by=by, kind=Attachment.Kind.DECISION)
    if decision.is_passed:
        held.move_to(
            "decide", by=by, at=at, decision=decision, note=decision.text, approval=decision
        )
    else:
        held.move_to("return_", by=by, at=at, decision=decision, note=decision.text)
    listed.refresh_from_db()
    return decision


@transaction.atomic
def drop(listed: FilingList, *, by: User, note: str, at: datetime | None = None) -> None:
    """Give the list up: what was not carried out may come on another one."""
    held = _held(listed)
    held.require("drop", by=by)
    if not note.strip():
        raise NotReady(held, "drop", [_("请写明作废的原因。")])
    held.move_to("drop", by=by, at=at or timezone.now(), note=note.strip())
    FilingRow.objects.filter(listed=held, is_open=True).update(is_open=False)
    listed.refresh_from_db()


def carry_out(listed: FilingList, *, by: User, at: datetime | None = None) -> list[FilingRow]:
    """File, merge and refuse as the meeting decided, one row at a time; the rows that could not be, each with why.

    Each row stands in a transaction of its own: what is done stays done, and pressing twice is harmless.
    """
    at = at or timezone.now()
    decision = listed.approval
    if not by.is_active or not by.has_perm("proposals.file_proposal"):
        raise NotAllowed(listed, "carry_out")
    if listed.fresh().status != FilingList.Status.PASSED or decision is None:
        raise IllegalMove(listed.fresh(), "carry_out", _("按审定结果办理"))
    if not decision.lets_go_on:
        raise NotReady(listed, "carry_out", [_("所依据的会议决定已更正，请核对后重新登记。")])
    order = Case(
        *[When(result=result, then=Value(turn)) for turn, result in enumerate(IN_TURN)],
        output_field=IntegerField(),
    )
    waiting = FilingRow.objects.filter(listed=listed, is_open=True).annotate(turn=order)
    left = []
    for pk in list(waiting.order_by("turn", "pk").values_list("pk", flat=True)):
        if (row := _carry_out_row(pk, decision, by=by, at=at)) is not None:
            left.append(row)
    with transaction.atomic():
        held = _held(listed)
        if held.status == FilingList.Status.PASSED and not held.rows.filter(is_open=True).exists():
            held.move_to("complete", by=by, at=at)
    listed.refresh_from_db()
    return left


def _carry_out_row(pk: int, decision: Decision, *, by: User, at: datetime) -> FilingRow | None:
    """Do what one row says; the row with the reason where it cannot be done, None where it is."""
    with transaction.atomic():
        rows = FilingRow.objects.select_for_update(of=("self",))
        row = rows.select_related("proposal", "main").get(pk=pk)
        if not row.is_open:
            return None
        try:
            with transaction.atomic():
                _do(row, decision, by=by, at=at)
        except IllegalMove:
            now = row.proposal.fresh()
            row.told = _("现在是「%s」，不能办理。") % now.get_status_display()
            # Withdrawn or decided elsewhere: the list waits for it no more.
            row.is_open = now.status in (*Proposal.UNDER_REVIEW, Proposal.Status.RETURNED)
        except NotReady as lacking:
            row.told = "；".join(lacking.reasons)[:500]
        else:
            row.told, row.done_at, row.is_open = "", at, False
        row.save(update_fields=["told", "done_at", "is_open"])
        return row if row.told else None


def _do(row: FilingRow, decision: Decision, *, by: User, at: datetime) -> None:
    match row.result:
        case FilingRow.Result.FILE:
            assert row.category is not None  # the database asks for it
            file(
                row.proposal,
                by=by,
                category=row.category,
                note=row.note,
                decision=decision,
                at=at,
            )
        case FilingRow.Result.MERGE:
            assert row.main is not None
            merge(row.proposal, by=by, into=row.main, note=row.note, decision=decision, at=at)
        case _refuse:
            assert row.refusal_reason is not None
            assert row.destination is not None
            refuse(
                row.proposal,
                by=by,
                refusal_reason=row.refusal_reason,
                destination=row.destination,
                note=row.note,
                decision=decision,
                at=at,
            )
