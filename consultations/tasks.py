"""Doors through which the clock comes in; no rule stands here."""

from celery import shared_task
from django.utils import timezone

from consultations import actions


@shared_task
def remind() -> int:
    return actions.remind(timezone.localdate())
