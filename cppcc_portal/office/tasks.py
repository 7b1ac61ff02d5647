"""The doors by which Celery comes in; what is done stands behind them."""

from celery import current_app, shared_task

from cppcc_portal.office import audit, clock, jobs, notices

current_app.steps["worker"].update({clock.WorkerPulse, clock.ClockInWorker})


@shared_task
def look_at_job(pk: int) -> str:
    return jobs.run_job(pk)


@shared_task
def look_at_delivery(*pks: int) -> int:
    return notices.deliver_all(pks)


@shared_task
def sweep_jobs() -> int:
    return jobs.sweep()


@shared_task
def sweep_notices() -> int:
    return notices.sweep()


@shared_task
def seal_audit() -> int:
    return audit.seal()


@shared_task
def heartbeat() -> None:
    jobs.pulse(jobs.TICK)
