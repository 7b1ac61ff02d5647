"""常用筛选: how a person looks at a list, kept under a name."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cppcc_portal.office import parameters

LONGEST_QUERY = 500


class FilterRefused(ValueError):
    """A filter cannot be kept; the message says why, in plain Chinese."""


class SavedFilter(models.Model):
    """One way to look at one list, of one person."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_filters")
    page = models.CharField(max_length=80)
    name = models.CharField(gettext_lazy("名称"), max_length=20)
    query = models.CharField(max_length=LONGEST_QUERY)
    saved_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = verbose_name_plural = gettext_lazy("常用筛选")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "page", "name"], name="office_saved_filter_name_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(name="") & ~models.Q(query=""),
                name="office_saved_filter_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@transaction.atomic
def save_filter(user: Any, page: str, *, name: str, query: str) -> SavedFilter:
    """Keep a way to look at a list; the same name is kept once, with the newest query."""
    name = name.strip()
    if not name or len(name) > 20:
        raise FilterRefused(_("请给这组条件起一个名称，最多 20 个字。"))
    if not query:
        raise FilterRefused(_("现在没有筛选条件，请先筛选或查找。"))
    if len(query) > LONGEST_QUERY:
        raise FilterRefused(_("条件太长，请减少后再保存。"))
    # Held, or two windows at once would keep one more than there may be.
    get_user_model()._base_manager.select_for_update().get(pk=user.pk)
    rows = SavedFilter.objects.filter(user=user, page=page)
    most = parameters.get("lists.most_saved")
    if not rows.filter(name=name).exists() and rows.count() >= most:
        raise FilterRefused(_("一个列表最多保存 %s 组条件，请先删除不用的。") % most)
    saved, _made = SavedFilter.objects.update_or_create(
        user=user,
        page=page,
        name=name,
        defaults={"query": query, "saved_at": timezone.now()},
    )
    return saved


def remove_filter(user: Any, page: str, *, pk: int) -> None:
    """Forget one of one's own; somebody else's is not there."""
    SavedFilter.objects.filter(user=user, page=page, pk=pk).delete()
