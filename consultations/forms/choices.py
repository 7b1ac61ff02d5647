"""What forms of consultation choose from: members to tick, leaders, decisions on record."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office.decisions import Decision
from cppcc_portal.office.forms import Picks
from members.models import Membership


class MemberPicks(forms.ModelMultipleChoiceField):
    """Members in office to tick, found by name or pinyin initials."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", Picks)
        super().__init__(queryset=Membership.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)


def named(seat: Membership) -> str:
    """Name and sector: people of the same name are told apart."""
    sector = f"（{seat.sector}）" if seat.sector else ""
    return f"{seat.person.name}{sector}"


def in_office() -> Any:
    """Members in office of the current term, as lists to tick show them."""
    seats = Membership.objects.active().of_current_term()
    return seats.select_related("person", "sector").order_by("person__initials", "pk")


class DecisionChoice(forms.ModelChoiceField):
    """Passed decisions on record, newest first."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("没有列出的，请先在工作台“会议决定”中登记。"))
        super().__init__(queryset=Decision.objects.none(), **kwargs)

    def offer(self, *bodies: int, unused: bool = False) -> None:
        """Those of these bodies (primary keys), or of all; `unused`: of the last year, in no plan yet."""
        passed = Decision.objects.current().passed()
        if unused:
            since = timezone.localdate() - timedelta(days=366)
            passed = passed.filter(plan_step=None, held_on__gte=since)
        if bodies:
            passed = passed.filter(body__in=bodies)
        self.queryset = passed.to_choose()


class MemberChoice(forms.ModelChoiceField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(queryset=Membership.objects.none(), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return named(obj)
