from members.models.accounts import PasswordHistory, User
from members.models.bodies import Body, Committee, Plenary, Sector, Term, TownCommittee, Unit
from members.models.commitments import Commitment, CommitmentChange
from members.models.imports import RosterImport, RosterImportChange
from members.models.people import Membership, Person, Posting

__all__ = [
    "Body",
    "Commitment",
    "CommitmentChange",
    "Committee",
    "Membership",
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
