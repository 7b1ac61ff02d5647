"""The first accounts of an installation, made on the server's console."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils.translation import gettext as _

from members import actions
from members.models import Person, User
from members.roles import Role


class Command(BaseCommand):
    """Make an account with roles; its one-time password is printed once."""

    help = "Make an account: create_account 工号 --name 姓名 --role system_admin"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--name", required=True)
        parser.add_argument("--role", action="append", choices=Role.values, default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        if User.objects.filter(username=options["username"]).exists():
            raise CommandError(_("账号 %s 已经存在。") % options["username"])
        with transaction.atomic():
            person = Person.objects.create(name=options["name"])
            user, password = actions.create_account(
                by=None, username=options["username"], person=person
            )
            for role in options["role"]:
                actions.grant_role(user, role, by=None)
        self.stdout.write(
            _("账号 %(account)s 已建立，一次性密码：%(password)s（首次登录须修改）")
            % {"account": user.username, "password": password}
        )
