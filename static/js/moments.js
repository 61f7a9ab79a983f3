// When to send: after a tick, when the page comes up or comes back, when the network does, when another page or the
// worker says so. After a failure it waits, longer each time, and lets the browser wake the worker where it can.
import { sync } from "./sync.js";
import { fact } from "./store.js";

const FIRST = 2000;
const LONGEST = 300_000;
const NEWS = 300_000;
let failures = 0;
let timer;

/** How long to wait after so many failures, in ms: twice as long each time, and never the same for all phones. */
export function backoff(count, random = Math.random()) {
  const longest = Math.min(FIRST * 2 ** (count - 1), LONGEST);
  return longest / 2 + (longest / 2) * random;
}

/** Send what waits; with `news`, fetch what changed as well. */
export async function flush({ news = false } = {}) {
  clearTimeout(timer);
  const { fate, wait } = await sync({ news }).catch(() => ({ fate: "later" }));
  failures = fate === "later" ? failures + 1 : 0;
  if (fate === "later") {
    timer = setTimeout(() => flush({ news }), wait ?? backoff(failures));
    wake();
  }
  return fate;
}

async function wake() {
  const registration = await navigator.serviceWorker?.ready;
  await registration?.sync?.register("settle").catch(() => {}); // not allowed: then the page has to do
}

// The page says how recent the phone's copy should be. The phone's own page, without a connection, does not know. A page
// that shuts this phone out has it ask: the answer then takes the copies. The page of a tool can't tell, so it asks.
async function outdated() {
  const { cursor, stamp } = document.body.dataset;
  if (!cursor && document.querySelector("[data-tool]")) return ours();
  if (!cursor) return document.querySelector("[data-removed]") !== null;
  const sorted = (known) => JSON.stringify(Object.entries(known ?? {}).sort());
  return sorted(JSON.parse(cursor)) !== sorted(await fact("cursor")) || stamp !== (await fact("stamp"));
}

// A page that is the same for everybody does not know whether anybody was let in on this phone; the store does.
async function ours() {
  return document.body.dataset.cursor !== undefined || (await fact("cursor")) !== undefined;
}

async function look() {
  if (document.visibilityState === "visible") flush({ news: await ours() });
}

/** Look now, and whenever a moment comes that is good for it. */
export async function begin() {
  addEventListener("online", look);
  addEventListener("pageshow", ({ persisted }) => persisted && look());
  document.addEventListener("visibilitychange", look);
  setInterval(look, NEWS);
  await flush({ news: await outdated() });
}
