"""The roles of the office and what each may do, kept as one table that tests walk cell by cell.

A role is a group of Django's; its permissions are laid down here and nowhere else. Rights that
follow from facts (author, co-signer) or are delegated on one object (a unit on its handling) are
asked on the object itself.
"""

from django.contrib.auth.models import Group, Permission
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    MEMBER = "member", _("委员")
    CONVENOR = "convenor", _("界别召集人")
    COMMITTEE_STAFF = "committee_staff", _("专委会工作人员")
    COMMITTEE_CHAIR = "committee_chair", _("专委会主任")
    OFFICE = "office", _("秘书处办公室")
    MEMBER_WORK = "member_work", _("委员工作委办公室")
    SECRETARY_GENERAL = "secretary_general", _("秘书长")
    LEADER = "leader", _("主席、副主席")
    UNIT_CLERK = "unit_clerk", _("承办单位经办人")
    UNIT_LEADER = "unit_leader", _("承办单位负责人")
    SUPERVISION = "supervision", _("党委政府督查室")
    TOWN = "town", _("镇街政协工委")
    INFORMANT = "informant", _("社情民意信息员")
    ORGANISATION_CLERK = "organisation_clerk", _("党派团体经办人")
    ROOM_CONVENOR = "room_convener", _("议事室召集人")
    SYSTEM_ADMIN = "system_admin", _("系统管理员")
    SECURITY_ADMIN = "security_admin", _("安全管理员")
    AUDITOR = "auditor", _("审计员")


# Whoever holds one of these uses the second factor in production and the stricter password profile.
STAFF_ROLES = frozenset(Role.values) - {
    Role.MEMBER,
    Role.CONVENOR,
    Role.INFORMANT,
    Role.ROOM_CONVENOR,
}
# Whoever holds one of these works in the admin.
ADMIN_ROLES = frozenset(
    {
        Role.OFFICE,
        Role.MEMBER_WORK,
        Role.SECRETARY_GENERAL,
        Role.COMMITTEE_STAFF,
        Role.SYSTEM_ADMIN,
        Role.SECURITY_ADMIN,
        Role.AUDITOR,
    }
)
# GB/T 22239 8.1.5: nobody holds two of these three.
SEPARATED_ROLES = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)

_READ_REGISTERS = (
    "members.view_person",
    "members.view_membership",
    "members.view_posting",
    "members.view_body",
    "members.view_unit",
    "members.view_committee",
    "members.view_sector",
    "members.view_towncommittee",
    "members.view_organisation",
    "members.view_term",
    "members.view_plenary",
)
_KEEP_REGISTERS = (
    *_READ_REGISTERS,
    "members.add_person",
    "members.change_person",
    "members.add_membership",
    "members.change_membership",
    "members.add_posting",
    "members.change_posting",
    "members.add_unit",
    "members.change_unit",
    "members.add_committee",
    "members.change_committee",
    "members.add_sector",
    "members.change_sector",
    "members.add_towncommittee",
    "members.change_towncommittee",
    "members.add_organisation",
    "members.change_organisation",
    "members.add_term",
    "members.change_term",
    "members.add_plenary",
    "members.change_plenary",
    "members.import_person",
    "members.export_person",
    "members.export_membership",
    "members.import_membership",
    "members.import_unit",
    "members.export_unit",
    "members.import_sector",
    "members.export_sector",
)
_READ_PROPOSALS = (
    "proposals.view_supervisionmeeting",
    "proposals.view_proposal",
    "proposals.view_handling",
    "proposals.view_reply",
    "proposals.view_evaluation",
    "proposals.view_rehandling",
    "proposals.view_award",
)
_READ_OFFICE = (
    "office.view_decision",
    "office.view_decidingbody",
    "office.view_holiday",
    "office.view_deadlinerule",
    "office.view_deadline",
    "office.view_attachment",
)

_READ_CONSULTATIONS = (
    "consultations.view_annualplan",
    "consultations.view_topic",
    "consultations.view_session",
    "consultations.view_recommendation",
    "consultations.read_plan",
    "feedback.view_adoption",
    "feedback.view_lookback",
)
_READ_OPINIONS = (
    "proposals.view_opinionreport",
    "proposals.view_bulletin",
    "office.view_instruction",
)
_KEEP_GATHERINGS = (
    "members.run_gathering",
    "members.verify_gathering",
    "members.view_gathering",
    "members.add_gathering",
    "members.change_gathering",
    "members.view_dutyrecord",
    "members.view_dutycategory",
    "members.add_dutycategory",
    "members.change_dutycategory",
)

ROLE_PERMISSIONS: dict[str, tuple[str, ...]] = {
    Role.MEMBER: (
        "proposals.add_proposal",
        "proposals.add_opinionreport",
        "consultations.add_topic",
        "consultations.read_plan",
    ),
    Role.CONVENOR: (),
    Role.COMMITTEE_STAFF: (
        *_READ_REGISTERS,
        *_READ_OFFICE,
        "proposals.add_opinionreport",
        "consultations.add_topic",
        "consultations.read_plan",
    ),
    Role.COMMITTEE_CHAIR: (
        "proposals.view_committee_proposals",
        "proposals.add_opinionreport",
        "proposals.view_committee_opinions",
        "consultations.add_topic",
        "consultations.read_plan",
    ),
    Role.OFFICE: (
        *_KEEP_REGISTERS,
        *_READ_PROPOSALS,
        *_READ_OFFICE,
        "proposals.add_proposal",
        "proposals.change_proposal",
        "proposals.export_proposal",
        "proposals.review_proposal",
        "proposals.return_proposal",
        "proposals.file_proposal",
        "proposals.refuse_proposal",
        "proposals.convert_proposal",
        "proposals.hand_over_proposal",
        "proposals.rehandle_proposal",
        "proposals.close_proposal",
        "proposals.take_out_proposal",
        "proposals.select_key_proposal",
        "proposals.supervise_proposal",
        "proposals.award_proposal",
        "proposals.revoke_proposal",
        "proposals.archive_proposal",
        "proposals.view_supervisionway",
        "proposals.add_supervisionway",
        "proposals.change_supervisionway",
        *_READ_OPINIONS,
        "proposals.handle_opinionreport",
        "proposals.edit_opinionreport",
        "proposals.check_opinionreport",
        "proposals.issue_opinionreport",
        "proposals.take_out_opinionreport",
        "office.add_instruction",
        "proposals.decide_request",
        "proposals.check_reply",
        "proposals.view_unitrequest",
        "proposals.publish_proposal",
        "proposals.unpublish_proposal",
        "proposals.view_publication",
        "proposals.view_unitconsultation",
        "proposals.enter_for_others",
        "proposals.read_notes",
        "proposals.view_category",
        "proposals.add_category",
        "proposals.change_category",
        "proposals.import_category",
        "proposals.export_category",
        "proposals.view_refusalreason",
        "proposals.add_refusalreason",
        "proposals.change_refusalreason",
        "proposals.view_destination",
        "proposals.add_destination",
        "proposals.change_destination",
        "proposals.view_filinglist",
        "proposals.view_reviewstage",
        "proposals.add_reviewstage",
        "proposals.change_reviewstage",
        "proposals.view_proposerkind",
        "proposals.change_proposerkind",
        "proposals.import_proposal",
        "proposals.view_suggestedtopic",
        "proposals.add_suggestedtopic",
        "proposals.change_suggestedtopic",
        "proposals.view_resultclass",
        "proposals.add_resultclass",
        "proposals.change_resultclass",
        "proposals.view_ratinggrade",
        "proposals.add_ratinggrade",
        "proposals.change_ratinggrade",
        "proposals.view_closedyear",
        "proposals.view_opinionresult",
        "proposals.add_opinionresult",
        "proposals.change_opinionresult",
        "office.add_decision",
        "office.add_decidingbody",
        "office.change_decidingbody",
        "office.add_holiday",
        "office.change_holiday",
        "office.change_deadlinerule",
        "office.view_notice",
        "office.view_delivery",
        "office.change_delivery",
        "office.view_job",
        "office.view_parameter",
        "office.change_parameter",
        "members.view_commitment",
        "members.follow_commitment",
        "members.unmask_person",
        *_READ_CONSULTATIONS,
        *_KEEP_GATHERINGS,
        "consultations.add_topic",
        "consultations.screen_topic",
        "consultations.plan_topics",
        "consultations.run_topics",
        "consultations.submit_outcome",
        "consultations.enter_for_others",
        "consultations.add_annualplan",
        "consultations.change_annualplan",
        "consultations.view_sessionform",
        "consultations.add_sessionform",
        "consultations.change_sessionform",
        "consultations.view_declinereason",
        "consultations.add_declinereason",
        "consultations.change_declinereason",
        "feedback.assign_recommendation",
        "feedback.enter_for_others",
        "feedback.select_lookback",
    ),
    Role.MEMBER_WORK: (
        *_KEEP_REGISTERS,
        *_READ_OFFICE,
        *_KEEP_GATHERINGS,
        "members.unmask_person",
    ),
    Role.SECRETARY_GENERAL: (
        *_READ_REGISTERS,
        *_READ_PROPOSALS,
        *_READ_OFFICE,
        *_READ_CONSULTATIONS,
        *_READ_OPINIONS,
        "proposals.check_opinionreport",
        "proposals.sign_opinionreport",
        "proposals.read_notes",
        "proposals.unpublish_proposal",
        "proposals.view_publication",
        "proposals.view_filinglist",
        "members.view_commitment",
        "members.view_dutyrecord",
        "members.view_gathering",
        "members.verify_gathering",
        "consultations.submit_outcome",
        "consultations.close_plan",
        "feedback.close_lookback",
    ),
    Role.LEADER: (
        *_READ_PROPOSALS,
        *_READ_CONSULTATIONS,
        "members.view_commitment",
        "proposals.read_notes",
        "proposals.sign_opinionreport",
        "office.view_instruction",
    ),
    Role.UNIT_CLERK: (),
    Role.UNIT_LEADER: (),
    Role.SUPERVISION: (
        "proposals.decide_request",
        "proposals.check_reply",
        "proposals.hand_over_for_government",
        "proposals.view_handed_over",
        "proposals.read_sent_opinions",
        "members.view_commitment",
        "consultations.view_recommendation",
        "feedback.view_adoption",
    ),
    Role.TOWN: ("proposals.add_opinionreport",),
    Role.INFORMANT: ("proposals.add_opinionreport",),
    Role.ORGANISATION_CLERK: ("proposals.add_proposal", "proposals.add_opinionreport"),
    Role.ROOM_CONVENOR: (),
    Role.SYSTEM_ADMIN: (
        "members.view_user",
        "members.add_user",
        "members.change_user",
        "office.view_job",
        "office.view_parameter",
        "office.change_parameter",
    ),
    Role.SECURITY_ADMIN: ("members.view_user", "members.grant_role"),
    Role.AUDITOR: ("office.view_auditevent", "office.export_auditevent"),
}


@transaction.atomic
def lay_down() -> None:
    """Make the role groups and give each exactly the permissions of the table; safe to run again."""
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in Permission.objects.select_related("content_type")
    }
    for role, wanted in ROLE_PERMISSIONS.items():
        group, _created = Group.objects.get_or_create(name=str(role))
        group.permissions.set([known[name] for name in wanted if name in known])
