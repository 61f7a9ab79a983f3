"""The languages that Settle speaks. CONTRIBUTING.md says how to add one.

A name is written as its own people write it: who looks for it may read no other.
"""

SOURCE = "en"  # what the source is written in, and what is spoken to who asks for a language that is not here
SPOKEN = [("en", "English"), ("es", "Español")]
COOKIE = "settle_language"  # keeps what was chosen in a browser; it says nothing else
COOKIE_AGE = 400 * 24 * 3600  # seconds; browsers cut longer ones to 400 days
