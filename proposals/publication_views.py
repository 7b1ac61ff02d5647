"""Pages of publication: what of a proposal is public, the public version beside the internal text, the last look."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cppcc_portal.office import steps
from cppcc_portal.office.differences import differences
from cppcc_portal.office.keys import key_of
from cppcc_portal.office.turns import dated
from cppcc_portal.office.workflow import NotReady
from members.requests import MemberRequest
from proposals.actions import publishing
from proposals.compared import Compared, parts_compared
from proposals.models import Publication, PublicVersion
from proposals.models.publications import ready_to_publish
from proposals.publication_forms import PrepareForm, PublishForm
from proposals.publication_steps import PUBLICATION_STEPS
from proposals.turns import clocks_of
from proposals.views import get_proposal


def get_publication(request: Any, pk: int) -> Publication:
    """The publication, or 404 for what this person may not know of."""
    rows = Publication.objects.visible_to(request.user).select_related(
        "proposal__plenary__term", "proposal__category", "proposal__current_text", "current"
    )
    return get_object_or_404(rows, pk=pk)


def compared(version: PublicVersion) -> list[Compared]:
    """The whole public version against what it was made from, part by part."""
    found = parts_compared(version.based_on.parts, version.parts)
    for item in version.replies.select_related("reply__handling__unit"):
        unit = _("%s的答复") % item.reply.handling.unit
        how = str(item.get_openness_display())
        found.append(Compared(unit, differences(item.reply.text, item.text), how))
    return found


@require_POST
def open_publication(request: MemberRequest, pk: int) -> HttpResponse:
    """Begin to prepare a proposal for the public."""
    proposal = get_proposal(request, pk)
    publication = publishing.open_publication(proposal, by=request.user)
    return redirect("proposals:prepare", publication.pk)


def publication(request: MemberRequest, pk: int) -> HttpResponse:
    """Whether and what of a proposal is public, who did what, and the steps that are open."""
    shown, user = get_publication(request, pk), request.user
    works = user.has_perm("proposals.view_publication")
    version = shown.current or shown.latest
    last = shown.changes.filter(verb__in=["keep_internal", "unpublish"]).last()
    may_publish = shown.can("publish", user)
    context = {
        "publication": shown,
        "proposal": shown.proposal,
        "version": version,
        "replies": version.replies.select_related("reply__handling__unit") if version else [],
        "why": last.note if last and shown.status == Publication.Status.INTERNAL else "",
        "turn": turn_of(shown, user),
        "lacking": shown.asked_of() if works else [],
        "consents": shown.consents.select_related(
            "proposer__membership__person", "proposer__body", "unit", "by__person", "scan"
        ),
        "works": works,
        "versions": shown.versions.select_related("made_by__person").order_by("-number"),
        "may_publish": may_publish,
        "is_new": bool(version and shown.latest != shown.current),
        "buttons": steps.buttons(PUBLICATION_STEPS, shown, user, shown.get_absolute_url()),
        "changes": shown.changes.select_related("by__person", "scan", "decision").order_by(
            "-at", "-pk"
        ),
    }
    return render(request, "proposals/publication.html", context)


def turn_of(shown: Publication, user: Any) -> Any:
    """By when the office makes it public, and why that day; None when nothing waits."""
    if shown.due_on is None:
        return None
    clocks = clocks_of([shown]).get(key_of(shown), {})
    first = next((one for one in clocks.values() if one.due_on == shown.due_on), None)
    return dated(
        str(_("提案委办公室")),
        _("核对公开稿，向社会公开。"),
        shown.due_on,
        timezone.localdate(),
        why=first.explain() if first else "",
        mine=user.has_perm("proposals.publish_proposal"),
    )


def prepare(request: MemberRequest, pk: int) -> HttpResponse:
    """Write the public version; it begins as the internal text."""
    shown = get_publication(request, pk)
    shown.require("publish", by=request.user)
    form = PrepareForm(request.POST if request.method == "POST" else None, publication=shown)
    if request.method == "POST" and form.is_valid():
        try:
            version = publishing.prepare(shown, by=request.user, **form.words())
        except NotReady as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
            data: Any = form.data
            form.data = data = data.copy()
            data["after"] = str(shown.latest.number if shown.latest else 0)
        else:
            messages.success(request, _("第 %s 稿已保存，还没有公开。") % version.number)
            return redirect("proposals:publish", shown.pk)
    context = {
        "publication": shown,
        "proposal": shown.proposal,
        "form": form,
        "latest": shown.latest,
        "page_has_errors": bool(form.errors),
    }
    status = 422 if form.errors else 200
    return render(request, "proposals/prepare.html", context, status=status)


def publish(request: MemberRequest, pk: int) -> HttpResponse:
    """The last look: what differs, what it gives away, whose consent is there; then on to the next."""
    shown, user = get_publication(request, pk), request.user
    shown.require("publish", by=user)
    version = shown.latest
    if version is None or shown.current_id == version.pk:
        messages.info(request, _("没有等待公开的公开稿，请先拟稿。"))
        return redirect("proposals:prepare", shown.pk)
    found = version.disclosures()
    hints = [item for item in found if not item.must_go]
    posted = request.POST if request.method == "POST" else None
    form = PublishForm(posted, has_hints=bool(hints), initial={"number": version.number})
    if posted is not None and form.is_valid():
        try:
            publishing.publish(shown, by=user, **form.cleaned_data)
        except NotReady as refused:
            for reason in refused.reasons:
                form.add_error(None, reason)
        else:
            messages.success(request, _("“%s”已公开。") % shown)
            return redirect(onwards(shown))
    # What is only lacking is a tick below is no obstacle to look at.
    shown.current, shown.hints_confirmed, shown.secrecy_confirmed = version, True, True
    context = {
        "publication": shown,
        "proposal": shown.proposal,
        "version": version,
        "compared": compared(version),
        "hints": hints,
        "missing": ready_to_publish(shown),
        "form": form,
        "coming": next_waiting(shown),
        "page_has_errors": bool(form.errors),
    }
    status = 422 if form.errors else 200
    return render(request, "proposals/publish.html", context, status=status)


def next_waiting(shown: Publication) -> Publication | None:
    """The next in the queue 待公开, the most urgent first."""
    return Publication.objects.waiting().exclude(pk=shown.pk).order_by("due_on", "pk").first()


def onwards(shown: Publication) -> str:
    """Whoever works through the queue goes on to the next in it."""
    coming = next_waiting(shown)
    return (coming or shown).get_absolute_url()


def version(request: MemberRequest, pk: int, number: int) -> HttpResponse:
    """One version against the internal text, with who made it and its hash; for the office alone."""
    shown = get_publication(request, pk)
    if not request.user.has_perm("proposals.view_publication"):
        raise PermissionDenied
    rows = shown.versions.select_related("based_on", "made_by__person")
    found = get_object_or_404(rows, number=number)
    context = {
        "publication": shown,
        "proposal": shown.proposal,
        "version": found,
        "compared": compared(found),
    }
    return render(request, "proposals/public_version.html", context)
