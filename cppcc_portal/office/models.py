"""The tables of the office machinery; each is defined beside the functions of its noun."""

from cppcc_portal.office.audit import AuditEvent, AuditGate, AuditHead, AuditSeal
from cppcc_portal.office.columns import ShownColumns
from cppcc_portal.office.deadlines import Deadline, DeadlineEvent, DeadlineRule, Holiday
from cppcc_portal.office.decisions import DecidingBody, Decision
from cppcc_portal.office.files import Attachment
from cppcc_portal.office.instructions import Instruction, InstructionRelease
from cppcc_portal.office.jobs import Heartbeat, Job
from cppcc_portal.office.notices import Delivery, Notice
from cppcc_portal.office.parameters import Parameter, ParameterVersion
from cppcc_portal.office.saved_filters import SavedFilter

__all__ = [
    "Attachment",
    "AuditEvent",
    "AuditGate",
    "AuditHead",
    "AuditSeal",
    "Deadline",
    "DeadlineEvent",
    "DeadlineRule",
    "DecidingBody",
    "Decision",
    "Delivery",
    "Heartbeat",
    "Holiday",
    "Instruction",
    "InstructionRelease",
    "Job",
    "Notice",
    "Parameter",
    "ParameterVersion",
    "SavedFilter",
    "ShownColumns",
]
