"""What a client is asked after a session, as words for templates/client/after.html."""

from checklist import reflecting
from checklist.models import Outcome, Share
from checklist.models.afterwards import fetched
from checklist.models.fits import Reply
from checklist.models.said import asks_fit, asks_outcome, fit_of, said_of
from checklist.views.client.showing import moment


def asked(sessions, now):
    """Return what the first page asks: about the latest of these sessions that has a question open, or None.

    Fetch them by to_mention(), the earliest first.
    """
    for session in reversed(sessions):
        if asks_outcome(session):
            return _about(session, now, outcome=_outcome(session))
        if asks_fit(session):
            return _about(session, now, fit=_fit(session))
    return None


def after(session, now):
    """Return what the page of a session that is over shows: what was said of it, and how to change that; or None."""
    if session.cancelled or not session.has_ended(now):
        return None
    row, parts = fetched(session), {}
    open_still = reflecting.may_still(row, now)
    if open_still or getattr(said_of(row), "kind", ""):
        parts["outcome"] = _outcome(row)
    if fit_of(row).replies or (open_still and asks_fit(row)):
        parts["fit"] = _fit(row)
    return _about(row, now, open_still=open_still, **parts) if parts else None


def _about(session, now, open_still=True, **parts):
    words = {"session": session, "when": moment(session.starts_at, now), "name": session.therapist.name}
    return {**words, "open_still": open_still, **parts}


def _outcome(session):
    given = getattr(said_of(session), "kind", "")
    rows = [{"kind": kind.value, "label": kind.label, "given": kind == given} for kind in Outcome.Kind]
    return {"rows": rows, "said": bool(given), "shared": session.client.shares(Share.OUTCOME)}


def _fit(session):
    """Return the question that comes next with what may be replied, and what was replied so far."""
    fit = fit_of(session)
    said = [(question.label, words) for question, _reply, words in fit.replies]
    question = fit.next if asks_fit(session) else None
    shared = session.client.shares(Share.FIT)
    return {"question": question, "replies": Reply.choices, "said": said, "shared": shared}
