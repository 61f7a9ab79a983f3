// How long the server takes to answer: two probes to warm up, then twelve. A new one goes out every quarter of a second,
// whether or not the last was answered, as the parts of a call do.
import { address, pause, timed } from "./asking.js";
import { replied } from "./figures.js";

const WARM = 2;
const PROBES = 12;
const EVERY = 250; // milliseconds
const LATE = 2000;
const SOON = 1000; // that the warm-up may hold up the rest

const probe = (ticket, n, signal) => timed(address("probe", ticket, { n }), { signal, limit: LATE });

/** {rtt, jitter, late, probes}; `told(count, of)` hears of each answer. What was under way when `signal` ends is late. */
export async function replies(ticket, signal, told) {
  const warm = [...Array(WARM).keys()].map((n) => probe(ticket, n, signal));
  await Promise.race([Promise.all(warm), pause(SOON, signal)]);
  const times = [];
  let count = 0;
  for (let n = WARM; n < WARM + PROBES && !signal.aborted; n += 1) {
    times.push(probe(ticket, n, signal).then((time) => (told(++count, PROBES), time)));
    if (times.length < PROBES) await pause(EVERY, signal);
  }
  return replied(await Promise.all(times));
}
