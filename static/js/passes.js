// Checks that were passed on this phone: when, whose, for what way of meeting, and on what kind of network where the browser
// tells. Kept in its store only.
import { fact, write } from "./store.js";

const DAY = 24 * 3600_000;
const LONG = 7 * DAY; // on the same kind of network
const SHORT = DAY; // where nobody knows
const ASKS = ["text", "voice", "video"]; // each more of a line than the one before
const ANYBODY = "";

function network() {
  const type = navigator.connection?.type;
  return ["unknown", "none"].includes(type) ? undefined : type;
}

function good({ at, network: then }, now, here) {
  const age = now - at;
  if (then && here && then !== here) return false;
  return age >= 0 && age < (then && here ? LONG : SHORT);
}

// What was found good enough for a call is not said to be so for a picture (R22).
function enough({ way: then }, way) {
  return !then || !way || ASKS.indexOf(way) <= ASKS.indexOf(then);
}

function change(client, work) {
  return write(async ({ facts }) => {
    const passes = (await facts.get("passes")) ?? {};
    await facts.put({ ...passes, [client]: work(passes[client] ?? {}) }, "passes");
  });
}

/** Keep that the check of this tool (Item.tool) was passed now, by a client; `way` is what the line is good enough for. */
export function keep(tool, { client = ANYBODY, way } = {}) {
  return change(client, (own) => ({ ...own, [tool]: { at: Date.now(), network: network(), way } }));
}

/** Forget it: a later check came out worse. */
export function drop(tool, { client = ANYBODY } = {}) {
  return change(client, ({ [tool]: _gone, ...rest }) => rest);
}

/** When a client's checks were passed, {tool: milliseconds}, as far as that still counts for a way of meeting. */
export async function kept({ client, way } = {}) {
  const passes = (await fact("passes")) ?? {};
  const own = client ? [passes[ANYBODY], passes[client]] : Object.values(passes);
  const here = network();
  const counts = ([, pass]) => good(pass, Date.now(), here) && enough(pass, way);
  return Object.fromEntries(own.flatMap((some) => Object.entries(some ?? {})).filter(counts).map(([tool, { at }]) => [tool, at]));
}
