"""A mail server on this machine that answers as a test wants; and a channel that only takes notes."""

import socket
import threading
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

from checklist.channels import Channel, NotDelivered


class MailServer(Controller):
    """An SMTP server on a free loopback port. `mails` is what it took, in order.

    `answers[address]` are used up before it takes mail for that address: an answer to RCPT like '550 no',
    to the message when it begins with 'data ', or the words 'drop' and 'hang'. `meanwhile[address]` is called once, in
    a thread of its own, between the address and the answer to it.
    """

    def __init__(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        super().__init__(self, hostname="127.0.0.1", port=self.listener.getsockname()[1])
        self.mails, self.answers, self.connections = [], defaultdict(list), 0
        self.meanwhile = {}
        self.came = threading.Event()
        self.hold_after = self.held = None  # take this many mails, then keep the sender waiting for an answer

    def _create_server(self):
        return self.loop.create_server(self._factory_invoker, sock=self.listener)

    def factory(self):
        self.connections += 1
        return SMTP(self, hostname="mail.test", enable_SMTPUTF8=False, loop=self.loop)

    async def handle_RCPT(self, server, session, envelope, address, options):
        if meanwhile := self.meanwhile.pop(address, None):
            await self.loop.run_in_executor(None, meanwhile)
        waiting = self.answers[address]
        if waiting and not waiting[0].startswith("data "):
            answer = waiting.pop(0)
            if answer == "drop":
                server.transport.abort()
            elif answer == "hang":
                await self.loop.create_future()
            return answer
        envelope.rcpt_tos.append(address)
        return "250 yes"

    async def handle_DATA(self, server, session, envelope):
        waiting = self.answers[envelope.rcpt_tos[0]]
        if waiting:
            return waiting.pop(0).removeprefix("data ")
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        if len(self.mails) == self.hold_after:
            self.held, self.hold_after = self.loop.create_future(), None
            self.came.set()
            await self.held
        return "250 taken"

    def let_go(self):
        """Answer the sender that was kept waiting."""
        self.loop.call_soon_threadsafe(self.held.set_result, None)

    def ids(self):
        """Return how often each Message-ID came."""
        return Counter(mail["Message-ID"] for mail in self.mails)

    def to(self, address):
        """Return the mails for one address."""
        return [mail for mail in self.mails if mail["To"] == address]


@dataclass
class Notepad(Channel):
    """A channel that notes what it is given. `trouble` are exceptions to raise, one for each delivery."""

    sent: list = field(default_factory=list)
    trouble: list = field(default_factory=list)
    down: bool = False
    opened: int = 0
    written: int = 0

    def open(self):
        self.opened += 1
        if self.down:
            raise NotDelivered("not reached")

    def write(self, delivery, now):
        self.written += 1
        if self.trouble and (error := self.trouble.pop(0)):
            raise error
        return delivery.reminder.kind, now

    def carry(self, message, clear):
        self.sent.append(message)

    @property
    def kinds(self):
        return [kind for kind, _now in self.sent]
