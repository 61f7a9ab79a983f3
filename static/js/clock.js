// The hybrid logical clock of this phone, as next_clock in pure/fold.py: it never runs behind what the phone has seen.
import { after } from "./fold.js";

const MOST_COUNT = 2 ** 31 - 1;

/** The clock for a new operation at `now` (milliseconds since 1970 UTC), after `last`, the greatest one seen so far. */
export function nextClock(now, last) {
  if (!last || now > last[0]) return [now, 0];
  return last[1] < MOST_COUNT ? [last[0], last[1] + 1] : [last[0] + 1, 0];
}

/** The greatest of some clocks; those that are missing do not count. */
export function greatest(...clocks) {
  return clocks.filter(Boolean).reduce((one, other) => (after(one, other) ? one : other), [0, 0]);
}
