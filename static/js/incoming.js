// How fast data comes in: one answer of the server, timed from the first part of its body to the last.
import { address, ask, limited } from "./asking.js";
import { incomingRate } from "./figures.js";

const LONG = 1500; // milliseconds without anything that say something: the line is slower than that

async function read(response, each) {
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    each(value.length);
  }
}

/** kbps, or null; at most `bytes` and `limit` milliseconds. `told(part)` hears how much of it is done, from 0 to 1. */
export async function incoming(ticket, { bytes, limit, signal, told }) {
  const [end, samples, began] = [limited(signal, limit), [], performance.now()];
  let total = 0;
  const note = (length) => {
    total += length;
    const now = performance.now();
    samples.push([now, total]);
    told(Math.max(total / bytes, (now - began) / limit));
  };
  try {
    const response = await ask(address("down", ticket, { bytes }), { signal: end.signal });
    if (!response.ok) return null;
    await read(response, note);
  } catch {
    if (end.signal.aborted && !signal.aborted) note(0); // the time is over: a line that stood still at last is slow
  } finally {
    end.free();
  }
  if (samples.length === 1 && limit >= LONG) samples.unshift([began, 0]);
  return incomingRate(samples);
}
