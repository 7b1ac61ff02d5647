"""When a reminder is due: steps before and after a date, each sent once, a late run sends only the last."""

from collections.abc import Sequence
from datetime import date, timedelta


def step_due(
    today: date, due: date, steps: Sequence[int], *, since: date, every: int = 0
) -> int | None:
    """The step whose day has come, in days from the due date; None while none has.

    `steps` are days relative to `due` (-7 is a week before); after the last one a further step
    follows every `every` days (0: none). Steps that lay before `since`, when the clock began, are
    never sent: a thing handed over twenty days before its date needs no thirty-day reminder. Of
    several missed steps only the latest is returned: a job that ran late sends once.
    """
    past = [step for step in steps if since < due + timedelta(days=step) <= today]
    if every and steps and (today - due).days > max(steps):
        last = max(steps)
        rounds = ((today - due).days - last) // every
        if rounds and due + timedelta(days=last + rounds * every) > since:
            past.append(last + rounds * every)
    return max(past, default=None)
