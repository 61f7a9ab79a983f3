// The hybrid logical clock of this phone, as next_clock in pure/fold.py: it never runs behind what the phone has seen.
import { after } from "./fold.js";

/** The clock for a new operation at `now` (milliseconds since 1970 UTC), after `last`, the greatest one seen so far. */
export function nextClock(now, last) {
  return !last || now > last[0] ? [now, 0] : [last[0], last[1] + 1];
}

/** The greatest of some clocks; those that are missing do not count. */
export function greatest(...clocks) {
  return clocks.filter(Boolean).reduce((one, other) => (after(one, other) ? one : other), [0, 0]);
}
