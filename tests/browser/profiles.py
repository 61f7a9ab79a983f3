"""Browser profiles: a fresh one costs half a second, so the usual kinds are cleaned and used again."""

from playwright.sync_api import Error

from tests.browser.harness import PATIENCE

USES = 25  # then a profile goes: its clock remembers every turn that it was given
PLAIN_TEXT = {"fontSizes": {"standard": 16, "fixed": 13}}
TELL = (
    "addEventListener('securitypolicyviolation', ({effectiveDirective, blockedURI}) =>"
    " console.error(`policy: ${effectiveDirective} ${blockedURI}`), true)"
)


class Profiles:
    """Gives out the first page of a profile in which nobody has been."""

    def __init__(self, browser, origin):
        self._browser, self._origin, self._idle, self._uses = browser, origin, {}, {}

    def take(self, kind, **more):
        """Return a page; with `more`, which no other test asks for, its profile is new and used once."""
        pages = [] if more else self._idle.get(repr(kind), [])
        page = pages.pop() if pages else self._fresh({**kind, **more})
        self._uses[page] = self._uses.get(page, 0) + 1
        return page

    def _fresh(self, options):
        context = self._browser.new_context(**{"base_url": self._origin, **options})
        context.set_default_timeout(PATIENCE)
        context.add_init_script(TELL)
        return context.new_page()

    def give_back(self, page, kind, **more):
        """Clean the profile for the next test, or throw it away."""
        if more or self._uses[page] >= USES or not self._cleaned(page, kind):
            page.context.close()
        else:
            self._idle.setdefault(repr(kind), []).append(page)

    def _cleaned(self, page, kind):
        try:
            self._clean(page, kind)
        except Error:  # the test closed or crashed it
            return False
        return True

    def _clean(self, page, kind):
        context = page.context
        for other in context.pages:
            if other != page:
                other.close()
        page.unroute_all()
        page.goto("about:blank")
        context.set_offline(False)
        context.clear_cookies()
        context.clear_permissions()
        devtools = context.new_cdp_session(page)
        devtools.send("Storage.clearDataForOrigin", {"origin": self._origin, "storageTypes": "all"})
        devtools.send("Page.setFontSizes", PLAIN_TEXT)
        devtools.detach()
        page.set_viewport_size(kind["viewport"])
        page.emulate_media(color_scheme="light", reduced_motion="reduce", forced_colors="none")
