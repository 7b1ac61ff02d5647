"""优秀提案 and 先进承办单位: put on record as a decision names them, told once to whom they honour."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import audit, notices, parameters
from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.workflow import IllegalMove, NotAllowed, NotReady
from members.models import Person, Plenary, Posting, Unit, User
from members.posted import people_of
from proposals.actions.people import proposers_of
from proposals.actions.proofs import why_not
from proposals.actions.writing import locked
from proposals.models import Award, Handling, Proposal


@transaction.atomic
def award(
    receiver: Proposal | Unit,
    *,
    by: User,
    plenary: Plenary,
    decision: Decision,
    at: datetime | None = None,
) -> Award:
    """Name a filed proposal excellent, or a unit advanced, for a plenary year."""
    at = at or timezone.now()
    if not by.is_active or not by.has_perm("proposals.award_proposal"):
        raise NotAllowed(receiver if isinstance(receiver, Proposal) else Award(), "award")
    since = receiver.submitted_at if isinstance(receiver, Proposal) else None
    missing = why_not(decision, since=since)
    if isinstance(receiver, Proposal):
        receiver = locked(receiver)
        if receiver.status not in Proposal.STANDING:
            raise IllegalMove(receiver, "award", _("评为优秀提案"))
        if receiver.awards.standing().exists():
            missing.append(_("这件提案已经评为优秀提案。"))
        own = receiver.plenary
        if (plenary.term.number, plenary.number) < (own.term.number, own.number):
            missing.append(_("这件提案是%s的，不能评为更早年度的优秀提案。") % own)
        made = Award(proposal=receiver)
    else:
        receiver = Unit.objects.select_for_update(of=("self",)).get(pk=receiver.pk)
        handled = Handling.objects.in_force().filter(unit=receiver, proposal__plenary=plenary)
        if receiver.awards.standing().filter(plenary=plenary).exists():
            missing.append(_("%s这一年度已经评为先进承办单位。") % receiver)
        elif not handled.exists():
            missing.append(_("%s这一年度没有承办提案。") % receiver)
        made = Award(unit=receiver)
    if missing:
        raise NotReady(receiver, "award", missing)
    made.plenary, made.decision, made.given_at, made.given_by = plenary, decision, at, by
    made.save(force_insert=True)
    audit.record("award.give", made, by=by, fields={"decision": [None, decision]})
    _tell("award_given", made, at=at)
    return made


@transaction.atomic
def withdraw_award(
    award: Award, *, by: User, decision: Decision, note: str, at: datetime | None = None
) -> None:
    """Take an award back, as a decision says; who held it is told why."""
    at = at or timezone.now()
    award.require("withdraw_award", by=by)
    if award.proposal is not None:
        locked(award.proposal)
    missing = why_not(decision)
    if not note.strip():
        missing.append(_("请写明撤销表彰的理由，受表彰的一方会看到。"))
    if missing:
        raise NotReady(award, "withdraw_award", missing)
    award.move_to("withdraw_award", by=by, at=at, decision=decision, note=note.strip())
    _tell("award_withdrawn", award, at=at)


def _tell(kind: str, given: Award, *, at: datetime) -> None:
    people: list[Person]
    if given.proposal is not None:
        people, what = proposers_of(given.proposal), given.proposal.label
        url = given.proposal.get_absolute_url()
    else:
        roles = (Posting.Role.CLERK, *Posting.LEADS)
        people = people_of(given.unit, *roles, on=timezone.localdate(at))
        what, url = str(given.unit), given.get_absolute_url()
    words = {"what": what, "title": str(given.title), "year": str(given.plenary)}
    notices.tell(kind, given, people=people, at=at, words=words, url=url)


def end_awards(proposal: Proposal, *, by: User, at: datetime) -> None:
    """What was named excellent is no proposal any more."""
    for given in proposal.awards.standing():
        given.move_to("end", by=by, at=at)


def beyond_share(plenary: Plenary, *, proposals: int = 0, units: int = 0) -> list[str]:
    """A warning where the awards of the year, and so many more, are above their usual share."""
    given = Award.objects.standing().filter(plenary=plenary)
    told = []
    filed = Proposal.objects.filter(plenary=plenary, status__in=Proposal.STANDING).count()
    named = given.filter(unit=None).count() + proposals
    share = parameters.get("proposals.excellent_share")
    if named * 100 > filed * share:
        words = {"named": named, "all": filed, "share": share}
        told.append(
            _("优秀提案 %(named)d 件，立案 %(all)d 件，超过 %(share)d%% 的比例；请核对会议决定。")
            % words
        )
    handling = Handling.objects.in_force().filter(proposal__plenary=plenary)
    answering = handling.values("unit").distinct().count()
    named = given.filter(proposal=None).count() + units
    share = parameters.get("proposals.advanced_share")
    if named * 100 > answering * share:
        words = {"named": named, "all": answering, "share": share}
        told.append(
            _(
                "先进承办单位 %(named)d 家，承办单位 %(all)d 家，超过 %(share)d%% 的比例；请核对会议决定。"
            )
            % words
        )
    return told
