"""Spanish: 9:30 and 15:00, with no zero in front."""

TIME_FORMAT = "G:i"
