"""The door for a WSGI server: project.wsgi:application."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from checklist.tickets import holder_of
from project.bodies import only_whole
from project.encoding import only_utf8

os.umask(0o077)  # as manage.py does: letters to therapists leave from here
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
application = only_whole(only_utf8(get_wsgi_application()), settings.DATA_UPLOAD_MAX_MEMORY_SIZE, holder_of)
