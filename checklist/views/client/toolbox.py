"""The tools: a page each that does something for one kind of item. This table decides which there are."""

from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from checklist.views.client.made_once import made_once
from project import policy

SHARED = ("tool", "tool-tick", "awake")  # modules that any tool may use
DEVICE = ("capture", "refusal", "refused")  # what asks for a microphone or a camera


@dataclass(frozen=True, eq=False)
class Tool:
    """One tool: `key` is Item.tool, `label` leads to it, `modules` are its own and `uses` what its page may use."""

    name: str
    key: str
    label: Promise
    icon: str
    modules: tuple[str, ...]
    uses: tuple[str, ...] = ()

    @property
    def address(self):
        return reverse("client:tool", kwargs={"name": self.name})

    @property
    def headers(self):
        return {"Cache-Control": "no-cache", "Permissions-Policy": policy.permissions(*self.uses)}

    @made_once
    def page(self):
        """Return the page as text, made without the request: it can't name anybody."""
        return render_to_string(f"client/tools/{self.name}.html", {"shell": True, "tool": self})


# fmt: off
TOOLS = (
    Tool("connection", "connection_check", _("Check the connection"), "icons/signal.svg",
         modules=("connection", "verdict", "measure", "replies", "incoming", "outgoing", "asking", "figures", "advice",
                  "amounts", "line-card", "line-session", "telling", "udp")),
    Tool("calm", "calm_timer", _("Three slow minutes"), "icons/calm.svg",
         modules=("calm", "tone"), uses=("screen-wake-lock",)),
    Tool("room", "room_check", _("Check the room"), "icons/voice.svg", uses=("microphone",),
         modules=("room", "room-meter", "room-verdict", "hearing", *DEVICE)),
    Tool("picture", "picture_check", _("Check the picture"), "icons/video.svg", uses=("camera", "screen-wake-lock"),
         modules=("picture", "picture-verdict", *DEVICE)),
    Tool("privacy", "privacy_message", _("Ask for privacy"), "icons/share.svg",
         modules=("privacy", "share"), uses=("clipboard-write", "web-share")),
    Tool("questions", "questions", _("Find questions to ask"), "icons/list.svg",
         modules=("questions", "kept-questions", "jot", "share"), uses=("clipboard-write", "web-share")),
    Tool("note", "note", _("Write a private note"), "icons/text.svg",
         modules=("note", "notes", "jot", "share"), uses=("clipboard-write", "web-share")),
    Tool("do-not-disturb", "do_not_disturb", _("How to turn it on"), "icons/quiet.svg", modules=("silent",)),
)
# A page that no item leads to: the list's own links do, and other tools.
BESIDE = (
    Tool("private-place", "privacy_message", _("No private place today?"), "icons/people.svg",
         modules=("place", "noise", "notes", "jot")),
)
# fmt: on
PAGES = (*TOOLS, *BESIDE)
BY_NAME = {tool.name: tool for tool in PAGES}
CHIPS = {tool.key: (tool,) for tool in TOOLS}
MODULES = (*SHARED, *dict.fromkeys(name for tool in PAGES for name in tool.modules))
