from members.models.accounts import PasswordHistory, User
from members.models.bodies import (
    Body,
    Committee,
    Organisation,
    Plenary,
    Sector,
    Term,
    TownCommittee,
    Unit,
)
from members.models.commitments import Commitment, CommitmentChange
from members.models.duty import DutyCategory, DutyRecord, DutyRecordChange, DutyRole
from members.models.gatherings import Gathering, Invitation, InvitationChange
from members.models.imports import RosterImport, RosterImportChange
from members.models.people import Membership, Person, Posting

__all__ = [
    "Body",
    "Commitment",
    "CommitmentChange",
    "Committee",
    "DutyCategory",
    "DutyRecord",
    "DutyRecordChange",
    "DutyRole",
    "Gathering",
    "Invitation",
    "InvitationChange",
    "Membership",
    "Organisation",
    "PasswordHistory",
    "Person",
    "Plenary",
    "Posting",
    "RosterImport",
    "RosterImportChange",
    "Sector",
    "Term",
    "TownCommittee",
    "Unit",
    "User",
]
