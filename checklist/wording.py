"""Days and times in words, for pages; the words themselves stand lower down, where mail needs them too."""

from checklist.channels.wording import clock, day, day_within, full_date, full_day, in_words, when

__all__ = ["clock", "day", "day_within", "full_date", "full_day", "in_words", "when"]
