"""重点提案: chosen and dropped by decision; each time it is pressed, a line in the log that all concerned read."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, deadlines, files, notices
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Committee, Person, User
from members.posted import people_of, together
from proposals.actions.people import clerks_of, leaders_of, proposers_of
from proposals.actions.proofs import why_not
from proposals.actions.writing import locked
from proposals.models import KeyMark, LeadingOfficial, Proposal, SupervisionEntry, SupervisionWay
from proposals.models.rights import SUPERVISING_POSTS, may_supervise


@transaction.atomic
def select_key(
    proposal: Proposal,
    *,
    by: User,
    decision: Decision,
    leaders: Iterable[Mapping[str, Any]],
    committee: Committee | None = None,
    at: datetime | None = None,
) -> KeyMark:
    """Make a filed proposal a key one, as the decision says; `leaders` are name, post and perhaps person."""
    at = at or timezone.now()
    held = locked(proposal)
    if not by.is_active or not by.has_perm("proposals.select_key_proposal"):
        raise NotAllowed(held, "select_key")
    if held.status not in Proposal.NUMBERED or held.status in Proposal.ENDED:
        raise IllegalMove(held, "select_key", _("选为重点提案"))
    leaders = list(leaders)
    missing = why_not(decision, since=held.submitted_at)
    if held.is_key:
        missing.append(_("这件提案已经是重点提案。"))
    if not leaders:
        missing.append(_("请写明督办领导：姓名和职务，至少一位。"))
    elif not all(one["name"].strip() and one["post"].strip() for one in leaders):
        missing.append(_("督办领导的姓名和职务都要写，例如：张三，副区长。"))
    if missing:
        raise NotReady(held, "select_key", missing)
    mark = KeyMark.objects.create(
        proposal=held, decision=decision, committee=committee, selected_at=at, selected_by=by
    )
    officials = [
        LeadingOfficial.objects.create(
            mark=mark,
            name=one["name"].strip(),
            post=one["post"].strip(),
            person=one.get("person"),
        )
        for one in leaders
    ]
    Proposal.objects.filter(pk=held.pk).update(key_official=officials[0])
    audit.record("proposal.select_key", held, by=by, fields={"decision": [None, decision]})
    words = {
        "number": held.label,
        "leaders": "、".join(str(official) for official in officials),
    }
    _tell_all("key_selected", mark, held, at=at, words=words)
    proposal.refresh_from_db()
    return mark


@transaction.atomic
def drop_key(
    proposal: Proposal,
    *,
    by: User,
    decision: Decision,
    note: str,
    at: datetime | None = None,
) -> None:
    """It is no key proposal any more, as the decision says; its log stays."""
    at = at or timezone.now()
    held = locked(proposal)
    mark = held.key_marks.current().first()
    if mark is None or held.status in Proposal.ENDED:
        raise IllegalMove(held, "drop_key", _("不再列为重点提案"))
    mark.require("drop_key", by=by)
    missing = why_not(decision)
    if not note.strip():
        missing.append(_("请写明不再列为重点提案的理由，提案人和承办单位会看到。"))
    if missing:
        raise NotReady(held, "drop_key", missing)
    mark.move_to("drop_key", by=by, at=at, decision=decision, note=note.strip())
    Proposal.objects.filter(pk=held.pk).update(key_official=None)
    _tell_all("key_dropped", mark, held, at=at, words={"number": held.label})
    proposal.refresh_from_db()


def end_key(proposal: Proposal, *, by: User, at: datetime) -> None:
    """The proposal (held) is over before it was handled: nobody leads it any more."""
    for mark in proposal.key_marks.current():
        mark.move_to("end", by=by, at=at)


def leading_it(proposal: Proposal, *, on: date) -> list[Person]:
    """Who leads a key proposal today: its officials and the committee; nobody leads another."""
    return together(*(_leading(mark, on) for mark in proposal.key_marks.current()))


def _leading(mark: KeyMark, on: date) -> list[Person]:
    officials = [one.person for one in mark.officials.select_related("person") if one.person]
    return together(officials, people_of(mark.committee, *SUPERVISING_POSTS, on=on))


@transaction.atomic
def supervise(
    proposal: Proposal,
    *,
    by: User,
    way: SupervisionWay,
    on: date,
    took_part: str,
    said: str,
    undertook: str = "",
    upload: Any = None,
    at: datetime | None = None,
) -> SupervisionEntry:
    """Add a line to the log: when, how, who took part, what was said, what the unit took on."""
    at = at or timezone.now()
    held = locked(proposal)
    if not by.is_active or not may_supervise(held, by):
        raise NotAllowed(held, "supervise")
    if held.status not in Proposal.NUMBERED or held.status in Proposal.ENDED:
        raise IllegalMove(held, "supervise", _("登记督办情况"))
    missing = []
    if not held.is_key:
        missing.append(_("先选为重点提案，再登记督办情况。"))
    if not took_part.strip():
        missing.append(_("请写明参加人员。"))
    if not said.strip():
        missing.append(_("请写明督办情况。"))
    if on > timezone.localdate(at):
        missing.append(_("督办日期不能晚于今天。"))
    filed_on = timezone.localdate(held.filed_at)
    if on < filed_on:
        missing.append(_("督办日期不能早于立案日期 %s。") % deadlines.long_date(filed_on))
    if missing:
        raise NotReady(held, "supervise", missing)
    entry = SupervisionEntry.objects.create(
        proposal=held,
        way=way,
        on=on,
        took_part=took_part.strip(),
        said=said.strip(),
        undertook=undertook.strip(),
        recorded_by=by,
        recorded_at=at,
    )
    if upload:
        files.accept(upload, subject=entry, by=by, kind=Attachment.Kind.EVIDENCE)
    audit.record("proposal.supervise", held, by=by, fields={"way": ["", way.code]})
    words = {"number": held.label, "way": str(way), "on": on.isoformat()}
    mark = held.key_marks.current().get()
    _tell_all("supervised", entry, held, at=at, words=words, mark=mark, but=by)
    return entry


def _tell_all(
    kind: str,
    thing: Any,
    proposal: Proposal,
    *,
    at: datetime,
    words: dict[str, str],
    mark: KeyMark | None = None,
    but: User | None = None,
) -> None:
    """Proposers, leading officials, the committee, and the units that have it; each at their own page."""
    on = timezone.localdate(at)
    mark = mark or thing
    people = together(proposers_of(proposal), _leading(mark, on))
    told: set[int] = set()

    def tell(people: list[Person], url: str) -> None:
        fresh = [
            person
            for person in people
            if person.pk not in told and (but is None or person.user_id != but.pk)
        ]
        told.update(person.pk for person in fresh)
        notices.tell(kind, thing, people=fresh, at=at, words=words, url=url)

    tell(people, proposal.get_absolute_url())
    for share in proposal.handlings.standing().select_related("unit"):
        tell(together(clerks_of(share, on), leaders_of(share, on)), share.get_absolute_url())
