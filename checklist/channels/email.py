"""E-mail: one kept SMTP connection, neutral words, a Message-ID that repeats for a repeat (R9)."""

import contextlib
import smtplib
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection

from checklist.channels import CalledOff, Channel, NotDelivered
from checklist.channels.letters import compose
from checklist.models.reasons import Reason

# Answers that are about the address for good. Others, like 530 (sign in first) and 554 (no relaying), are as
# often about us, and an operator can mend those in time.
NO_SUCH_ADDRESS = {501, 510, 511, 513, 550, 551, 553, 556}


class EmailChannel(Channel):
    """Sends deliveries over one connection, opened when first needed and again after an error."""

    batch, lasting = 100, True

    def __init__(self):
        self.connection = None

    def open(self):
        """Open the connection unless it is; raise NotDelivered when the server can't be used at all."""
        if self.connection is not None:
            return
        self.connection = get_connection()
        try:
            self.connection.open()
        except OSError as error:  # smtplib's own errors are OSErrors too
            self.close()
            raise NotDelivered(Reason.NOT_REACHED) from error

    def write(self, delivery, now):
        """Return the mail of a delivery, in the words of `now`."""
        return message(delivery, now)

    def carry(self, mail, clear):
        """Send one mail; raise NotDelivered when the server didn't take it."""
        self.open()
        try:
            self._before_the_text(clear)
            self.connection.send_messages([mail])
        except CalledOff:
            self._take_back()
            raise
        except OSError as error:
            self.close()
            raise _not_delivered(error) from error

    def _before_the_text(self, clear):
        """Let clear() be called once the server knows from whom and to whom, before it gets the mail itself.

        Backends that speak no SMTP get it before anything.
        """
        smtp = getattr(self.connection, "connection", None)
        if not isinstance(smtp, smtplib.SMTP):
            return clear()

        def data(text):
            clear()
            return type(smtp).data(smtp, text)

        smtp.data = data

    def _take_back(self):
        """Let the server forget from whom and to whom; one that does not answer to that is left."""
        smtp = getattr(self.connection, "connection", None)
        if not isinstance(smtp, smtplib.SMTP):
            return
        try:
            smtp.rset()
        except OSError:
            self.close()

    def same(self, message, other):
        return _said(message) == _said(other)

    def abandon(self):
        """Break the connection, so that who waits for an answer gets an error at once."""
        with contextlib.suppress(AttributeError, OSError):  # there is none, or it is no SMTP server
            self.connection.connection.sock.shutdown(socket.SHUT_RDWR)

    def close(self):
        """Close the connection, if one is open; what the server says to that does not matter."""
        connection, self.connection = self.connection, None
        if connection is not None:
            try:
                connection.close()
            except OSError:
                return


def _not_delivered(error):
    """Return what an error means: a refused address or message may be for good, anything else passes."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = {code for code, _text in error.recipients.values()}
        return NotDelivered(Reason.ADDRESS_REFUSED, permanent=codes <= NO_SUCH_ADDRESS)
    if isinstance(error, smtplib.SMTPDataError):
        return NotDelivered(Reason.MESSAGE_REFUSED, permanent=500 <= error.smtp_code < 600)
    return NotDelivered(Reason.NOT_REACHED)


def _said(mail):
    return mail.to, mail.subject, mail.body, mail.alternatives, mail.extra_headers


def message(delivery, now):
    """Return the e-mail for a delivery as it should read at `now`."""
    letter, client = compose(delivery.reminder, now), delivery.reminder.client
    mail = EmailMultiAlternatives(letter.subject, letter.text, settings.DEFAULT_FROM_EMAIL, [client.email])
    mail.attach_alternative(letter.html, "text/html")
    domain = urlsplit(settings.BASE_URL).hostname
    mail.extra_headers = {"Message-ID": f"<{delivery.id}@{domain}>", **letter.headers}
    return mail
