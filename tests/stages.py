"""States of a proposal beyond those of the district, the acts that lead there, and what is compared."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.test import Client

from cppcc_portal.office import files
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.models import Notice
from members.models import Commitment, User
from proposals import actions
from proposals.models import (
    Category,
    Evaluation,
    Handling,
    Proposal,
    ProposalChange,
    Proposer,
    Rehandling,
    Reply,
    ResultClass,
    TextVersion,
)
from tests import people
from tests.district import JANUARY, TEXT, drafted, handed_over, seat, submitted
from tests.laid import once

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
APRIL = datetime(2026, 4, 1, 9, tzinfo=people.CHINA)
LATE = date(2099, 1, 1)


def again(user: User) -> User:
    """The account as the next request loads it, with no right remembered."""
    return User.objects.get(pk=user.pk)


def logged_in(user: User) -> Client:
    client = Client()
    client.force_login(again(user), backend="members.backends.LoginBackend")
    return client


def scan_for(thing: Any, by: User) -> Attachment:
    upload = SimpleUploadedFile("盖章件.pdf", PDF, "application/pdf")
    return files.accept(upload, subject=thing, by=by, kind=Attachment.Kind.SCAN)


@once
def invited(d: SimpleNamespace) -> Proposal:
    """A text shown to the co-signer, who has not answered."""
    proposal = drafted(d)
    actions.invite(proposal, by=d.author, memberships=[seat(d.cosigner)], until=LATE, at=JANUARY)
    return proposal


def rewrite(proposal: Proposal, d: SimpleNamespace, *, at: datetime = JANUARY) -> Proposal:
    """The author changes a returned text, the co-signer sees the new words, and it is handed in again."""
    proposal = proposal.fresh()
    text = {**TEXT, "suggestions": f"一、增设充电点，地点见附图。（{at:%m-%d}）"}
    version = proposal.draft.version
    actions.save_draft(proposal, by=d.author, version=version, at=at, **text)
    actions.invite(proposal.fresh(), by=d.author, memberships=[], until=LATE, at=at)
    for invitation in proposal.proposers.filter(order__gt=0, status=Proposer.Status.WAITING):
        signer = User.objects.get(person=invitation.person)
        actions.agree(invitation, by=signer, at=at)
    return actions.submit(proposal.fresh(), by=d.author, at=at)


@once
def filed(d: SimpleNamespace) -> Proposal:
    return actions.file(submitted(d), by=d.office, category=Category.objects.get(), at=JANUARY)


@once
def acknowledged(d: SimpleNamespace) -> Proposal:
    proposal = handed_over(d)
    for share, user in ((lead_of(proposal), d.clerk), (joint_of(proposal), d.joint_clerk)):
        actions.acknowledge(share, by=again(user), at=APRIL)
    return proposal.fresh()


@once
def answerable(d: SimpleNamespace) -> Proposal:
    """Acknowledged, the joint opinion in: the lead may reply."""
    proposal = acknowledged(d)
    give(joint_of(proposal), by=again(d.joint_clerk))
    return proposal.fresh()


@once
def replied(d: SimpleNamespace) -> Proposal:
    proposal = answerable(d)
    send(lead_of(proposal), by=again(d.clerk))
    return proposal.fresh()


@once
def dissatisfied(d: SimpleNamespace) -> Proposal:
    """Both have rated, the author was not satisfied: a second round waits for its decision."""
    proposal = replied(d)
    rate(rating_of(d.author), by=d.author, result="not", text="没有写明地点")
    rate(rating_of(d.cosigner), by=d.cosigner)
    return proposal.fresh()


@once
def closed(d: SimpleNamespace) -> Proposal:
    """Closed with a promise to follow."""
    proposal = answerable(d)
    promise = {"what": "建成十处", "who": "科长", "due_on": LATE}
    send(lead_of(proposal), by=again(d.clerk), commitments=[promise])
    for user in (d.author, d.cosigner):
        rate(rating_of(user), by=user)
    actions.close(proposal, by=d.office, at=APRIL)
    return proposal.fresh()


def lead_of(proposal: Proposal) -> Handling:
    return Handling.objects.get(proposal=proposal, role=Handling.Role.LEAD)


def joint_of(proposal: Proposal) -> Handling:
    return Handling.objects.get(proposal=proposal, role=Handling.Role.JOINT)


def rating_of(user: User) -> Evaluation:
    return Evaluation.objects.filter(proposer__membership__person=user.person).latest("pk")


def answer(letter: str = "A") -> dict[str, Any]:
    return {
        "result_class": ResultClass.objects.get(code=letter),
        "document_number": "海住建提〔2026〕1号",
        "text": "逐条答复。",
        "signer": "局长",
        "signer_post": "负责人",
        "signer_rank": "principal",
    }


def send(share: Handling, *, by: User, letter: str = "A", **more: Any) -> Reply:
    return actions.reply(share, by=by, at=APRIL, **{**answer(letter), **more})


def give(share: Handling, *, by: User, **more: Any) -> Any:
    return actions.give_opinion(
        share, by=by, text="同意。", signer="大队长", signer_post="负责人", at=APRIL, **more
    )


def rate(rating: Evaluation, *, by: User, result: str = "satisfied", **more: Any) -> None:
    actions.evaluate(rating, by=by, attitude="satisfied", result=result, at=APRIL, **more)


def everything() -> dict[str, Any]:
    """Every row of the office's business, to be compared before and after an attempt."""
    watched: list[type[models.Model]] = [
        Proposal, Proposer, Handling, Reply, Evaluation, Rehandling, Commitment, TextVersion,
        ProposalChange, Notice, Attachment,
    ]  # fmt: skip
    return {
        model.__name__: list(model._base_manager.order_by("pk").values_list()) for model in watched
    }
