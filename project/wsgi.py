"""The door for a WSGI server: project.wsgi:application."""

import os

from django.core.wsgi import get_wsgi_application

from project.encoding import only_utf8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
application = only_utf8(get_wsgi_application())
