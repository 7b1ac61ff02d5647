"""What is the same for everything that moves: its steps as pages, its buttons, its age."""

from datetime import date
from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cppcc_portal.office import files
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.workflow import IllegalMove, Move, NotAllowed, Workflow
from cppcc_portal.office.workplace import ReadOnlyAdmin, bind, who
from proposals.models import Proposal


def check_step(thing: Workflow, verb: str, user: Any) -> Move:
    """The move, if it is open now and to this person; the middleware tells what is wrong otherwise."""
    move = thing.MOVES[verb]
    if thing.status not in move.old:
        raise IllegalMove(thing, verb)
    if not move.may(thing, user):
        raise NotAllowed(thing, verb)
    return move


def days_ago(moment: Any, today: date) -> str:
    """An age as people say it."""
    if moment is None:
        return "—"
    days = (today - timezone.localdate(moment)).days
    return _("今天") if days <= 0 else _("%s 天") % days


NEVER_FIRST = frozenset({"take_out"})


class WorkflowAdmin(ReadOnlyAdmin):
    """Rows with a life: looked at whole, changed by their moves alone."""

    verbs: ClassVar[dict[str, Any]] = {}
    # The word in the address, where the verb is what Django calls the row's own page.
    addresses: ClassVar[dict[str, str]] = {}

    def get_urls(self) -> list[Any]:
        steps = {
            self.addresses.get(verb, verb): bind(self.step_view, verb=verb) for verb in self.verbs
        }
        return [*self.verb_paths(steps), *super().get_urls()]

    def step_view(self, request: HttpRequest, object_id: str, verb: str) -> HttpResponse:
        raise NotImplementedError

    def steps(self, thing: Workflow, request: HttpRequest) -> list[dict[str, Any]]:
        """The buttons: the moves open to this person, each to its own page."""
        moves = [
            (verb, move) for verb, move in thing.open_moves(who(request)) if verb in self.verbs
        ]
        # What cannot be undone is never the button one presses without reading.
        usual = [verb for verb, _move in moves if verb not in NEVER_FIRST]
        return [
            {
                "verb": verb,
                "label": move.label,
                "url": self.url(self.addresses.get(verb, verb), thing.pk, request=request),
                "is_main": verb in usual[:1],
            }
            for verb, move in moves
        ]


def keep_scan(upload: Any, subject: Any, user: Any) -> Attachment:
    """The scan on which something entered for others rests, kept with what it is about."""
    return files.accept(upload, subject=subject, by=user, kind=Attachment.Kind.SCAN)


def proposal_url(proposal: Proposal) -> str:
    """The workplace's page of a proposal."""
    return reverse("admin:proposals_proposal_change", args=[proposal.pk])
