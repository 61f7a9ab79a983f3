"""Browser profiles: a fresh one costs half a second, so the usual kinds are cleaned and used again."""

import re
from urllib.parse import urlsplit

from django.test import Client
from playwright.sync_api import Error

from tests.browser.harness import PATIENCE, Settled

USES = 25  # then a profile goes: its clock remembers every turn that it was given
PLAIN_TEXT = {"fontSizes": {"standard": 16, "fixed": 13}}
TELL = (
    "addEventListener('securitypolicyviolation', ({effectiveDirective, blockedURI}) =>"
    " console.error(`policy: ${effectiveDirective} ${blockedURI}`), true)"
)
# How many files and pages the worker of this version keeps; none when another is in charge, or none, or when a script
# stands before all pages (`scripted`). What shows outside of pages goes.
STILL = """async (version) => {
  sessionStorage.clear();
  const registration = await navigator.serviceWorker.getRegistration();
  for (const shown of (await registration?.getNotifications()) ?? []) shown.close();
  const { active, waiting, installing } = registration ?? {};
  if (window.scripted || waiting || installing || !active?.scriptURL.endsWith("language=en")) return 0;
  const names = await caches.keys();
  return names.join() === version ? (await (await caches.open(version)).keys()).length : 0;
}"""


def script(page, text):
    """Let this run before all pages of a profile from now on; the profile is used once, then."""
    page.context.add_init_script(f"window.scripted = true; {text}")


class Profiles:
    """Gives out the first page of a profile in which nobody has been; `browser()` is asked for the first."""

    def __init__(self, browser, origin):
        self._browser, self._origin, self._idle, self._uses = browser, origin, {}, {}
        self._version, self._whole = None, 1

    def take(self, kind, **more):
        """Return a page; with `more`, which no other test asks for, its profile is new and used once."""
        pages = [] if more else self._idle.get(self._name(kind), [])
        page = pages.pop() if pages else self._fresh({**kind, **more})
        self._uses[page] = self._uses.get(page, 0) + 1
        return page

    def _fresh(self, options):
        context = self._browser().new_context(**{"base_url": self._origin, **options})
        context.set_default_timeout(PATIENCE)
        context.add_init_script(TELL)
        return context.new_page()

    def give_back(self, page, kind, **more):
        """Clean the profile for the next test, or throw it away."""
        if more or self._uses[page] >= USES or not self._cleaned(page, kind):
            page.context.close()
        else:
            self._idle.setdefault(self._name(kind), []).append(page)

    def _name(self, kind):
        return type(kind), repr(kind)

    def _cleaned(self, page, kind):
        try:
            return self._clean(page, kind)
        except Error:  # the test closed or crashed it
            return False

    def _clean(self, page, kind):
        context, settled = page.context, isinstance(kind, Settled)
        for other in context.pages:
            if other != page:
                other.close()
        page.unroute_all()
        context.set_offline(False)
        if settled and not self._still_whole(page):
            return False
        page.goto("about:blank")
        context.clear_cookies()
        context.clear_permissions()
        devtools = context.new_cdp_session(page)
        if settled:
            devtools.send("ServiceWorker.enable")
            devtools.send("ServiceWorker.stopAllWorkers")
        what = "indexeddb,local_storage,file_systems" if settled else "all"
        devtools.send("Storage.clearDataForOrigin", {"origin": self._origin, "storageTypes": what})
        devtools.send("Page.setFontSizes", PLAIN_TEXT)
        devtools.detach()
        self._dress(page, kind)
        return True

    def _still_whole(self, page):
        """Return whether the worker is as a first visit leaves it."""
        if not self._version:
            host = {"HTTP_HOST": urlsplit(self._origin).netloc}
            program = Client().get("/serviceworker.js?language=en", **host).content.decode()
            self._version = re.search(r"settle-\w+", program)[0]
        page.goto("/livez")
        kept = page.evaluate(STILL, self._version)
        self._whole = max(self._whole, kept)
        return kept == self._whole

    def _dress(self, page, kind):
        page.set_viewport_size(kind["viewport"])
        page.emulate_media(color_scheme="light", reduced_motion="reduce", forced_colors="none")
