// A message that asks the others at home for the room, with the times of the session. It names nothing, can be changed,
// and goes out by the person's own hand alone.
import { copy, share, sheet } from "./share.js";
import { listen } from "./store.js";
import { clock, full, number, wall } from "./times.js";
import { done, wanted } from "./tool-tick.js";
import { begin, find, session, word } from "./tool.js";

const field = document.getElementById("message");
const chips = [...document.querySelectorAll("[data-message]")];
const changed = {}; // {variant: what the person made of it}
let times = word("soon");
let chosen = "room";

// A plain space: the other one makes a text message twice as dear.
const said = (at, zone) => clock(at, zone).replace("\u00a0", " ");

function spoken({ starts_at, ends_at, zone }) {
  const [from, until, now] = [Date.parse(starts_at), Date.parse(ends_at), Date.now()];
  if (from <= now) return word("until", { until: said(until, zone) });
  const days = number(from, zone) - number(now, zone);
  const name = ["today", "tomorrow"][days] ?? "later";
  return word(name, { day: full(from, now, zone), from: said(from, zone), until: said(until, zone) });
}

function show(variant) {
  chosen = variant;
  for (const chip of chips) chip.setAttribute("aria-pressed", chip.dataset.message === variant);
  field.value = changed[variant] ?? word(variant, { when: times });
}

// Where somebody is far from home, the times are not those of the clock beside them.
function elsewhere({ starts_at, zone, place }) {
  const at = Date.parse(starts_at);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  find("elsewhere").hidden = wall(at, zone) === wall(at, here);
  find("elsewhere").textContent = word("elsewhere", { place });
}

async function look() {
  const found = await session();
  if (found) times = spoken(found);
  if (found) elsewhere(found);
  show(chosen);
}

function tell(outcome) {
  find("outcome").textContent = ["copied", "selected"].includes(outcome) ? word(outcome) : "";
  if (["shared", "copied"].includes(outcome)) done();
  find("by-hand").hidden = outcome !== "selected";
}

for (const chip of chips) chip.addEventListener("click", () => show(chip.dataset.message));
field.addEventListener("input", () => (changed[chosen] = field.value));
find("share").addEventListener("click", async () => tell(await share(field)));
find("copy").addEventListener("click", async () => tell(await copy(field)));
find("copied").addEventListener("click", () => tell("shared"));
if (!sheet()) {
  find("share").remove();
  find("copy").classList.remove("quiet");
}
listen((news) => news !== "forgotten" && look());
begin().then(look).then(wanted).then(look);
