// The list of a session and the checks that this phone has passed lately: an item that nobody has touched yet is ticked,
// and says when it was passed. Whoever takes that back, here or on another phone, has it stay so.
import { session } from "./copies.js";
import { add } from "./log.js";
import { flush } from "./moments.js";
import { kept } from "./passes.js";
import { fill } from "./slots.js";
import { listen } from "./store.js";
import { full, number } from "./times.js";

const page = document.querySelector("[data-ticks]");
const seen = page.dataset.clock.split(",").map(Number);
let last;

// Made when the check was passed: whatever a person did since, on a phone that was not heard of yet, wins over it.
function tick({ client, id }, item, at) {
  return add({ session: id, client, item, state: "done", seen, made: at });
}

// The name of the day alone, unless it is that of today as well.
function day(at, zone, ago) {
  if (ago > 6) return full(at, Date.now(), zone);
  return new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: zone, weekday: "long" }).format(at);
}

function words(at, zone) {
  const ago = number(Date.now(), zone) - number(at, zone);
  return { today: ago === 0, yesterday: ago === 1, earlier: ago > 1, day: day(at, zone, ago) };
}

function say(item, at, zone) {
  item.querySelector(".result")?.remove();
  const tool = item.querySelector('.chip[href^="/tools/"]')?.getAttribute("href");
  if (!at || !tool) return;
  item.querySelector(".more").before(fill(document.getElementById("passed"), { ...words(at, zone), tool }));
}

async function look() {
  const { copy, states } = await session(page.dataset.session, seen);
  if (!copy || !states) return;
  const passes = await kept(copy);
  const passed = copy.lines.filter(({ key, tool }) => passes[tool] && document.getElementById(key));
  const untouched = passed.filter(({ key }) => !states[key]);
  for (const { key, tool } of untouched) await tick(copy, key, passes[tool]);
  for (const item of page.querySelectorAll(".item:has(.result)")) say(item);
  for (const { key, tool } of passed) {
    if ((states[key] ?? "done") === "done") say(document.getElementById(key), passes[tool], copy.zone);
  }
  if (untouched.length) flush();
}

/** Look now, and after each change; one at a time, or an item would be ticked twice. */
export function begin() {
  if (last) return;
  last = look();
  listen((word) => word !== "forgotten" && (last = last.then(look, look)));
}
