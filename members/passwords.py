"""What a password must be: two profiles, because two rules disagree (GB/T 22239 and OWASP ASVS 5.0).

`dengbao` for staff: ten characters, three of four kinds, none of the last five; changed every 90
days (`members.middleware`). `asvs` for members: eight characters, no rules of kind, no rotation.
Both refuse what the person's own data or the office's name gives away, and take any length.
"""

import re
from typing import Any

from django.contrib.auth.hashers import check_password, is_password_usable
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cppcc_portal.office.personal import pinyin
from members.models import PasswordHistory

STAFF_LENGTH, MEMBER_LENGTH = 10, 8  # characters
KINDS = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^a-zA-Z0-9]")
KINDS_WANTED = 3
REMEMBERED = 5  # passwords, the present one among them
# Without the words below and the person's own, so much must be left of a password.
LEAST_LEFT = 6  # characters
OFFICE_WORDS = (
    "政协", "海门", "南通", "江苏", "提案", "委员", "履职", "密码", "zhengxie", "haimen", "nantong",
    "jiangsu", "weiyuan", "lvzhi", "cppcc", "password", "passwd", "mima", "admin", "qwerty",
)  # fmt: skip


class StaffOrMemberValidator:
    """Chooses the profile by the account's roles; an unknown account gets the stricter one."""

    def validate(self, password: str, user: Any = None) -> None:
        """ValidationError with every reason at once, so that nobody mends one fault to meet the next."""
        strict = is_strict(user)
        reasons = [*_too_short(password, strict), *_given_away(password, user)]
        if strict:
            reasons += [*_too_plain(password), *_used_before(password, user)]
        if reasons:
            raise ValidationError(reasons)

    def get_help_text(self) -> str:
        return _(
            "委员：至少 %(member)d 个字符。工作人员：至少 %(staff)d 个字符，大写字母、小写字母、数字、"
            "符号中至少有三种，不能与最近五次用过的相同。不要用姓名、手机号或单位名称；可以粘贴，长度不限。"
        ) % {"member": MEMBER_LENGTH, "staff": STAFF_LENGTH}


def is_strict(user: Any) -> bool:
    """Whether the profile of staff applies: entry to the admin, or one of the staff's roles."""
    if user is None or user.is_staff or user.is_superuser:
        return True
    # Roles are groups; an account that is not saved yet has none.
    return user.pk is not None and bool(user.holds_staff_role)


def _too_short(password: str, strict: bool) -> list[ValidationError]:
    least = STAFF_LENGTH if strict else MEMBER_LENGTH
    if len(password) >= least:
        return []
    message = _("密码太短：至少要 %(least)d 个字符，现在是 %(now)d 个。")
    return [_fault(message % {"least": least, "now": len(password)}, "password_too_short")]


def _too_plain(password: str) -> list[ValidationError]:
    if sum(bool(re.search(kind, password)) for kind in KINDS) >= KINDS_WANTED:
        return []
    message = _("密码太简单：大写字母、小写字母、数字、符号四种中至少要有三种。")
    return [_fault(message, "password_too_plain")]


def _given_away(password: str, user: Any) -> list[ValidationError]:
    left = password.lower()
    own = _own_words(user)
    # Longest first: "chenzhiyuan" before "chen".
    for word in sorted({*own, *OFFICE_WORDS}, key=len, reverse=True):
        left = left.replace(word, "")
    left = re.sub(r"(?:19|20)\d\d", "", left)  # a year is what most people put behind such a word
    if len(left) >= min(LEAST_LEFT, len(password)):
        return []
    message = _("密码容易被猜到：去掉姓名、手机号、账号和“政协”“海门”一类的词后，所剩太少。")
    return [_fault(message, "password_given_away")]


def _own_words(user: Any) -> set[str]:
    """What others know of the person: account, phone and its parts, name, pinyin, year of birth."""
    if user is None:
        return set()
    words = {user.get_username(), user.get_full_name()}
    words |= set(pinyin(user.get_full_name()).split())
    person = getattr(user, "person", None)
    if person is not None:
        words |= {person.phone, person.phone[-8:], person.phone[-6:], person.id_number[-6:]}
        words.add(str(person.birth_year or ""))
    # Two letters of initials stand in every second passphrase.
    return {
        word.lower() for word in words if len(word) >= 3 or re.search(r"[\u3400-\u9fff]{2}", word)
    }


def _used_before(password: str, user: Any) -> list[ValidationError]:
    if user is None or user.pk is None:
        return []
    earlier = PasswordHistory.objects.filter(user=user).order_by("-at", "-pk")
    hashes = [user.password, *earlier.values_list("hash", flat=True)[: REMEMBERED - 1]]
    if not any(is_password_usable(old) and check_password(password, old) for old in hashes):
        return []
    message = _("这个密码用过：不能与最近 %(count)d 次用过的密码相同。") % {"count": REMEMBERED}
    return [_fault(message, "password_used_before")]


def _fault(message: str, code: str) -> ValidationError:
    return ValidationError(message, code=code)
