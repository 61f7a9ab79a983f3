// Sends what waits in the log to /sync/ and takes in the answer. One at a time on this phone, whatever page or worker
// asks. Each batch begins with the oldest operation that is not acknowledged, so that none can overtake another.
import { answered, log, park } from "./log.js";
import { exists, fact, shut, wipe } from "./store.js";

const MOST = 100;
const PATIENCE = 15_000;
// What a status means. Everything that is not here, and no answer at all, means: keep it and try again later.
const FATES = { 200: "taken", 400: "unreadable", 413: "unreadable", 422: "unreadable", 401: "out", 409: "another", 410: "gone" };
let last = Promise.resolve();
let asking; // what can end a request that is on its way
let holding = false;

function alone(run) {
  last = navigator.locks ? navigator.locks.request("settle-sync", run) : last.then(run, run);
  return last;
}

/** Send what waits, and fetch news when asked to; resolves to {fate, wait?}: sent, later (wait: ms), out or gone. */
export function sync({ news = false } = {}) {
  return alone(() => flush(news));
}

/**
 * Have nothing sent from this phone, by whatever page or worker, until the function is called that this resolves to. A
 * request of this page that is on its way is broken off: what it carried is sent again later, and counts once.
 */
export async function hold() {
  holding = true;
  asking?.abort();
  const release = await new Promise((held) => alone(() => new Promise(held)));
  holding = false;
  return release;
}

async function flush(news) {
  if (!news && !(await exists())) return { fate: "sent" }; // the worker, woken after a signing out
  let size = MOST;
  let learned = false;
  for (;;) {
    if (holding) return { fate: "later" };
    const batch = (await log()).waiting.slice(0, size);
    if (!batch.length && !news) return { fate: "sent" };
    const answer = await ask(batch);
    if (answer.fate === "taken") {
      await answered(batch, answer.body);
      news = false;
    } else if (answer.fate === "unreadable" && batch.length) {
      if (batch.length === 1) await park(batch[0], "unreadable");
      size = batch.length === 1 ? MOST : Math.ceil(batch.length / 2);
    } else if (answer.fate === "another" && !learned) {
      learned = await whose();
      if (!learned) return { fate: "later" };
    } else return conclude(answer);
  }
}

// This phone stands for somebody no more: find out for whom it does, before anything else is sent. What is theirs who are
// still here stays; what waits stays with its client.
async function whose() {
  const answer = await ask([]);
  if (answer.fate === "taken") await answered([], answer.body);
  return answer.fate === "taken";
}

async function conclude(answer) {
  if (answer.fate === "out") await shut("out");
  if (answer.fate === "gone") await wipe("gone");
  return { fate: ["out", "gone"].includes(answer.fate) ? answer.fate : "later", wait: answer.wait };
}

async function ask(batch) {
  try {
    const response = await post(batch, await fact("cursor"), await fact("stamp"));
    const fate = FATES[response.status] ?? "later";
    return { fate, wait: patience(response), body: fate === "taken" && readable(await response.json()) };
  } catch {
    return { fate: "later" }; // no network, no answer in time, or an answer that is not ours
  }
}

function post(batch, cursor, stamp = "") {
  const operations = batch.map(({ id, session, item, state, clock, seq }) => ({ id, session, item, state, clock, seq }));
  const clients = [...new Set(batch.map(({ client }) => client))];
  return fetch("/sync/", {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Settle": "1" },
    body: JSON.stringify({ cursor, stamp, clients, sent_at: Date.now(), operations }),
    redirect: "error",
    signal: patient(),
  });
}

// AbortSignal.timeout came to phones years after all else that is needed here.
function patient() {
  const control = (asking = new AbortController());
  setTimeout(() => control.abort(), PATIENCE);
  return control.signal;
}

function readable(body) {
  if (!Array.isArray(body.results) || !Array.isArray(body.sessions)) throw new TypeError("not our answer");
  return body;
}

// Retry-After holds seconds or a date.
function patience(response) {
  const value = response.headers.get("Retry-After");
  if (!value) return undefined;
  const wait = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - Date.now();
  return Number.isFinite(wait) ? Math.min(Math.max(wait, 0), 3600_000) : undefined;
}
