import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "referral_portal.settings")

application = get_wsgi_application()

gc.collect()
gc.freeze()  # what a worker has loaded stays for its life: no later collection walks it again
