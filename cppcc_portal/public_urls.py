"""What everybody may read without logging in: published proposals, as pages, feed, list and map."""

from django.urls import path

from proposals import public_views as proposals

app_name = "public"
urlpatterns = [
    path("proposals/", proposals.index, name="proposals"),
    path("proposals/feed.xml", proposals.feed, name="feed"),
    path("proposals/list.json", proposals.listed, name="list"),
    path("proposals/<uuid:uid>/", proposals.detail, name="proposal"),
    path("sitemap.xml", proposals.sitemap, name="sitemap"),
]
