"""Addresses of public-opinion reports: one verb per address."""

from django.urls import path

from cppcc_portal.office.steps import pages
from proposals import bulletin_views, opinion_figure_views
from proposals import opinion_views as views
from proposals.opinion_coauthor_steps import COAUTHOR_STEPS
from proposals.opinion_steps import BULLETIN_STEPS, REPORT_STEPS

app_name = "opinions"
urlpatterns = [
    path("", views.index, name="index"),
    path("figures/", opinion_figure_views.figures, name="figures"),
    path("figures/export/", opinion_figure_views.export, name="figures_export"),
    path("figures/<slug:code>/", opinion_figure_views.figure_rows, name="figure_rows"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/write/", views.write, name="write"),
    path("<int:pk>/save_draft/", views.save_draft, name="save_draft"),
    path("<int:pk>/submit/", views.submit, name="submit"),
    path("<int:pk>/sheet/", bulletin_views.sheet, name="sheet"),
    path("<int:pk>/edit/", views.edit, name="edit"),
    *pages((*REPORT_STEPS, *COAUTHOR_STEPS), views.get_report, "<int:pk>/", "report"),
    path("bulletins/<int:pk>/", bulletin_views.bulletin, name="bulletin"),
    path("bulletins/<int:pk>/paper/", bulletin_views.paper, name="bulletin_paper"),
    *pages(BULLETIN_STEPS, bulletin_views.get_bulletin, "bulletins/<int:pk>/", "bulletin"),
]
