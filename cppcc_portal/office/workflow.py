"""How anything in the office changes its status: one table of moves, one writer, one history.

Of two people at once exactly one wins; the other is told what happened. Rights and guards are
asked here, because pages, admin, import and desk all come through this door.
"""

from collections.abc import Callable, Mapping, Sequence, Set
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from cppcc_portal.office import audit


def nobody(thing: Any, user: Any) -> bool:
    """For moves that follow from facts: made by a job or in the wake of another move, never by a person."""
    return False


def nothing_missing(thing: Any) -> list[str]:
    return []


@dataclass(frozen=True)
class Move:
    """One legal step: from which states, to which, what the button says, who may, what must be true."""

    old: Set[str]
    new: str
    label: Any
    who: Any = ""
    may: Callable[[Any, Any], bool] = nobody
    guard: Callable[[Any], Sequence[Any]] = nothing_missing
    # In the wake of another move (all replies are in) or by the clock: who may is not asked.
    by_itself: bool = False


class IllegalMove(Exception):
    """The thing is no longer in a state from which this step leads; somebody may have been first.

    `label` names what is no step of the table itself (writing a draft) in the words shown to people.
    """

    def __init__(self, thing: "Workflow", verb: str, label: Any = "") -> None:
        self.thing, self.verb, self.label = thing, verb, label
        super().__init__(f"{thing._meta.label_lower}:{thing.pk} is {thing.status}, cannot {verb}")


class NotAllowed(PermissionDenied):
    """The step is legal now, but not for this person."""

    def __init__(self, thing: "Workflow", verb: str) -> None:
        self.thing, self.verb = thing, verb
        super().__init__(f"{verb} on {thing._meta.label_lower}:{thing.pk}")


class NotReady(Exception):
    """Something is still missing; each reason says in plain Chinese what, and how to mend it."""

    def __init__(self, thing: models.Model, verb: str, reasons: list[str]) -> None:
        self.thing, self.verb, self.reasons = thing, verb, reasons
        super().__init__("；".join(str(reason) for reason in reasons))


class Workflow(models.Model):
    """A row with a life: a subclass gives `status` its choices, declares MOVES, and has `changes`."""

    MOVES: ClassVar[Mapping[str, Move]] = {}
    # The moment a guard judges by: that of the step, or now while a page only asks.
    moment: datetime | None = None
    changes: Any  # related manager of the subclass's StatusChange
    status: Any
    version = models.PositiveIntegerField(_("版本"), default=0, editable=False)

    class Meta:
        abstract = True

    @transaction.atomic
    def move_to(
        self,
        verb: str,
        *,
        by: Any = None,
        job: str = "",
        note: str = "",
        behalf: str = "",
        scan: models.Model | None = None,
        decision: models.Model | None = None,
        at: datetime | None = None,
        **fields: Any,
    ) -> "StatusChange":
        """Take one step of the table and write its history line and audit event.

        `fields` are written in the same UPDATE as the status. Raises IllegalMove (not from here, or
        somebody was first), NotAllowed, NotReady.
        """
        move = self.require(verb, by=by)
        old = self.status
        # The guard sees the row as it would be after the step.
        wanted = copy(self)
        wanted.moment = at
        for name, value in fields.items():
            setattr(wanted, name, value)
        if reasons := move.guard(wanted):
            raise NotReady(self, verb, [str(reason) for reason in reasons])
        new = move.new
        # Compare and swap: of two simultaneous requests only one still finds `old` and `version`.
        rows: Any = type(self)._base_manager
        row = rows.filter(pk=self.pk, status=old, version=self.version)
        if not row.update(status=new, version=models.F("version") + 1, **fields):
            raise IllegalMove(self, verb)
        change = self.changes.create(
            verb=verb,
            old=old,
            new=new,
            by=by,
            job=job,
            note=note,
            behalf=behalf,
            scan=scan,
            decision=decision,
            at=at or timezone.now(),
        )
        audit.record(
            f"{self._meta.model_name}.{verb}", self, by=by, job=job, fields={"status": [old, new]}
        )
        for name, value in {"status": new, "version": self.version + 1, **fields}.items():
            setattr(self, name, value)
        return change

    def require(self, verb: str, *, by: Any) -> Move:
        """The step, if it is legal now and this person may take it: asked before work that needs it.

        Raises IllegalMove or NotAllowed. A step that does not follow by itself needs somebody, and
        a closed account is nobody, whatever page it still has open.
        """
        move = self.MOVES[verb]
        if self.status not in move.old:
            raise IllegalMove(self, verb)
        if not move.by_itself and (by is None or not by.is_active or not move.may(self, by)):
            raise NotAllowed(self, verb)
        return move

    def can(self, verb: str, user: Any) -> bool:
        """Whether this step is legal now and this person may take it (guards are told on the page)."""
        move = self.MOVES[verb]
        return (
            not move.by_itself
            and self.status in move.old
            and user.is_active
            and bool(move.may(self, user))
        )

    def missing(self, verb: str) -> list[str]:
        """What must still be true before this step, in the words shown to people."""
        return [str(reason) for reason in self.MOVES[verb].guard(self)]

    def open_moves(self, user: Any) -> list[tuple[str, Move]]:
        """The steps this person may take now, in the order of the table."""
        return [(verb, move) for verb, move in self.MOVES.items() if self.can(verb, user)]

    def _get_FIELD_display(self, field: Any) -> Any:
        # Django translates and hashes the labels of all choices each time one of them is asked for;
        # a list of twenty rows with a status each spends a tenth of its time on that.
        value = getattr(self, field.attname)
        return force_str(_labels(field).get(value, value), strings_only=True)

    def fresh(self) -> Self:
        """The row as it now is in the database."""
        return type(self)._base_manager.get(pk=self.pk)


@cache
def _labels(field: Any) -> dict[Any, Any]:
    return dict(field.flatchoices)


class StatusChange(models.Model):
    """One line of history: who (or which job) took which step, when, for whom, on what paper."""

    subject: Any
    verb = models.CharField(_("步骤"), max_length=40)
    old = models.CharField(_("原状态"), max_length=30)
    new = models.CharField(_("新状态"), max_length=30)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("经办人"),
    )
    job = models.CharField(_("自动任务"), max_length=60, blank=True)
    behalf = models.CharField(_("代录对象"), max_length=120, blank=True)
    scan = models.ForeignKey(
        "office.Attachment",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("扫描件"),
    )
    decision = models.ForeignKey(
        "office.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("会议决定"),
    )
    note = models.TextField(_("说明"), blank=True)
    at = models.DateTimeField(_("时间"), db_index=True)

    class Meta:
        abstract = True
        ordering = ["at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(by__isnull=False, job="")
                | (models.Q(by__isnull=True) & ~models.Q(job="")),
                name="%(app_label)s_%(class)s_by_or_job",
            ),
            models.CheckConstraint(
                condition=models.Q(behalf="") | models.Q(scan__isnull=False),
                name="%(app_label)s_%(class)s_behalf_has_scan",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb}: {self.old} → {self.new}"

    @property
    def label(self) -> str:
        """What the step is called on its button."""
        workflow = self._meta.get_field("subject").related_model
        move = workflow.MOVES.get(self.verb)  # type: ignore[union-attr]
        return str(move.label) if move else self.verb

    @property
    def who(self) -> str:
        return str(self.by) if self.by_id else self.job

    @property
    def old_label(self) -> str:
        return self._status_label(self.old)

    @property
    def new_label(self) -> str:
        return self._status_label(self.new)

    def _status_label(self, status: str) -> str:
        field = self._meta.get_field("subject").related_model._meta.get_field("status")  # type: ignore[union-attr]
        return str(dict(field.flatchoices).get(status, status))  # type: ignore[union-attr]


def since(model: type[Workflow]) -> models.Subquery:
    """Since when a row of this model has stood as it stands: the moment of its last step."""
    rows: Any = model
    changes = rows._meta.get_field("changes").related_model
    steps = changes.objects.filter(subject=models.OuterRef("pk")).order_by("-at", "-pk")
    return models.Subquery(steps.values("at")[:1])
