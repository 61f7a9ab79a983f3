// Checks that were passed on this phone: when, and on what kind of network where the browser tells. Kept in its store only.
import { fact, write } from "./store.js";

const DAY = 24 * 3600_000;
const LONG = 7 * DAY; // on the same kind of network
const SHORT = DAY; // where nobody knows

function network() {
  const type = navigator.connection?.type;
  return ["unknown", "none"].includes(type) ? undefined : type;
}

function good({ at, network: then }, now, here) {
  const age = now - at;
  if (then && here && then !== here) return false;
  return age >= 0 && age < (then && here ? LONG : SHORT);
}

/** Keep that the check of this tool (Item.tool) was passed now. */
export function keep(tool) {
  const pass = { at: Date.now(), network: network() };
  return write(async ({ facts }) => facts.put({ ...(await facts.get("passes")), [tool]: pass }, "passes"));
}

/** When each check was passed, {tool: milliseconds}, as far as that still counts. */
export async function kept() {
  const passes = Object.entries((await fact("passes")) ?? {});
  const here = network();
  return Object.fromEntries(passes.filter(([, pass]) => good(pass, Date.now(), here)).map(([tool, { at }]) => [tool, at]));
}
