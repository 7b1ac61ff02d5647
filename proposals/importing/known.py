"""What the register knows before a file is read: members, organisations, units, proposals already there."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from cppcc_portal.office.archives import Refused
from cppcc_portal.office.personal import keyed_hash, normalise_phone
from members.models import Body, Membership, Term, Unit
from members.roster.values import squeezed
from proposals.models import Draft, ImportedProposal, Proposal, Proposer, ProposerKind
from proposals.models.collectives import body_in_office
from proposals.models.proposals import PARTS, digest_of


@dataclass(frozen=True)
class Seat:
    """A member in office, as far as a list tells one from another."""

    pk: int
    name: str
    number: str
    sector: str
    phone_hash: str


@dataclass(frozen=True)
class Standing:
    """A proposal that is there already, by whose hand, with which text."""

    pk: int
    status: str
    serial: int | None
    entered: bool
    text: str  # the digest of what stands now
    imported: str = ""  # the digest of the row it came from
    imported_text: str = ""


@dataclass
class Known:
    """The register at one moment; `key` of a proposer is m:<seat> or b:<body>."""

    term: Term
    now: datetime
    seats: dict[str, list[Seat]] = field(default_factory=lambda: defaultdict(list))
    bodies: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))
    kinds: dict[str, ProposerKind] = field(default_factory=dict)
    units: dict[str, int] = field(default_factory=dict)
    standing: dict[tuple[str, str], Standing] = field(default_factory=dict)
    digests: dict[str, int] = field(default_factory=dict)


def known_now(now: datetime) -> Known:
    """The register of the current term, in a handful of queries whatever its size."""
    term = Term.objects.filter(is_current=True).first()
    if term is None:
        raise Refused(_("还没有登记本届，请先在“届”中登记，再导入提案。"))
    known = Known(term, now)
    seats = Membership.objects.active().filter(term=term).select_related("person", "sector")
    for seat in seats.only("number", "person__name", "person__phone_hash", "sector__name"):
        found = Seat(
            seat.pk,
            seat.person.name,
            seat.number,
            seat.sector.name if seat.sector else "",
            seat.person.phone_hash or "",
        )
        known.seats[squeezed(seat.person.name)].append(found)
    known.kinds = {kind.body_kind: kind for kind in ProposerKind.objects.exclude(body_kind="")}
    bodies = Body.objects.filter(active=True, kind__in=known.kinds)
    for body in bodies.select_related("committee__term", "sector__term"):
        if body_in_office(body):
            continue
        for name in {squeezed(body.name), squeezed(body.short_name)} - {""}:
            known.bodies[name].append(body)
    for unit in Unit.objects.in_use():
        for name in (unit.name, unit.short_name):
            known.units[squeezed(name)] = unit.pk
    _stand(known)
    known.digests = dict(ImportedProposal.objects.values_list("digest", "proposal_id"))
    return known


def _stand(known: Known) -> None:
    """What first proposers of this term have put already; a member's own draft stays theirs alone."""
    gone = (Proposal.Status.WITHDRAWN, Proposal.Status.TAKEN_OUT)
    rows = Proposer.objects.filter(order=0, proposal__term=known.term)
    rows = rows.exclude(proposal__status__in=gone).exclude(
        proposal__status__in=Proposal.PRIVATE, proposal__entered_by=None
    )
    drafts = _draft_digests(known)
    for row in rows.values(
        "membership_id", "body_id", "proposal_id", "proposal__title", "proposal__status",
        "proposal__serial", "proposal__entered_by", "proposal__current_text__digest",
        "proposal__imported__digest", "proposal__imported__text_digest",
    ).order_by("proposal_id"):  # fmt: skip
        body, pk = row["body_id"], row["proposal_id"]
        key = f"b:{body}" if body else f"m:{row['membership_id']}"
        known.standing[key, squeezed(row["proposal__title"])] = Standing(
            pk,
            row["proposal__status"],
            row["proposal__serial"],
            row["proposal__entered_by"] is not None,
            drafts.get(pk) or row["proposal__current_text__digest"] or "",
            row["proposal__imported__digest"] or "",
            row["proposal__imported__text_digest"] or "",
        )


def _draft_digests(known: Known) -> dict[int, str]:
    entered = Draft.objects.filter(proposal__term=known.term, proposal__entered_by__isnull=False)
    return {row["proposal_id"]: digest_of(row) for row in entered.values("proposal_id", *PARTS)}


def phone_hash(typed: str) -> str:
    """The look-up hash of a mobile number, "" where it is none."""
    try:
        return keyed_hash(normalise_phone(typed), "phone")
    except ValueError:
        return ""
