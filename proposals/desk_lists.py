"""What a unit's list of shares is asked for, and many of them acknowledged at once."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office.workplace import say_each, take_each
from members.requests import MemberRequest
from proposals import actions
from proposals.forms import wanted
from proposals.models import Handling, Proposal
from proposals.models.lights import Light, due_under

FILTERS = ("done", "q", "role", "late", "light")
MOST_AT_ONCE = 100


class DeskFilterForm(forms.Form):
    """Which shares to show."""

    q = forms.CharField(
        label=gettext_lazy("查找"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("案号、案由中的词、提案人姓名或拼音首字母"),
    )
    role = forms.ChoiceField(
        label=gettext_lazy("承办方式"),
        required=False,
        choices=[("", gettext_lazy("全部")), *Handling.Role.choices],
    )
    late = forms.BooleanField(label=gettext_lazy("只看已逾期"), required=False)
    # Chosen by the tabs above the list; kept while something else is looked for.
    light = forms.CharField(required=False, max_length=10, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        wanted(self, "q", "role", "late")


def chosen(rows: Any, form: DeskFilterForm, today: date) -> tuple[Any, bool]:
    """The shares that are asked for, and whether they are fewer than all."""
    if not form.is_valid():
        return rows, False
    given, filtered = form.cleaned_data, False
    if words := given["q"].strip():
        found = Proposal.objects.search(words).order_by().values("pk")
        rows, filtered = rows.filter(proposal__in=found), True
    if given["role"]:
        rows, filtered = rows.filter(role=given["role"]), True
    if given["late"]:
        rows, filtered = rows.filter(pk__in=Handling.objects.overdue(today).values("pk")), True
    return rows, filtered


def lit(rows: Any, form: DeskFilterForm, today: date) -> tuple[Any, str]:
    """The shares under the light that is asked for, and which it is; without one, all."""
    light = form.cleaned_data["light"] if form.is_valid() else ""
    return (rows.under(light, today), light) if light in Light else (rows, "")


def lights_of(rows: Any, query: QueryDict, today: date, current: str) -> list[dict[str, Any]]:
    """These shares by how near their day is: all, red, yellow, green, each with its figure; one query."""
    counted = rows.open().aggregate(
        **{light.value: Count("pk", filter=due_under(light, today)) for light in Light}
    )
    other = query.copy()
    for name in ("light", "page"):
        other.pop(name, None)

    def address(light: str) -> str:
        asked = other.copy()
        if light:
            asked["light"] = light
        return f"?{asked.urlencode()}"

    whole = {"label": _("全部"), "url": address(""), "current": not current}
    return [
        whole,
        *(
            {
                "label": light.label,
                "url": address(light.value),
                "current": current == light.value,
                "count": counted[light.value],
            }
            for light in Light
        ),
    ]


def to_acknowledge(user: Any) -> Any:
    """What this person's units have not acknowledged; nobody else's."""
    own = Handling.objects.delegated_to(user).filter(unit__in=user.body_ids)
    return own.filter(status=Handling.Status.WAITING)


def acknowledge_many(request: MemberRequest) -> HttpResponse:
    """签收 of the ticked shares, each by its own action; what is refused is named with the reason."""
    if not request.user.body_ids:
        raise PermissionDenied
    waiting = to_acknowledge(request.user).select_related("unit", "proposal")
    if request.method == "POST":
        keys = [
            int(key) for key in request.POST.getlist("chosen") if key.isascii() and key.isdigit()
        ]
        rows = waiting.filter(pk__in=keys[:MOST_AT_ONCE]).order_by("sign_in_due_on", "pk")
        told = take_each(rows, lambda share: actions.acknowledge(share, by=request.user))
        say_each(request, *told, _("签收"))
        return redirect("desk:index")
    context = {"shares": waiting.order_by("sign_in_due_on", "pk")[:MOST_AT_ONCE]}
    return render(request, "desk/acknowledge_many.html", context)
