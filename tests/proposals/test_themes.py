"""年度选题: the year's themes of reports and proposals, each offered where it belongs."""

from types import SimpleNamespace

import pytest
from django.urls import reverse

from cppcc_portal.office.workflow import NotReady
from proposals.actions import opinions as acts
from proposals.models import OpinionReport, SuggestedTopic
from tests import opinions
from tests.browsing import logged_in, text
from tests.district import seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def themes(district: SimpleNamespace) -> SimpleNamespace:
    """One theme for each purpose."""
    return SimpleNamespace(
        **{
            purpose: SuggestedTopic.objects.create(
                plenary=district.plenary, title=f"选题{purpose}", purpose=purpose
            )
            for purpose in SuggestedTopic.Purpose.values
        }
    )


def test_each_theme_is_offered_where_it_belongs(
    district: SimpleNamespace, themes: SimpleNamespace
) -> None:
    client = logged_in(district.author)

    catalogue = text(client.get(reverse("proposals:topics")))
    call = text(client.get(reverse("opinions:new")))

    assert ("选题proposals" in catalogue, "选题proposals" in call) == (True, False)
    assert ("选题opinions" in catalogue, "选题opinions" in call) == (False, True)
    assert ("选题both" in catalogue, "选题both" in call) == (True, True)


def test_report_is_begun_from_a_theme_and_says_so(
    district: SimpleNamespace, themes: SimpleNamespace
) -> None:
    client = logged_in(district.author)
    name = f"membership:{seat(district.author).pk}"

    client.post(reverse("opinions:new"), {"name": name, "theme": themes.opinions.pk})

    report = OpinionReport.objects.get()
    assert report.theme == themes.opinions
    opinions.fill(report, district.author)
    assert "年度选题：选题opinions" in text(client.get(report.get_absolute_url()))
    # Another start without the theme does not take the empty draft that has one.
    client.post(reverse("opinions:new"), {"name": name, "theme": ""})
    assert OpinionReport.objects.latest("pk").theme is None


def test_theme_of_proposals_or_off_the_list_begins_no_report(
    district: SimpleNamespace, themes: SimpleNamespace
) -> None:
    SuggestedTopic.objects.filter(pk=themes.both.pk).update(active=False)

    for theme in (themes.proposals, themes.both):
        with pytest.raises(NotReady, match="不在目录中"):
            acts.start_report(by=district.author, membership=seat(district.author), theme=theme)

    assert not OpinionReport.objects.exists()


def test_office_sees_how_many_were_handed_in(
    district: SimpleNamespace, themes: SimpleNamespace
) -> None:
    report = acts.start_report(
        by=district.author,
        membership=seat(district.author),
        theme=themes.opinions,
        at=opinions.MAY,
    )
    counted = SuggestedTopic.objects.with_taken()
    assert counted.get(pk=themes.opinions.pk).reported == 0

    opinions.fill(report, district.author)
    acts.submit(report, by=district.author, at=opinions.MAY)

    assert counted.all().get(pk=themes.opinions.pk).reported == 1
    page = logged_in(district.office).get("/admin/proposals/suggestedtopic/")
    assert page.status_code == 200


def test_without_themes_nothing_is_asked(district: SimpleNamespace) -> None:
    assert "年度选题" not in text(logged_in(district.author).get(reverse("opinions:new")))
