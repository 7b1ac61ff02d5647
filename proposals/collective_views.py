"""Pages of an organisation's own proposal: begin it, name its contact, add its seal."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.steps import Step, take
from cppcc_portal.office.workflow import NotReady
from members.models import Body
from members.requests import MemberRequest
from proposals import actions
from proposals.collective_forms import CollectiveForm, StartForm
from proposals.models import Collective, Proposal, ProposerKind
from proposals.models.collectives import body_in_office, kind_in_season
from proposals.models.proposer_kinds import signing_bodies
from proposals.models.rights import is_author
from proposals.views import get_proposal


def may_write(collective: Collective, user: Any) -> bool:
    """Who writes the text also names the contact, as long as the text can still be changed."""
    proposal = collective.proposal
    return proposal.status in Proposal.MOVES["submit"].old and is_author(proposal, user)


SIDE = Step(
    "collective",
    actions.keep_collective,
    gettext_lazy("组织资料已保存。"),
    label=gettext_lazy("保存组织资料"),
    question=gettext_lazy("提案表、答复函和承办单位的联系都用这里的资料。"),
    form=CollectiveForm,
    may=may_write,
    subject=lambda collective: collective.proposal.first_proposer.full_name,
    back=lambda collective, user: reverse("proposals:edit", args=[collective.proposal_id]),
)


def start_collective(request: MemberRequest) -> HttpResponse:
    """In whose name, whom to call; then the text is written like any other."""
    user = request.user
    signing = Body.objects.filter(pk__in=signing_bodies(user)).order_by("kind", "order", "pk")
    if not signing:
        raise PermissionDenied(_("您没有担任可以提出集体提案的组织的职务。"))
    kinds = {kind.body_kind: kind for kind in ProposerKind.objects.exclude(body_kind="")}
    why_not: dict[int, list[Any]] = {
        body.pk: [*body_in_office(body), *kind_in_season(kinds[body.kind], timezone.now())]
        for body in signing
    }
    bodies = signing.filter(pk__in=[pk for pk, reasons in why_not.items() if not reasons])
    initial = {"contact_name": user.name}
    form = StartForm(
        request.POST if request.method == "POST" else None, bodies=bodies, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            proposal = actions.start_collective(by=user, **form.cleaned_data)
        except NotReady as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("已建立草稿，请撰写正文。"))
            return redirect("proposals:edit", proposal.pk)
    context = {
        "form": form,
        "bodies": bodies,
        "not_now": [reason for reasons in why_not.values() for reason in reasons],
        "page_has_errors": bool(form.errors),
    }
    status = 422 if form.errors else 200
    return render(request, "proposals/start_collective.html", context, status=status)


def collective(request: MemberRequest, pk: int) -> HttpResponse:
    """Contact, writers and seal of one proposal."""
    proposal = get_proposal(request, pk)
    rows = Collective.objects.select_related("kind", "seal")
    side = get_object_or_404(rows, proposal=proposal)
    side.proposal = proposal
    return take(request, SIDE, side)
