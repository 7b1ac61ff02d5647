"""People and bodies in the workplace: registers whose changes go through actions, accounts and roles."""

from members.admin.accounts import UserAdmin
from members.admin.bodies import (
    BodyAdmin,
    CommitteeAdmin,
    PlenaryAdmin,
    SectorAdmin,
    TermAdmin,
    TownCommitteeAdmin,
    UnitAdmin,
)
from members.admin.gatherings import DutyCategoryAdmin, DutyRecordAdmin, GatheringAdmin
from members.admin.organisations import OrganisationAdmin
from members.admin.people import PersonAdmin
from members.admin.seats import MembershipAdmin, PostingAdmin
from members.roster_admin import RosterImportAdmin

__all__ = [
    "BodyAdmin",
    "CommitteeAdmin",
    "DutyCategoryAdmin",
    "DutyRecordAdmin",
    "GatheringAdmin",
    "MembershipAdmin",
    "OrganisationAdmin",
    "PersonAdmin",
    "PlenaryAdmin",
    "PostingAdmin",
    "RosterImportAdmin",
    "SectorAdmin",
    "TermAdmin",
    "TownCommitteeAdmin",
    "UnitAdmin",
    "UserAdmin",
]
