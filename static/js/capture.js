// Asks for the microphone or the camera, and ends it. While it is asked for or on, no page and no worker of ours asks
// the server for anything (R23); it goes off when the page is out of sight. Nothing is recorded, stored or sent.
import { pending, reason } from "./refusal.js";
import { hold } from "./sync.js";
import { up } from "./worker.js";

const PATIENCE = 20_000; // milliseconds that the page, the worker and what another page sends may take
const SECOND = 1000;
let turn; // {gone, fail, release, stream}: the one that is asked for or on

class Refused extends Error {
  constructor(why) {
    super(why);
    this.why = why;
  }
}

const wait = (time) => new Promise((resolve) => setTimeout(resolve, time));
const off = (stream) => stream.getTracks().forEach((track) => track.stop());

async function permission(name) {
  try {
    return (await navigator.permissions.query({ name })).state;
  } catch {
    return undefined; // this browser does not tell
  }
}

/** End it: the device is off, and what waits is sent. */
export function end() {
  const { stream, release, fail } = turn ?? {};
  turn = undefined;
  if (stream) off(stream);
  release?.();
  fail?.(new Refused("stopped"));
}

function leave(why) {
  const { gone } = turn;
  end();
  gone(why);
}

// A worker that is being installed fetches all that it keeps.
async function installed() {
  const worker = (await navigator.serviceWorker?.getRegistration())?.installing;
  if (worker) await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
}

// From here on nothing is asked of the server.
async function quiet(mine) {
  const held = up.then(installed).then(hold);
  const release = await Promise.race([held, wait(PATIENCE)]);
  if (turn === mine && release) mine.release = release;
  else held.then((late) => late());
  if (!release) throw new Refused("unloaded");
}

function answer(constraints, mine) {
  return new Promise((resolve, reject) => {
    mine.fail = reject;
    if (turn !== mine) return reject(new Refused("stopped"));
    const take = (stream) => (turn === mine ? resolve(stream) : off(stream)); // too late: nobody waits for it
    navigator.mediaDevices.getUserMedia(constraints).then(take, reject);
  });
}

async function watch(mine, name, before, slow) {
  const since = Date.now();
  let granted = before === "granted" ? since : undefined;
  while (turn === mine && !mine.stream) {
    await wait(SECOND);
    const [state, now] = [await permission(name), Date.now()];
    granted = state === "granted" ? (granted ?? now) : undefined;
    const thought = pending({ state, waited: now - since, granted: granted && now - granted });
    if (turn !== mine || mine.stream) return;
    if (thought === "slow") slow();
    else if (thought) mine.fail(new Refused(thought));
  }
}

function begin(mine, stream) {
  mine.stream = stream;
  mine.fail = undefined;
  for (const track of stream.getTracks()) track.addEventListener("ended", () => turn === mine && leave("lost"));
  if (document.visibilityState === "hidden") throw new Refused("hidden");
  return stream;
}

function able() {
  if (!isSecureContext) throw new Refused("insecure");
  if (!navigator.mediaDevices?.getUserMedia) throw new Refused("without");
}

/**
 * Ask for it and resolve to the stream; or fail with an error whose `why` is one of refusal.js, insecure, hidden, or
 * stopped (by `end`). `slow` is called while the answer takes long, `gone` with hidden or lost when it went off by itself.
 */
export async function ask(constraints, { slow, gone }) {
  end();
  able();
  const mine = (turn = { gone });
  const name = constraints.video ? "camera" : "microphone";
  const before = await permission(name);
  try {
    await quiet(mine);
    watch(mine, name, before, slow);
    return begin(mine, await answer(constraints, mine));
  } catch (error) {
    if (turn === mine) end();
    if (error.why) throw error;
    throw new Refused(reason({ name: error.name, message: error.message, before, after: await permission(name) }));
  }
}

addEventListener("pagehide", end);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && turn?.stream) leave("hidden");
});
