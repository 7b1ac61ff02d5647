"""Addresses of what came of it: one verb per address."""

from django.urls import path

from cppcc_portal.office.steps import pages
from feedback.steps import CHAIR_STEPS, FINDING_STEPS, LOOKBACK_STEPS, TOPIC_STEPS
from feedback.views import adoptions, chain, lookbacks

app_name = "feedback"
urlpatterns = [
    path("", adoptions.index, name="index"),
    path("<int:pk>/", adoptions.adoption, name="adoption"),
    *pages(CHAIR_STEPS, adoptions.get_adoption, "<int:pk>/", "adoption"),
    path("assign/<int:pk>/", adoptions.assign, name="assign"),
    path("chain/<int:pk>/", chain.chain, name="chain"),
    *pages(TOPIC_STEPS, chain.get_topic, "chain/<int:pk>/", "topic"),
    path("lookbacks/<int:year>/", lookbacks.lookbacks, name="lookbacks"),
    path("lookback/<int:pk>/", lookbacks.lookback, name="lookback"),
    *pages(LOOKBACK_STEPS, lookbacks.get_lookback, "lookback/<int:pk>/", "lookback"),
    *pages(FINDING_STEPS, lookbacks.get_finding, "findings/<int:pk>/", "finding"),
]
