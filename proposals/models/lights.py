"""Green, yellow, red: how near its day a unit's share is, reckoned from the date and never stored (rule 13)."""

from datetime import date, timedelta

from django.db import models
from django.db.models import Case, CharField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import parameters


class Light(models.TextChoices):
    RED = "red", _("红灯")
    YELLOW = "yellow", _("黄灯")
    GREEN = "green", _("绿灯")


def light_days(light: str, today: date) -> tuple[date | None, date | None]:
    """The first and the last due date with this light today; None where there is no end.

    Red comes first: where the office sets both lights to the same days, there is no yellow one.
    """
    red = today + timedelta(days=parameters.get("proposals.light_red") - 1)
    yellow = max(red, today + timedelta(days=parameters.get("proposals.light_yellow")))
    if light == Light.RED:
        return None, red
    if light == Light.YELLOW:
        return red + timedelta(days=1), yellow
    return yellow + timedelta(days=1), None


def due_under(light: str, today: date) -> Q:
    """Shares whose date is under this light today."""
    first, last = light_days(light, today)
    since = Q() if first is None else Q(due_on__gte=first)
    return since if last is None else since & Q(due_on__lte=last)


def light_of(due_on: date, today: date) -> Light:
    """The light of one date."""
    for light in (Light.RED, Light.YELLOW):
        last = light_days(light, today)[1]
        if last is not None and due_on <= last:
            return light
    return Light.GREEN


def shown(is_open: Q, today: date) -> Case:
    """The light of each row, in SQL; nothing where nobody waits for the unit any more."""
    lights = [When(due_under(light, today), then=Value(light.value)) for light in Light]
    return Case(
        When(~is_open, then=Value("")), *lights, default=Value(""), output_field=CharField()
    )
