"""The doors by which Celery comes in; what is done stands behind them."""

from celery import shared_task

from members.importing import rosters


@shared_task
def forget_rosters() -> int:
    return rosters.forget_old()
