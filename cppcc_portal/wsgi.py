"""The web process: `gunicorn --preload cppcc_portal.wsgi`."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.urls import reverse

from cppcc_portal.office.personal import pinyin

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cppcc_portal.settings")

application = get_wsgi_application()

# With --preload all this is loaded once, before the workers are forked, and they share its memory:
# the pages, and the tables of pinyin, which the first name written would load into each of them.
reverse("home")
pinyin("政协")
connections.close_all()  # a connection is nobody's to share
# What is loaded by now stays: the garbage collector need not look at it again, nor copy it by that.
gc.collect()
gc.freeze()
