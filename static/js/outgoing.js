// How fast data goes out: some answers of the server to bodies of growing size, less the time that any answer takes. What
// the browser has handed over says nothing: it is quick to fill the buffers of the phone.
import { address, timed } from "./asking.js";
import { nextSize, outgoingRate } from "./figures.js";

const FIRST = 16_384; // bytes
const LARGEST = 262_144;
const PIECE = 65_536; // what a browser makes at once
const LONG = 1500; // milliseconds without an answer that say something: the line is slower than that
const EARLY = 20; // milliseconds that a timer may be early, as its clock is coarse and it takes no fractions

// What no one on the way can make smaller.
function noise(size) {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += PIECE) crypto.getRandomValues(bytes.subarray(at, at + PIECE));
  return bytes;
}

function send(ticket, n, body, limit, signal) {
  const headers = { "Content-Type": "application/octet-stream", "X-Settle": "1" };
  return timed(address("up", ticket, { n }), { method: "POST", headers, body, limit, signal });
}

/** kbps, or null; at most `bytes` and `limit` milliseconds. `rtt` is what an answer takes. `told(part)` hears how much is done. */
export async function outgoing(ticket, { bytes, limit, rtt, signal, told }) {
  const [posts, body, began] = [[], noise(Math.min(bytes, LARGEST)), performance.now()];
  const left = () => limit - (performance.now() - began);
  let sent = 0;
  let size = Math.min(FIRST, bytes);
  while (size && left() > 0) {
    const took = await send(ticket, posts.length, body.subarray(0, size), left(), signal);
    if (took === undefined) break;
    posts.push([size, took]);
    sent += size;
    told(Math.max(sent / bytes, 1 - left() / limit));
    size = nextSize(posts, rtt, left(), Math.min(LARGEST, bytes - sent));
  }
  if (!posts.length && left() <= EARLY && limit >= LONG && !signal.aborted) posts.push([FIRST, limit]); // at most that fast
  return outgoingRate(posts, rtt);
}
