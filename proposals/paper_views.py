"""The papers of a proposal as Word and PDF files: each for whoever may read what stands in it."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Prefetch
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _

from cppcc_portal.office import audit
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.printing import given
from members.models import Commitment, Person
from members.requests import MemberRequest
from proposals import papers, registers
from proposals.attachments import of_joint_opinion, of_reply
from proposals.desk import get_handling
from proposals.models import Evaluation, Handling, MeetingResult, Proposal, Reply
from proposals.models.promises import made_in
from proposals.models.rights import acts_for_unit, is_author
from proposals.promises import promises_of
from proposals.views import get_proposal


def numbers_for(request: MemberRequest, proposal: Proposal) -> set[Any]:
    """Whose whole numbers this person gets on paper: the own, or all with the right to unmask (on record)."""
    user, found = request.user, papers.behind(proposal)
    if user.has_perm("members.unmask_person"):
        for one in found:
            audit.record(f"{one._meta.model_name}.unmask", one, by=user)
        return keys(found)
    return keys(
        one
        for one in found
        if (one.user_id == user.pk if is_person(one) else is_author(one.proposal, user))
    )


def is_person(one: Any) -> bool:
    return isinstance(one, Person)


def keys(found: Iterable[Any]) -> set[Any]:
    """Under which the papers look for whose number is printed whole."""
    return {one.pk if is_person(one) else one.key for one in found}


def by_code(request: MemberRequest, uid: Any) -> HttpResponse:
    """What the printed code opens: the proposal, for who may see it."""
    rows = Proposal.objects.visible_to(request.user)
    return redirect(get_object_or_404(rows, uid=uid))


def form(request: MemberRequest, pk: int) -> HttpResponse:
    """提案表: one's own whole number; all of them for who may unmask."""
    proposal = get_proposal(request, pk)
    if proposal.current_text is None:
        raise Http404
    paper = papers.proposal_form(proposal, phones=numbers_for(request, proposal))
    return given(request, paper, proposal, "form", _("提案表"), proposal.display_number)


def sheet(request: MemberRequest, pk: int) -> HttpResponse:
    """交办单, for the unit itself and the office."""
    handling = get_handling(request, pk)
    user = request.user
    acts = acts_for_unit(handling, user)
    if not (acts or user.has_perm("proposals.enter_for_others")):
        raise PermissionDenied
    proposal = handling.proposal
    phones = keys(papers.behind(proposal)) if acts else numbers_for(request, proposal)
    paper = papers.hand_over_sheet(handling, phones=phones)
    number = handling.proposal.label
    return given(request, paper, handling, "sheet", _("交办单"), number, handling.unit)


def opinion(request: MemberRequest, pk: int) -> HttpResponse:
    """会办意见, for the units of the proposal and the office."""
    rows = Handling.objects.select_related("proposal__plenary__term", "unit", "joint_opinion")
    handling = get_object_or_404(rows, pk=pk)
    if handling.joint_opinion is None or not of_joint_opinion(
        request.user, handling.joint_opinion.pk
    ):
        raise Http404
    paper = papers.joint_opinion(handling)
    number = handling.proposal.label
    return given(request, paper, handling, "opinion", _("会办意见"), number, handling.unit)


def reply(request: MemberRequest, pk: int) -> HttpResponse:
    """答复函: once sent for whoever sees the proposal; before, for the unit that writes it."""
    rows = Reply.objects.select_related(
        "handling__proposal__plenary__term", "handling__unit", "result_class"
    )
    found = get_object_or_404(rows, pk=pk)
    if not of_reply(request.user, found.pk):
        raise Http404
    promises_of([found])
    number = found.handling.proposal.label
    paper = papers.reply_letter(found)
    return given(request, paper, found, "reply", _("答复函"), number, found.handling.unit)


def hand_over_list(request: MemberRequest) -> HttpResponse:
    """交办清单 of the newest plenary (or ?plenary=): a unit's own, or every unit's for the office."""
    shares = Handling.objects.visible_to(request.user).in_force()
    asked = request.GET.get("plenary", "")
    newest = shares.aggregate(last=Max("proposal__plenary"))["last"] or 0
    plenary = int(asked) if asked.isdecimal() and len(asked) < 19 else newest
    shares = shares.filter(proposal__plenary=plenary).select_related("unit")
    shares = shares.prefetch_related(
        Prefetch("proposal", Proposal.objects.with_first_proposer().select_related("plenary__term"))
    )
    rows = list(shares.order_by("unit__order", "unit", "proposal__number", "pk"))
    paper = registers.hand_over_list(rows)
    return given(request, paper, request.user, "hand_over_list", paper.subject)


def promise_register(request: MemberRequest) -> HttpResponse:
    """承诺事项落实登记表 of this term: a unit's own, or every unit's for who follows promises."""
    user = request.user
    shares = Handling.objects.filter(proposal__term__is_current=True)
    shares = shares.exclude(proposal__status=Proposal.Status.TAKEN_OUT)
    if not user.has_perm("members.view_commitment"):
        shares = shares.filter(unit__in=user.body_ids)
    promising = Reply.objects.sent().filter(first_commitment__isnull=False, handling__in=shares)
    results = MeetingResult.objects.filter(handling__in=shares)
    subjects = [key_of(thing) for thing in (*promising, *results)]
    rows = Commitment.objects.filter(subject__in=subjects).select_related("unit")
    rows = rows.prefetch_related("changes", "progress").order_by(
        "unit__order", "unit", "due_on", "pk"
    )
    paper = registers.promise_register(list(rows), made_in(rows))
    return given(request, paper, user, "promises", paper.subject)


def rating(request: MemberRequest, pk: int) -> HttpResponse:
    """征询意见表, for the proposer and for the office that sends it by post."""
    rows = Evaluation.objects.visible_to(request.user).select_related(
        "reply__handling__proposal__plenary__term",
        "reply__handling__unit",
        "reply__result_class",
        "proposer__membership__person",
        "proposer__body",
    )
    found = get_object_or_404(rows, pk=pk)
    paper = papers.rating_form(found)
    number = found.reply.handling.proposal.label
    return given(request, paper, found, "rating", _("征询意见表"), number, found.proposer.name)
