"""Who to call: the help lines and the dropped-call card of the practices that a phone belongs to."""


def who_to_call(clients):
    """Return plain data for the help page and for the phone's copy of it, in the order of `clients`.

    Fetch the clients with their practices. A number without digits has an empty link.
    """
    practices = list({client.practice_id: client.practice for client in clients}.values())
    numbers = dict.fromkeys(pair for practice in practices for pair in practice.numbers())
    return {
        "numbers": [{"label": label, "number": number, "call": dial(number)} for label, number in numbers],
        "in_us": any(practice.country == "US" for practice in practices),
        "practices": [_practice(practice) for practice in practices],
    }


def dial(number):
    """Return the link that calls a number as people write it; an empty string for none."""
    digits = "".join(letter for letter in number if letter in "+0123456789")
    return f"tel:{digits}" if digits else ""


def _practice(practice):
    return {
        "name": practice.name,
        "dropped_call": practice.dropped_call,
        "phone": practice.phone,
        "call": dial(practice.phone),
    }
