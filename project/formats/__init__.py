"""Where a language's dates and times differ from Django's: as browsers write them, so that both say the same."""
