"""Recommendations with their units: assigned, answered one by one, carried out, verified by another."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from guardian.shortcuts import assign_perm

from consultations.actions.people import chair_of, chair_paper, on_paper, paper_of
from consultations.actions.topics import locked as locked_topic
from consultations.models import Recommendation, Topic
from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from feedback.models import Adoption, ProgressReport
from feedback.models.adoptions import acts_for_unit, may_act_for_unit
from members.actions import open_group, record_commitment
from members.models import Person, Posting, User
from members.posted import office_people, people_of


def locked(adoption: Adoption) -> Adoption:
    """The row as it now is, held until the transaction ends."""
    return (
        Adoption.objects.select_for_update(of=("self",))
        .select_related("unit", "recommendation__document__session__topic__committee")
        .get(pk=adoption.pk)
    )


def words_of(adoption: Adoption) -> dict[str, str]:
    """Document and number of a recommendation and its unit, as notices name them."""
    recommendation = adoption.recommendation
    return {
        "document": recommendation.document.document_number,
        "number": str(recommendation.number),
        "unit": str(adoption.unit),
    }


def clerks_of(adoption: Adoption, at: datetime) -> list[Person]:
    """The unit's clerks, else its leaders, else the office, so that somebody calls."""
    on = timezone.localdate(at)
    return (
        people_of(adoption.unit, Posting.Role.CLERK, on=on)
        or people_of(adoption.unit, *Posting.LEADS, on=on)
        or office_people()
    )


@transaction.atomic
def assign(recommendation: Recommendation, *, by: User, at: datetime | None = None) -> Adoption:
    """Hand a submitted recommendation to its lead unit; the clock starts. Once all are, tracking begins."""
    at = at or timezone.now()
    if not by.is_active or not by.has_perm("feedback.assign_recommendation"):
        raise NotAllowed(recommendation, "assign")
    topic = locked_topic(recommendation.document.session.topic)
    recommendation = Recommendation.objects.select_related("document", "lead").get(
        pk=recommendation.pk
    )
    if recommendation.status != Recommendation.Status.SUBMITTED:
        raise IllegalMove(recommendation, "assign", _("交办"))
    if Adoption.objects.filter(recommendation=recommendation).exists():
        raise NotReady(recommendation, "assign", [_("这一条已经交办。")])
    on = timezone.localdate(at)
    adoption = Adoption.objects.create(
        recommendation=recommendation, unit=recommendation.lead, assigned_on=on, due_on=on
    )
    assign_perm("feedback.answer_adoption", open_group(adoption.unit), adoption)
    clock = deadlines.start(adoption, "adoption_reply", on=on, by=by)
    Adoption.objects.filter(pk=adoption.pk).update(due_on=clock.due_on)
    adoption.due_on = clock.due_on
    audit.record("adoption.assign", adoption, by=by)
    notices.tell(
        "advice_assigned",
        adoption,
        people=clerks_of(adoption, at),
        due=clock.due_on,
        at=at,
        words={**words_of(adoption), "until": clock.due_on.isoformat()},
        url=adoption.desk_url,
    )
    unassigned = Recommendation.objects.of_topic(topic).filter(
        status=Recommendation.Status.SUBMITTED, adoption=None
    )
    if topic.status == Topic.Status.OUTCOME_SENT and not unassigned.exists():
        topic.move_to("track", by=by, at=at)
    return adoption


def _paper(adoption: Adoption, verb: str, by: User, scan: Attachment | None) -> dict[str, Any]:
    acts = acts_for_unit(adoption, by)
    return on_paper(adoption, verb, acts=acts, by=by, behalf=adoption.unit, scan=scan)


@transaction.atomic
def acknowledge(
    adoption: Adoption,
    *,
    by: User,
    contact: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit has received it and names who to call."""
    held = locked(adoption)
    paper = _paper(held, "acknowledge", by, scan)
    held.move_to("acknowledge", by=by, at=at, contact=contact.strip()[:60], **paper)
    adoption.refresh_from_db()


VERBS = {
    Adoption.Conclusion.ADOPTED: "adopt",
    Adoption.Conclusion.PARTLY: "adopt_partly",
    Adoption.Conclusion.NOT: "not_adopt",
    Adoption.Conclusion.REFERENCE: "keep_for_reference",
}


@transaction.atomic
def answer(
    adoption: Adoption,
    *,
    by: User,
    conclusion: str,
    answer: str = "",
    reason: str = "",
    commitments: Iterable[Mapping[str, Any]] = (),
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit's decision on this one recommendation; adopted means promised: what, who, by when.

    `commitments` are what, who, due_on. The last of them becomes the date by which it shall be done.
    """
    at = at or timezone.now()
    on = timezone.localdate(at)
    held = locked(adoption)
    verb = VERBS[Adoption.Conclusion(conclusion)]
    held.require(verb, by=by)
    commitments = list(commitments)
    adopts = verb in ("adopt", "adopt_partly")
    for promise in commitments if adopts else ():
        if not promise["what"].strip() or not promise["who"].strip():
            raise NotReady(held, verb, [_("每项措施都须写明做什么、谁负责、何时完成。")])
        if promise["due_on"] <= on:
            raise NotReady(held, verb, [_("措施的完成期限应晚于今天。")])
    promised = [
        record_commitment(held, by=by, unit=held.unit, **promise)
        for promise in (commitments if adopts else ())
    ]
    fields: dict[str, Any] = {
        "conclusion": conclusion,
        "answer": answer.strip(),
        "reason": reason.strip(),
        "answered_on": on,
    }
    if promised:
        fields["first_commitment"] = promised[0]
        fields["due_on"] = max(promise.due_on for promise in promised)
    held.move_to(verb, by=by, at=at, **fields, **_paper(held, verb, by, scan))
    deadlines.meet_current(held, "adoption_reply", at=at, by=by)
    _tell_committee(held, "advice_answered", at, decision=held.get_conclusion_display())
    adoption.refresh_from_db()


def _tell_committee(held: Adoption, kind: str, at: datetime, **more: str) -> None:
    """The chair, and the member whose advice it was."""
    people = chair_of(held.topic, timezone.localdate(at))
    voiced_by = held.recommendation.voiced_by
    if voiced_by is not None and voiced_by.person not in people:
        people.append(voiced_by.person)
    words = {**words_of(held), **more}
    notices.tell(kind, held, people=people, round=held.changes.count(), at=at, words=words)


@transaction.atomic
def report_progress(
    adoption: Adoption,
    *,
    by: User,
    text: str,
    upload: Any = None,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> ProgressReport:
    """What has been done so far; staff enter it from the unit's paper, with its scan."""
    at = at or timezone.now()
    held = locked(adoption)
    if not by.is_active or not may_act_for_unit(held, by):
        raise NotAllowed(held, "report_progress")
    if held.status not in (Adoption.Status.IMPLEMENTING, Adoption.Status.STALLED):
        raise IllegalMove(held, "report_progress", _("报告进展"))
    if not text.strip():
        raise NotReady(held, "report_progress", [_("请写明进展情况。")])
    if not acts_for_unit(held, by):
        scan = paper_of(held, "report_progress", held.unit, scan)
    file = files.accept(upload, subject=held, by=by) if upload is not None else None
    report = ProgressReport.objects.create(
        adoption=held, text=text.strip(), file=file, scan=scan, reported_by=by, reported_at=at
    )
    audit.record("adoption.report_progress", held, by=by)
    return report


@transaction.atomic
def stall(
    adoption: Adoption,
    *,
    by: User,
    note: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit says why it cannot go on for now."""
    held = locked(adoption)
    if not note.strip():
        raise NotReady(held, "stall", [_("请写明暂时无法推进的原因。")])
    held.move_to("stall", by=by, note=note, at=at, **_paper(held, "stall", by, scan))
    adoption.refresh_from_db()


@transaction.atomic
def resume(
    adoption: Adoption, *, by: User, scan: Attachment | None = None, at: datetime | None = None
) -> None:
    held = locked(adoption)
    held.move_to("resume", by=by, at=at, **_paper(held, "resume", by, scan))
    adoption.refresh_from_db()


@transaction.atomic
def report_done(
    adoption: Adoption,
    *,
    by: User,
    effect: str,
    upload: Any = None,
    evidence: Attachment | None = None,
    note: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The unit says it is done, with what came of it and the evidence; somebody else verifies."""
    at = at or timezone.now()
    held = locked(adoption)
    held.require("report_done", by=by)
    if upload is not None:
        evidence = files.accept(upload, subject=held, by=by)
    held.move_to(
        "report_done",
        by=by,
        note=note,
        at=at,
        effect=effect,
        evidence=evidence,
        done_by=by,
        verified_by=None,
        **_paper(held, "report_done", by, scan),
    )
    round = held.changes.filter(verb="report_done").count()
    clock = deadlines.start(held, "adoption_verify", on=timezone.localdate(at), by=by, round=round)
    notices.tell(
        "advice_done",
        held,
        people=chair_of(held.topic, timezone.localdate(at)),
        round=round,
        due=clock.due_on,
        at=at,
        words={**words_of(held), "until": clock.due_on.isoformat()},
    )
    adoption.refresh_from_db()


@transaction.atomic
def verify(
    adoption: Adoption,
    *,
    by: User,
    note: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The committee has looked (on the spot or on paper) and agrees that it is done."""
    at = at or timezone.now()
    held = locked(adoption)
    held.require("verify", by=by)
    if held.done_by_id == by.pk:
        raise NotReady(held, "verify", [_("报告完成的人不能自己核实，请由另一位核实。")])
    paper = chair_paper(held, held.topic, "verify", by, scan)
    held.move_to("verify", by=by, note=note, at=at, verified_by=by, **paper)
    deadlines.meet_current(held, "adoption_verify", at=at, by=by)
    held.recommendation.move_to("settle", by=by, at=at)
    _tell_unit(held, "advice_verified", at)
    if voiced_by := held.recommendation.voiced_by:
        _tell(held, "advice_verified", [voiced_by.person], at)
    adoption.refresh_from_db()


@transaction.atomic
def refuse_done(
    adoption: Adoption,
    *,
    by: User,
    note: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """It is not done yet, and why."""
    at = at or timezone.now()
    held = locked(adoption)
    if not note.strip():
        raise NotReady(held, "refuse_done", [_("请写明为什么不予核实。")])
    paper = chair_paper(held, held.topic, "refuse_done", by, scan)
    held.move_to("refuse_done", by=by, note=note, at=at, **paper)
    deadlines.meet_current(held, "adoption_verify", at=at, by=by)
    _tell_unit(held, "advice_sent_back", at)
    adoption.refresh_from_db()


@transaction.atomic
def accept_answer(
    adoption: Adoption,
    *,
    by: User,
    note: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The committee accepts that it is not adopted, or kept for reference."""
    at = at or timezone.now()
    held = locked(adoption)
    paper = chair_paper(held, held.topic, "accept_answer", by, scan)
    held.move_to("accept_answer", by=by, note=note, at=at, **paper)
    held.recommendation.move_to("settle", by=by, at=at)
    adoption.refresh_from_db()


@transaction.atomic
def challenge(
    adoption: Adoption,
    *,
    by: User,
    note: str,
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The committee asks the unit to think again; a new date, both shown."""
    at = at or timezone.now()
    held = locked(adoption)
    if not note.strip():
        raise NotReady(held, "challenge", [_("请写明对答复的意见。")])
    paper = chair_paper(held, held.topic, "challenge", by, scan)
    round = held.challenges + 1
    held.move_to("challenge", by=by, note=note, at=at, challenges=round, conclusion="", **paper)
    clock = deadlines.start(
        held, "adoption_reply", on=timezone.localdate(at), by=by, round=round + 1
    )
    Adoption.objects.filter(pk=held.pk).update(due_on=clock.due_on)
    notices.tell(
        "advice_challenged",
        held,
        people=clerks_of(held, at),
        round=round,
        due=clock.due_on,
        at=at,
        words={**words_of(held), "until": clock.due_on.isoformat()},
        url=held.desk_url,
    )
    adoption.refresh_from_db()


def _tell_unit(held: Adoption, kind: str, at: datetime) -> None:
    """The unit's people, on their own page."""
    _tell(held, kind, clerks_of(held, at), at, url=held.desk_url)


def _tell(held: Adoption, kind: str, people: list[Person], at: datetime, *, url: str = "") -> None:
    round, words = held.changes.count(), words_of(held)
    notices.tell(kind, held, people=people, round=round, at=at, words=words, url=url)


@transaction.atomic
def reopen(adoption: Adoption, *, by: User, note: str, at: datetime | None = None) -> None:
    """A look-back found that it does not hold: the unit carries on, and so does the topic."""
    at = at or timezone.now()
    topic = locked_topic(adoption.topic)
    held = locked(adoption)
    if held.conclusion not in (Adoption.Conclusion.ADOPTED, Adoption.Conclusion.PARTLY):
        return
    if held.status not in Adoption.MOVES["reopen"].old:
        return
    held.move_to("reopen", by=by, note=note, at=at)
    if held.recommendation.status == Recommendation.Status.SETTLED:
        held.recommendation.move_to("reopen", by=by, at=at)
    if topic.status == Topic.Status.CLOSED:
        topic.move_to("reopen", by=by, at=at)
    _tell_unit(held, "advice_sent_back", at)
    adoption.refresh_from_db()


@transaction.atomic
def close_topic(
    topic: Topic,
    *,
    by: User,
    note: str = "",
    scan: Attachment | None = None,
    at: datetime | None = None,
) -> None:
    """The committee's chair closes the topic when every recommendation is settled."""
    held = locked_topic(topic)
    paper = chair_paper(held, held, "close", by, scan)
    held.move_to("close", by=by, note=note, at=at, **paper)
    topic.refresh_from_db()
