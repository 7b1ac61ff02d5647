"""Pages for visitors: published proposals and replies. They read public versions and facts, never the text itself."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cppcc_portal.office import parameters
from cppcc_portal.office.documents import address_of
from cppcc_portal.office.paging import latest
from cppcc_portal.office.visitors import SIZES
from proposals.models import Handling, Proposer, Publication, PublicReply
from proposals.public_forms import PublicFilterForm

NEWEST = 50  # entries of feed and list
MOST = 20_000  # addresses of the map; its format ends at 50,000

View = Callable[..., HttpResponse]


def for_visitors(view: View) -> View:
    """Open to everybody, to be read only."""
    return login_not_required(require_safe(view))


def frame(request: HttpRequest) -> dict[str, Any]:
    """What every public page knows: its size of type stands in the address, not in a cookie."""
    size = request.GET.get("size", "")
    size = size if size in SIZES else ""
    sizes = zip(("", *SIZES), (_("标准"), _("大"), _("特大"), _("最大")), strict=True)
    return {"size": size, "sizes": list(sizes)}


def published() -> QuerySet[Publication]:
    """What is public with its facts. Columns with internal words are not even fetched."""
    shares = Handling.objects.standing().select_related("unit").order_by("pk")
    # Whose text was merged into this one without their consent to be public is not named.
    agreed = Proposer.objects.confirmed().exclude(merged_from__may_publish=False)
    people = agreed.select_related("membership__person", "body")
    return (
        Publication.objects.public()
        .select_related("current", "proposal__plenary__term", "proposal__category")
        .only(
            "uid",
            "status",
            "published_at",
            "changed_at",
            "current__title",
            "current__situation",
            "current__analysis",
            "current__suggestions",
            "proposal__label",
            "proposal__number",
            "proposal__series",
            "proposal__filed_at",
            "proposal__category__name",
            "proposal__plenary__number",
            "proposal__plenary__term__number",
        )
        .prefetch_related(
            Prefetch(
                "proposal__handlings",
                shares.only("proposal", "role", "unit_name", "unit__name", "unit__short_name"),
            ),
            Prefetch(
                "proposal__proposers",
                people.only(
                    "proposal",
                    "order",
                    "kept_name",
                    "membership__person__name",
                    "body__name",
                    "body__short_name",
                ),
            ),
        )
    )


def names_of(publication: Publication) -> str:
    """Who put it, as far as the office's setting names them."""
    how = parameters.get("proposals.public_names")
    proposers = publication.proposal.proposers.all()
    people = [proposer.name for proposer in proposers]
    if how == "none" or not people:
        return ""
    if how == "all" or len(people) == 1:
        return "、".join(people)
    words = {"name": people[0], "count": len(people)}
    if all(proposer.membership_id for proposer in proposers):
        return _("%(name)s等 %(count)s 名委员") % words
    return _("%(name)s等 %(count)s 个提案者") % words


def told(rows: Any) -> list[Any]:
    """Each row with the names that may be shown."""
    for publication in rows:
        publication.names = names_of(publication)
    return list(rows)


def found(form: PublicFilterForm) -> tuple[QuerySet[Publication], bool]:
    """What the visitor asks for, and whether that is less than all."""
    rows, filtered = published(), False
    if form.is_valid():
        given = form.cleaned_data
        if given["q"]:
            rows, filtered = rows.search(given["q"]), True  # type: ignore[attr-defined]
        if given["plenary"]:
            rows, filtered = rows.filter(proposal__plenary=given["plenary"]), True
        if category := given["category"]:
            children = [category.pk, *category.children.values_list("pk", flat=True)]
            rows, filtered = rows.filter(proposal__category__in=children), True
    return rows, filtered


@for_visitors
def index(request: HttpRequest) -> HttpResponse:
    """Published proposals, the newest first, found by words, plenary and category."""
    form = PublicFilterForm(request.GET)
    rows, filtered = found(form)
    page = latest(rows, request, field="published_at")
    told(page)
    context = {**frame(request), "page": page, "form": form, "filtered": filtered}
    return render(request, "public/index.html", context)


@for_visitors
def detail(request: HttpRequest, uid: Any) -> HttpResponse:
    """One published proposal: its public text, units, and the public words of their replies."""
    publication = get_object_or_404(published(), uid=uid)
    told([publication])
    context = {
        **frame(request),
        "publication": publication,
        "proposal": publication.proposal,
        "text": publication.current,
        "replies": replies_of(publication),
        "shows_class": parameters.get("proposals.public_class"),
    }
    return render(request, "public/proposal.html", context)


def replies_of(publication: Publication) -> list[PublicReply]:
    """The public words of each reply, with its unit and day."""
    rows = PublicReply.objects.filter(version=publication.current_id)
    rows = rows.select_related("reply__handling__unit", "reply__result_class").only(
        "version",
        "openness",
        "text",
        "reply__sent_at",
        "reply__round",
        "reply__unit_name",
        "reply__result_class__code",
        "reply__result_class__name",
        "reply__handling__unit__name",
        "reply__handling__unit__short_name",
    )
    return list(rows.order_by("pk"))


def newest() -> list[Any]:
    return told(published().order_by("-published_at", "-pk")[:NEWEST])


@for_visitors
def feed(request: HttpRequest) -> HttpResponse:
    """The newest as an Atom feed."""
    about = Atom1Feed(
        title=_("%s · 公开提案") % parameters.get("portal.name"),
        link=address_of(request.path.removesuffix("feed.xml")),
        description=_("最近公开的提案和答复。"),
        feed_url=address_of(request.path),
        language="zh-Hans",
    )
    for one in newest():
        about.add_item(
            title=one.current.title,
            link=address_of(one.public_url),
            description=" · ".join(filter(None, (one.proposal.official_number, one.names))),
            unique_id=one.uid.urn,
            pubdate=one.published_at,
            updateddate=one.changed_at,
        )
    return HttpResponse(about.writeString("utf-8"), content_type="application/atom+xml")


@for_visitors
def listed(request: HttpRequest) -> JsonResponse:
    """The newest as a list for programs."""
    rows = [
        {
            "url": address_of(one.public_url),
            "number": one.proposal.label,
            "title": one.current.title,
            "proposers": one.names,
            "category": str(one.proposal.category),
            "plenary": one.proposal.plenary.code,
            "units": [str(share.unit) for share in one.proposal.handlings.all()],
            "published": timezone.localtime(one.published_at).isoformat(timespec="seconds"),
            "changed": timezone.localtime(one.changed_at).isoformat(timespec="seconds"),
        }
        for one in newest()
    ]
    return JsonResponse({"proposals": rows}, json_dumps_params={"ensure_ascii": False})


@for_visitors
def sitemap(request: HttpRequest) -> HttpResponse:
    """Every public page with the day of its last change."""
    rows = Publication.objects.public().order_by("-published_at", "-pk").only("uid", "changed_at")
    pages = [
        {"address": address_of(one.public_url), "changed": one.changed_at} for one in rows[:MOST]
    ]
    return render(request, "public/sitemap.xml", {"pages": pages}, content_type="application/xml")
