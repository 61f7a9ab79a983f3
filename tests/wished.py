"""What the form about reminders is sent with when nothing was changed."""

CHOICES = {
    "mail_reminders": "on",
    "how_day_before": ["email", "push"],
    "how_hours_before": ["email", "push"],
    "how_just_before": ["email", "push"],
    "how_nudge": ["email", "push"],
    "evening": "18:00",
    "hours_before": "2",
    "minutes_before": "10",
    "quiet_from": "",
    "quiet_to": "",
    "paused_until": "",
    "ask_fit": "on",
    "time_zone": "America/Los_Angeles",
}


def choose(browser, query="", without=(), **fields):
    """Send the form with these fields in another way, and without some, like a box not ticked; return the answer."""
    data = {name: value for name, value in {**CHOICES, **fields}.items() if name not in without}
    return browser.post(f"/reminders/{query}", data)
