"""How long something may take: terms, and the rules that the office edits."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from cppcc_portal.office.working_days import WorkingCalendar, add_months


class Unit(models.TextChoices):
    WORKING_DAYS = "working_days", _("工作日")
    CALENDAR_DAYS = "calendar_days", _("自然日")
    MONTHS = "months", _("月")
    FIXED_DATE = "fixed_date", _("固定日期")


class Roll(models.TextChoices):
    NONE = "none", _("不顺延")
    NEXT_WORKING_DAY = "next_working_day", _("遇节假日顺延至下一工作日")


@dataclass(frozen=True)
class Term:
    """How long, from the day of the start: an amount of a unit, or the next such day of the year."""

    unit: str
    amount: int = 0
    month: int | None = None
    day: int | None = None
    roll: str = Roll.NONE

    def due(self, on: date, working: WorkingCalendar) -> date:
        """The last day of a term that starts on this day; the day of the start is not counted."""
        reached = self.reached(on, working)
        return working.roll(reached) if self.roll == Roll.NEXT_WORKING_DAY else reached

    def reached(self, on: date, working: WorkingCalendar) -> date:
        """The same before it is moved off a holiday."""
        match self.unit:
            case Unit.WORKING_DAYS:
                return working.add(on, self.amount)
            case Unit.CALENDAR_DAYS:
                return date.fromordinal(on.toordinal() + self.amount)
            case Unit.MONTHS:
                return add_months(on, self.amount)
            case _other:
                return next_fixed_date(on, self.month or 12, self.day or 31)

    @property
    def uses_calendar(self) -> bool:
        return self.unit == Unit.WORKING_DAYS or self.roll == Roll.NEXT_WORKING_DAY

    def __str__(self) -> str:
        match self.unit:
            case Unit.WORKING_DAYS:
                return gettext("%(amount)d个工作日") % {"amount": self.amount}
            case Unit.CALENDAR_DAYS:
                return gettext("%(amount)d天") % {"amount": self.amount}
            case Unit.MONTHS:
                return gettext("%(amount)d个月") % {"amount": self.amount}
            case _other:
                return gettext("每年%(month)d月%(day)d日") % {"month": self.month, "day": self.day}


def next_fixed_date(on: date, month: int, day: int) -> date:
    """The next such day of a year after `on`; 29 February becomes the 28th in other years."""
    for year in (on.year, on.year + 1):
        found = add_months(date(year, 1, day), month - 1)
        if found > on:
            return found
    raise AssertionError("one of two years always lies ahead")


class DeadlineRule(models.Model):
    """How long something may take, from which event; the office edits these rows."""

    code = models.SlugField(_("代码"), unique=True, max_length=40)
    label = models.CharField(_("名称"), max_length=40)
    start_label = models.CharField(
        _("起算事项"), max_length=20, help_text=_("写在日期之后，例如“交办”。")
    )
    unit = models.CharField(_("单位"), max_length=15, choices=Unit)
    amount = models.PositiveSmallIntegerField(_("数量"), default=0)
    month = models.PositiveSmallIntegerField(_("月"), null=True, blank=True)
    day = models.PositiveSmallIntegerField(_("日"), null=True, blank=True)
    roll = models.CharField(_("遇节假日"), max_length=20, choices=Roll, default=Roll.NONE)
    near_days = models.PositiveSmallIntegerField(
        _("临近天数"), default=3, help_text=_("到期前几天（自然日）起显示“临近”。")
    )
    note = models.CharField(_("依据"), max_length=200, blank=True)
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("期限规则")
        verbose_name_plural = _("期限规则")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(unit=Unit.FIXED_DATE, month__range=(1, 12), day__range=(1, 31))
                    | (~Q(unit=Unit.FIXED_DATE) & Q(month=None, day=None, amount__gte=1))
                ),
                name="office_deadlinerule_amount_or_date",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}：{self.term}"

    def clean(self) -> None:
        """Amount and date exclude each other; nothing may run longer than ten years."""
        if self.unit == Unit.FIXED_DATE:
            if not self.month or not self.day:
                raise ValidationError({"month": _("固定日期须填写月和日。")})
            try:
                date(2024, self.month, self.day)  # a leap year: 29 February is a day to name
            except ValueError:
                raise ValidationError({"day": _("没有这一天，请检查月和日。")}) from None
        else:
            if self.month or self.day:
                raise ValidationError({"month": _("只有固定日期才填写月和日。")})
            most = 120 if self.unit == Unit.MONTHS else 3650
            if not 1 <= self.amount <= most:
                raise ValidationError(
                    {"amount": _("数量须在 1 到 %(most)d 之间。") % {"most": most}}
                )

    @property
    def term(self) -> Term:
        return Term(self.unit, self.amount, self.month, self.day, self.roll)


# The rules an installation begins with; the office edits the rows, never this table.
# Sources: "推定" where no published rule was found, otherwise the practice that the value follows.
DEFAULT_RULES: dict[str, dict[str, Any]] = {
    "review_ordinary": {
        "label": _("闭会期间提案审查"), "start_label": _("提交"), "unit": Unit.WORKING_DAYS,
        "amount": 5, "near_days": 2, "note": _("推定：闭会期间提案随交随审"),
    },
    "revision": {
        "label": _("退回修改"), "start_label": _("退回修改"), "unit": Unit.WORKING_DAYS,
        "amount": 5, "near_days": 2, "note": _("推定：退回后5个工作日内改好再提交，过期仍可提交"),
    },
    "cosign": {
        "label": _("联名答复"), "start_label": _("邀请联名"), "unit": Unit.CALENDAR_DAYS,
        "amount": 7, "near_days": 3, "note": _("推定：提交截止前留足征集时间"),
    },
    "unit_consultation": {
        "label": _("预交办征求意见"), "start_label": _("预交办"), "unit": Unit.WORKING_DAYS,
        "amount": 5, "near_days": 2, "note": _("推定：交办会前征求单位意见，5个工作日内答复"),
    },
    "hand_over": {
        "label": _("交办"), "start_label": _("全会闭幕"), "unit": Unit.CALENDAR_DAYS,
        "amount": 30, "near_days": 7, "note": _("闭会后30天内召开交办会交办"),
    },
    "hand_over_ordinary": {
        "label": _("闭会期间提案交办"), "start_label": _("立案"), "unit": Unit.WORKING_DAYS,
        "amount": 10, "near_days": 3, "note": _("推定：随立随交，立案后10个工作日内交办"),
    },
    "sign_in": {
        "label": _("签收"), "start_label": _("交办"), "unit": Unit.WORKING_DAYS,
        "amount": 3, "near_days": 1, "note": _("推定：各地逐件登记签收，未见统一期限"),
    },
    "return_request": {
        "label": _("申请退办"), "start_label": _("交办"), "unit": Unit.WORKING_DAYS,
        "amount": 5, "near_days": 2, "note": _("各地3至10个工作日，取县区常用的5个工作日"),
    },
    "return_decision": {
        "label": _("退办答复"), "start_label": _("申请退办"), "unit": Unit.CALENDAR_DAYS,
        "amount": 7, "near_days": 2, "note": _("参照广州：7日内答复承办单位"),
    },
    "extension_decision": {
        "label": _("延期答复"), "start_label": _("申请延期"), "unit": Unit.CALENDAR_DAYS,
        "amount": 7, "near_days": 2, "note": _("推定：与退办答复相同"),
    },
    "first_contact": {
        "label": _("首次联系提案人"), "start_label": _("交办"), "unit": Unit.WORKING_DAYS,
        "amount": 15, "near_days": 5, "note": _("参照崇义等地：交办后15个工作日内联系"),
    },
    "joint_opinion": {
        "label": _("会办意见"), "start_label": _("交办"), "unit": Unit.MONTHS,
        "amount": 1, "near_days": 5, "note": _("会办单位一个月内送交主办单位，也有两个月的"),
    },
    "reply": {
        "label": _("答复"), "start_label": _("交办"), "unit": Unit.MONTHS,
        "amount": 3, "near_days": 15, "note": _("交办之日起三个月内答复"),
    },
    "reply_ordinary": {
        "label": _("闭会期间提案答复"), "start_label": _("交办"), "unit": Unit.MONTHS,
        "amount": 3, "near_days": 15, "note": _("闭会期间提案自收到之日起三个月内答复"),
    },
    "extension_max": {
        "label": _("延期上限"), "start_label": _("交办"), "unit": Unit.MONTHS,
        "amount": 6, "near_days": 15, "note": _("经同意可延期，最长不超过交办后六个月"),
    },
    "check": {
        "label": _("答复审核"), "start_label": _("送审"), "unit": Unit.WORKING_DAYS,
        "amount": 3, "near_days": 1, "note": _("推定：督查部门审核"),
    },
    "countersign": {
        "label": _("答复会签"), "start_label": _("送会签"), "unit": Unit.WORKING_DAYS,
        "amount": 3, "near_days": 1, "note": _("推定：会办单位会签主办单位的答复稿"),
    },
    "evaluation": {
        "label": _("提案人评价"), "start_label": _("答复送达"), "unit": Unit.WORKING_DAYS,
        "amount": 15, "near_days": 3, "note": _("答复送达后15个工作日内反馈；未反馈即为未评价"),
    },
    "rehandle_start": {
        "label": _("启动重新办理"), "start_label": _("不满意评价"), "unit": Unit.WORKING_DAYS,
        "amount": 5, "near_days": 2, "note": _("推定：提案委决定是否重新办理"),
    },
    "rehandle_reply": {
        "label": _("重新办理答复"), "start_label": _("重新办理"), "unit": Unit.MONTHS,
        "amount": 1, "near_days": 10, "note": _("不满意的，一个月内重新答复"),
    },
    "publish_text": {
        "label": _("提案公开"), "start_label": _("立案"), "unit": Unit.CALENDAR_DAYS,
        "amount": 15, "near_days": 5, "note": _("参照枣庄：立案后15日内公开"),
    },
    "publish_reply": {
        "label": _("答复公开"), "start_label": _("答复"), "unit": Unit.WORKING_DAYS,
        "amount": 20, "near_days": 5, "note": _("参照安徽、厦门等地：答复后20个工作日内公开"),
    },
    "progress_report": {
        "label": _("督办协商进展报告"), "start_label": _("通知"), "unit": Unit.CALENDAR_DAYS,
        "amount": 5, "near_days": 2,
        "note": _("推定：会前报告；提前几天由设置“督办协商前几天报告进展”决定，从召开日倒推"),
    },
    "topic_screening": {
        "label": _("议题审核"), "start_label": _("提出议题"), "unit": Unit.WORKING_DAYS,
        "amount": 5, "near_days": 2, "note": _("推定：提出后5个工作日内审核"),
    },
    "minutes": {
        "label": _("协商纪要"), "start_label": _("召开"), "unit": Unit.WORKING_DAYS,
        "amount": 7, "near_days": 2, "note": _("会后7个工作日内报送纪要"),
    },
    "adoption_reply": {
        "label": _("意见建议答复"), "start_label": _("交办"), "unit": Unit.MONTHS,
        "amount": 1, "near_days": 10, "note": _("推定：一个月内答复是否采纳"),
    },
    "adoption_verify": {
        "label": _("核实办结"), "start_label": _("报告完成"), "unit": Unit.WORKING_DAYS,
        "amount": 15, "near_days": 5, "note": _("推定：15个工作日内核实"),
    },
    "opinion_answer": {
        "label": _("社情民意答复"), "start_label": _("报送"), "unit": Unit.WORKING_DAYS,
        "amount": 20, "near_days": 5, "note": _("推定：20个工作日内答复，各地未见统一期限"),
    },
    "opinion_sign_in": {
        "label": _("社情民意签收"), "start_label": _("交办"), "unit": Unit.WORKING_DAYS,
        "amount": 3, "near_days": 1, "note": _("推定：与提案签收相同"),
    },
    "opinion_extension_max": {
        "label": _("社情民意延期上限"), "start_label": _("报送"), "unit": Unit.WORKING_DAYS,
        "amount": 40, "near_days": 5, "note": _("推定：经同意可延期，最长为答复期限的两倍"),
    },
    "lookback_self_report": {
        "label": _("回头看自查"), "start_label": _("开始回头看"), "unit": Unit.WORKING_DAYS,
        "amount": 15, "near_days": 5, "note": _("推定：15个工作日内提交自查报告"),
    },
}  # fmt: skip


def ensure_default_rules() -> int:
    """Add the rules that are missing, leave those the office has edited; return how many are new."""
    have = set(DeadlineRule.objects.values_list("code", flat=True))
    for code in DEFAULT_RULES:
        if code not in have:
            DeadlineRule.objects.get_or_create(code=code, defaults=default_values(code))
    return len(DEFAULT_RULES.keys() - have)


def rule_of(code: str) -> DeadlineRule:
    """The rule of this code; made from the default where the office has none yet."""
    try:
        return DeadlineRule.objects.get(code=code)
    except DeadlineRule.DoesNotExist:
        return DeadlineRule.objects.get_or_create(code=code, defaults=default_values(code))[0]


def default_values(code: str) -> dict[str, Any]:
    """The fields of a default rule, in the language of the installation: they become rows."""
    with translation.override(settings.LANGUAGE_CODE):
        return {
            name: str(value) if name in ("label", "start_label", "note") else value
            for name, value in DEFAULT_RULES[code].items()
        }
