"""Two ways to begin a text: from a Word document, from the office's catalogue of topics."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from cppcc_portal.office.archives import Refused
from cppcc_portal.office.forms import FileInput
from members.requests import MemberRequest
from proposals import actions
from proposals.models import Proposal, SuggestedTopic
from proposals.models.rights import is_author
from proposals.views import get_proposal, may_start, refuse_step

NAMES = {
    "title": gettext_lazy("案由"),
    "situation": gettext_lazy("情况"),
    "analysis": gettext_lazy("分析"),
    "suggestions": gettext_lazy("建议"),
}


class DocumentForm(forms.Form):
    """The document that was written elsewhere."""

    document = forms.FileField(
        label=gettext_lazy("Word 文档（.docx）"),
        widget=FileInput(attrs={"accept": ".docx"}),
        help_text=gettext_lazy("按“情况、分析、建议”等小标题分到各部分；认不准的放在“情况”里。"),
    )


def fill_from_document(request: MemberRequest, pk: int) -> HttpResponse:
    """Upload a document; its text stands in the draft, to be looked through."""
    proposal = get_proposal(request, pk)
    if not is_author(proposal, request.user):
        raise PermissionDenied
    if proposal.status not in Proposal.MOVES["submit"].old:
        return refuse_step(request, proposal)
    posted = request.method == "POST"
    form = DocumentForm(*((request.POST, request.FILES) if posted else ()))
    if posted and form.is_valid():
        try:
            taken = actions.fill_from_document(
                proposal, by=request.user, document=form.cleaned_data["document"]
            )
        except Refused as refusal:
            form.add_error("document", refusal.message)
        else:
            messages.success(request, told(taken))
            return redirect("proposals:edit", proposal.pk)
    context = {"proposal": proposal, "form": form, "page_has_errors": bool(form.errors)}
    status = 422 if form.errors else 200
    return render(request, "proposals/fill_from_document.html", context, status=status)


def told(taken: dict[str, int]) -> str:
    """What was taken, and what was not found."""
    got = "、".join(
        _("%(part)s %(count)s 字") % {"part": NAMES[name], "count": count}
        for name, count in taken.items()
        if count
    )
    lacking = "、".join(str(NAMES[name]) for name, count in taken.items() if not count)
    said = _("已从文档填入：%s。请逐项核对，再保存。") % got
    if lacking:
        said += _("文档里没有认出：%s。") % lacking
    return said + _("原来写的文字如有替换，都另存在本页下方。")


MOST_TOPICS = 200  # a catalogue has about a hundred


def topics(request: MemberRequest) -> HttpResponse:
    """What the office suggests to write about."""
    rows = SuggestedTopic.objects.on_offer().with_taken().select_related("category")
    context = {
        "topics": rows.order_by("-plenary", "order", "pk")[:MOST_TOPICS],
        "can_write": may_start(request.user),
    }
    return render(request, "proposals/topics.html", context)


@require_POST
def start_from_topic(request: MemberRequest, pk: int) -> HttpResponse:
    """Open a draft on one of them."""
    topic = get_object_or_404(SuggestedTopic.objects.on_offer(), pk=pk)
    proposal = actions.start_from_topic(topic, by=request.user)
    messages.success(request, _("这是按选题写的草稿，案由可以改。"))
    return redirect("proposals:edit", proposal.pk)
