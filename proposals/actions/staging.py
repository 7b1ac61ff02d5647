"""The review in stages: each reviewer's opinion is kept; the decision itself is taken elsewhere."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit
from cppcc_portal.office.workflow import NotReady
from members.models import Unit, User
from proposals.actions.writing import locked
from proposals.models import (
    Category,
    Destination,
    Proposal,
    RefusalReason,
    ReviewOpinion,
    ReviewStage,
)
from proposals.models.reviews import Spoken


@transaction.atomic
def examine(
    proposal: Proposal,
    *,
    by: User,
    result: str,
    stage: ReviewStage | None = None,
    category: Category | None = None,
    refusal_reason: RefusalReason | None = None,
    destination: Destination | None = None,
    main: Proposal | None = None,
    lead: Unit | None = None,
    joint: Iterable[Unit] = (),
    note: str = "",
    at: datetime | None = None,
) -> ReviewOpinion:
    """Put on record what this reviewer suggests at the next stage, or again at the stage that was theirs.

    A text that nobody has looked at yet comes under review by the first opinion.
    """
    at = at or timezone.now()
    held = locked(proposal)
    if held.status == Proposal.Status.SUBMITTED:
        held.move_to("start_review", by=by, at=at)
    held.require("examine", by=by)
    spoken = Spoken([held])
    if reasons := spoken.why_not(held, by):
        raise NotReady(held, "examine", [str(reason) for reason in reasons])
    open_stages = spoken.open_to(held, by)
    if stage is not None and stage not in open_stages:
        raise NotReady(held, "examine", [_("%s现在不能由您提出意见，请刷新后再看。") % stage])
    given = _of_result(
        result,
        category=category,
        refusal_reason=refusal_reason,
        destination=destination,
        main=main,
    )
    if lacking := _lacking(held, result, given, lead, list(joint), note):
        raise NotReady(held, "examine", lacking)
    assert held.current_text_id is not None  # what was handed in is frozen
    opinion = ReviewOpinion.objects.create(
        proposal=held,
        text_id=held.current_text_id,
        stage=stage or open_stages[0],
        result=result,
        lead=lead if result == ReviewOpinion.Result.FILE else None,
        note=note.strip(),
        by=by,
        at=at,
        **given,
    )
    if result == ReviewOpinion.Result.FILE:
        opinion.joint.set(joint)
    held.move_to("examine", by=by, at=at)
    audit.record("proposal.opinion", held, by=by, fields={"stage": ["", opinion.stage.code]})
    proposal.refresh_from_db()
    return opinion


# What a result needs; the rest of what was typed is not kept.
OF_RESULT: dict[str, tuple[str, ...]] = {
    ReviewOpinion.Result.FILE: ("category",),
    ReviewOpinion.Result.REFUSE: ("refusal_reason", "destination"),
    ReviewOpinion.Result.MERGE: ("main",),
    ReviewOpinion.Result.RETURN: (),
    ReviewOpinion.Result.CONVERT: (),
}


def _of_result(result: str, **given: Any) -> dict[str, Any]:
    return {name: given[name] for name in OF_RESULT.get(result, ())}


def _lacking(
    proposal: Proposal,
    result: str,
    given: dict[str, Any],
    lead: Unit | None,
    joint: list[Unit],
    note: str,
) -> list[str]:
    """What the opinion still lacks."""
    if result not in OF_RESULT:
        return [_("请选择建议的结果。")]
    words = {
        "category": _("建议立案的，请选择类别。"),
        "refusal_reason": _("建议不予立案的，请选择理由。"),
        "destination": _("建议不予立案的，请选择去向。"),
        "main": _("建议并案的，请选择并入哪一件。"),
    }
    lacking = [words[name] for name, value in given.items() if value is None]
    if given.get("main") == proposal:
        lacking.append(_("提案不能并入它自己，请另选。"))
    if result in (ReviewOpinion.Result.RETURN, ReviewOpinion.Result.CONVERT) and not note.strip():
        lacking.append(_("请写明理由。"))
    if lead is not None and lead in joint:
        lacking.append(_("同一单位不能既主办又会办，请检查拟办单位。"))
    return lacking
