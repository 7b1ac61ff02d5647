"""Signs of life of the two processes beside the web, each written by the process itself.

beat    written by the clock at each of its turns: the clock lives
worker  written by the worker's own timer: the worker lives, even if no clock rings it
tick    written by a task that the clock sent and the worker ran: the way between them is open
"""

import logging
import os
import signal
import threading
import time
from typing import Any

from celery import bootsteps
from celery.beat import PersistentScheduler, Service
from django.db import Error, close_old_connections

from cppcc_portal.office import jobs

logger = logging.getLogger("portal.clock")

EVERY = 30.0  # seconds


def pulse(name: str) -> None:
    """Write down that a part lives; a database that does not answer must not stop it."""
    try:
        close_old_connections()
        jobs.pulse(name)
    except Error as error:
        logger.warning("The sign of life of %s could not be written: %s", name, error)


class Scheduler(PersistentScheduler):
    """Celery's clock, which also shows that it turns."""

    last_pulse = float("-inf")

    def tick(self, *args: Any, **kwargs: Any) -> float:
        wait = super().tick(*args, **kwargs)
        if time.monotonic() - self.last_pulse >= EVERY / 2:
            self.last_pulse = time.monotonic()
            pulse(jobs.BEAT)
        return min(wait, EVERY)


class WorkerPulse(bootsteps.StartStopStep):
    """The worker's timer shows that the worker lives."""

    requires = {"celery.worker.components:Timer"}

    def start(self, parent: Any) -> None:
        pulse(jobs.WORKER)
        self.entry = parent.timer.call_repeatedly(EVERY, pulse, (jobs.WORKER,))

    def stop(self, parent: Any) -> None:
        self.entry.cancel()


class ClockInWorker(bootsteps.StartStopStep):
    """With CLOCK_IN_WORKER set, the clock turns in a thread of the worker (`manage.py runall`).

    A clock of its own is a third copy of the portal in memory: too much for a demonstration.
    """

    requires = {"celery.worker.components:Timer"}

    def include_if(self, parent: Any) -> bool:
        return bool(os.environ.get("CLOCK_IN_WORKER"))

    def create(self, parent: Any) -> None:
        # Short turns, so that it stops soon after it is told to.
        self.service = Service(parent.app, max_interval=1, scheduler_cls=Scheduler)
        self.thread = threading.Thread(target=self.turn, name="clock", daemon=True)

    def start(self, parent: Any) -> None:
        self.thread.start()

    def turn(self) -> None:
        try:
            self.service.start()
        except Exception:
            # A worker without its clock would look well: end both, to be started again together.
            logger.exception("The clock fell over.")
            os.kill(os.getpid(), signal.SIGTERM)

    def stop(self, parent: Any) -> None:
        self.service.stop()
        self.thread.join(timeout=5)
