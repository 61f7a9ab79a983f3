// The whole check of the line, one step after the other so that none distorts the next, and within 15 seconds whatever
// the line is like: each step has its own end, and what one takes longer is less for those that follow.
import { ask, limited } from "./asking.js";
import { incoming } from "./incoming.js";
import { outgoing } from "./outgoing.js";
import { replies } from "./replies.js";

const WHOLE = 14_000; // milliseconds
const MARGIN = 100; // each step ends by its own limit
const START = 4000;
const DIRECTION = 4000;
const BYTES = 1_000_000; // a direction
const UNKNOWN = { rtt: null, jitter: null, late: null, probes: null, down: null, up: null, loss: null };

function refused(response) {
  const wait = Number(response.headers.get("Retry-After"));
  if (response.status === 429) return { refused: "often", wait: wait > 0 ? wait : 60 };
  const ours = response.headers.get("Content-Type")?.includes("json");
  return { refused: ours || (response.status >= 500 && response.status !== 511) ? "down" : "captive" };
}

// Someone else's answer, such as the page of a hotel's Wi-Fi that wants a name first, redirects or is no ticket.
async function begin(signal) {
  if (navigator.onLine === false) return { refused: "offline" };
  const end = limited(signal, START);
  try {
    const headers = { "Content-Type": "application/json", "X-Settle": "1" };
    const response = await ask("/tools/connection/start/", { method: "POST", credentials: "same-origin", headers, body: "{}", signal: end.signal });
    if (!response.ok) return refused(response);
    const body = await response.json().catch(() => ({}));
    return typeof body.ticket === "string" ? body : { refused: "captive" };
  } catch {
    return { refused: navigator.onLine === false ? "offline" : "unreachable" };
  } finally {
    end.free();
  }
}

async function steps({ ticket }, signal, left, told) {
  const bytes = navigator.connection?.saveData ? BYTES / 4 : BYTES;
  const figures = { ...UNKNOWN, ...(await replies(ticket, signal, (count, of) => told("replies", count / of, { count, of }))) };
  if (figures.rtt === null || signal.aborted) return figures;
  told("incoming", 0);
  const step = (share) => ({ bytes, signal, limit: Math.min(DIRECTION, left() * share) });
  figures.down = await incoming(ticket, { ...step(0.5), told: (part) => told("incoming", part) });
  if (signal.aborted) return figures;
  told("outgoing", 0);
  figures.up = await outgoing(ticket, { ...step(1), rtt: figures.rtt, told: (part) => told("outgoing", part) });
  return figures;
}

/**
 * Measure until done or until `signal` ends; {figures, turn}, or {refused, wait} when it could not begin: offline,
 * unreachable, captive, down, or often (wait: seconds). `told(step, part, words)` hears how far it is.
 */
export async function measure(signal, told) {
  const began = performance.now();
  const whole = limited(signal, WHOLE);
  addEventListener("offline", whole.end);
  try {
    told("start", 0);
    const start = await begin(whole.signal);
    if (start.refused) return start;
    told("replies", 0, { count: 0, of: 12 });
    const figures = await steps(start, whole.signal, () => WHOLE - MARGIN - (performance.now() - began), told);
    return navigator.onLine === false ? { refused: "offline" } : { turn: start.turn, figures };
  } finally {
    removeEventListener("offline", whole.end);
    whole.free();
  }
}
