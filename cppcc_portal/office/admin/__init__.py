"""The office machinery in the workplace: rules, days, decisions, settings, notices, jobs, audit."""

from cppcc_portal.office.admin.audit import AuditEventAdmin
from cppcc_portal.office.admin.decisions import DecidingBodyAdmin, DecisionAdmin
from cppcc_portal.office.admin.notices import DeliveryAdmin, JobAdmin, NoticeAdmin
from cppcc_portal.office.admin.parameters import ParameterAdmin
from cppcc_portal.office.admin.rules import DeadlineRuleAdmin, HolidayAdmin

__all__ = [
    "AuditEventAdmin",
    "DeadlineRuleAdmin",
    "DecidingBodyAdmin",
    "DecisionAdmin",
    "DeliveryAdmin",
    "HolidayAdmin",
    "JobAdmin",
    "NoticeAdmin",
    "ParameterAdmin",
]
