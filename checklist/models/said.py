"""What was said of a session that is over, what is still asked, and what of it the therapist may see (R20)."""

from checklist.models.fits import EVERY, Fit
from checklist.models.outcomes import Outcome
from checklist.models.sharing import Share


def asks_outcome(session):
    """Whether nothing was said yet of how a session went; the question can be put aside as well."""
    return said_of(session) is None


def asks_fit(session):
    """Whether a session that took place is one in EVERY, with a question left. Fetch it by counted()."""
    held = getattr(said_of(session), "kind", "") != Outcome.Kind.NOT_HELD
    turn = held and session.kept and session.kept % EVERY == 0
    return bool(turn and session.client.ask_fit and fit_of(session).next)


def said_of(session):
    """Return the Outcome of a session, or None."""
    return getattr(session, "outcome", None)


def fit_of(session):
    """Return the Fit of a session; an empty one, not saved, where nothing was said."""
    return getattr(session, "fit", None) or Fit()


def shown_outcome(session):
    """Return the Outcome of a session that its therapist may see, or None (R20). Fetch it with its client."""
    said = said_of(session)
    return said if said and said.kind and _shares(session, Share.OUTCOME) else None


def shown_fit(session):
    """Return the Fit of a session that its therapist may see, or None."""
    fit = fit_of(session)
    return fit if fit.replies and _shares(session, Share.FIT) else None


def _shares(session, kind):
    """Whether the client shares it now, and this session's therapist is still the one who looks after them."""
    client = session.client
    return client.therapist_id == session.therapist_id and client.shares(kind)
