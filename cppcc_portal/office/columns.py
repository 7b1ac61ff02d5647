"""显示的列: which columns of a list a person sees, kept for each list until they choose anew."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import models
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


def in_use() -> bool:
    return True


@dataclass(frozen=True)
class Column:
    """One column that a list can show: `always` ones stand whatever is chosen, `default` ones at first.

    `offered` is asked each time: what the office has switched off is not offered.
    """

    name: str
    label: Any
    default: bool = False
    always: bool = False
    offered: Callable[[], bool] = in_use


class ShownColumns(models.Model):
    """What one person chose for one list; no row means the list's own choice."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="shown_columns")
    page = models.CharField(max_length=80)
    names = models.JSONField(gettext_lazy("列"), default=list)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("显示的列")
        constraints = [
            models.UniqueConstraint(fields=["user", "page"], name="office_columns_once_a_list")
        ]

    def __str__(self) -> str:
        return self.page


@dataclass(frozen=True)
class Choice:
    """The columns on offer in their order, which of them are shown, and whether somebody chose so."""

    offered: Sequence[Column]
    names: frozenset[str]
    is_own: bool

    @property
    def shown(self) -> list[Column]:
        return [column for column in self.offered if column.name in self.names]

    @property
    def boxes(self) -> list[dict[str, Any]]:
        """What can be ticked; what always stands is not asked for."""
        return [
            {"name": column.name, "label": column.label, "shown": column.name in self.names}
            for column in self.offered
            if not column.always
        ]

    def __contains__(self, name: str) -> bool:
        return name in self.names


def choice_of(user: Any, page: str, known: Iterable[Column]) -> Choice:
    """How this person sees this list; a column that is gone since they chose is passed over."""
    offered = [column for column in known if column.offered()]
    row = ShownColumns.objects.filter(user=user, page=page).first()
    wanted = set(row.names) if row else {column.name for column in offered if column.default}
    names = {column.name for column in offered if column.always or column.name in wanted}
    return Choice(offered, frozenset(names), row is not None)


def keep_columns(user: Any, page: str, known: Iterable[Column], names: Iterable[str]) -> None:
    """Show these from now on; a name that the list does not have is not kept."""
    wanted = set(names)
    kept = [one.name for one in known if one.name in wanted and not one.always and one.offered()]
    ShownColumns.objects.update_or_create(
        user=user, page=page, defaults={"names": kept, "saved_at": timezone.now()}
    )


def reset_columns(user: Any, page: str) -> None:
    """Back to the list's own choice."""
    ShownColumns.objects.filter(user=user, page=page).delete()


def take_choice(request: HttpRequest, page: str, known: Iterable[Column]) -> None:
    """Keep what was ticked, or go back to the default, as the button says."""
    if "reset" in request.POST:
        reset_columns(request.user, page)
        messages.success(request, _("已恢复默认的列。"))
        return
    keep_columns(request.user, page, known, request.POST.getlist("columns"))
    messages.success(request, _("已按您的选择显示，下次打开仍是这样。"))


def query_of(request: HttpRequest, names: Iterable[str]) -> str:
    """The filters under which the list was open, and nothing else of what was posted."""
    posted = QueryDict(request.POST.get("query", "")[:1000])
    kept = QueryDict(mutable=True)
    for name in names:
        if value := posted.get(name, ""):
            kept[name] = value
    return f"?{kept.urlencode()}" if kept else ""
