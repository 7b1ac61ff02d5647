"""After `migrate`: the rules, lists, bodies and holidays an office begins with."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from consultations import defaults as consultation_defaults
from cppcc_portal.office import deadlines, decisions
from members import duty, roles
from proposals import defaults


class Command(BaseCommand):
    """Make what is missing; what the office edited stays. Safe to run again."""

    help = "Make the deadline rules, lists, deciding bodies and holidays an office begins with."

    def handle(self, *args: Any, **options: Any) -> None:
        roles.lay_down()
        deadlines.ensure_default_rules()
        decisions.ensure_default_bodies()
        defaults.lay_down_lists()
        consultation_defaults.lay_down_lists()
        duty.lay_down_categories()
        call_command("load_holidays", verbosity=0)
