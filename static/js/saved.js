// Says what is on this phone and not sent yet, what was not taken, and why nothing can be sent.
import { sessions } from "./copies.js";
import { drop, log, unpark } from "./log.js";
import { fact, listen, write } from "./store.js";
import { fill } from "./slots.js";
import { flush } from "./moments.js";

const pill = document.querySelector("[data-unsent]");
let panel;

async function paint() {
  const { waiting, parked, foreign } = await log();
  count(waiting.length);
  const out = (await fact("out")) ?? ((await fact("erased")) ? "erased" : foreign.length ? "another" : "");
  if (out === "out" && showsSomebody()) return location.reload();
  for (const words of document.querySelectorAll("[data-out], [data-waits]")) {
    words.hidden = (words.dataset.out ?? out) !== out || ("waits" in words.dataset && !waiting.length);
  }
  await list(parked);
}

// A phone that is shut out shows nothing of its person any more: the server's answer takes the page's place.
function showsSomebody() {
  return document.body.dataset.clients || document.querySelector(".hero, [data-ticks], [data-list]");
}

function count(unsent) {
  const one = new Intl.PluralRules(document.documentElement.lang).select(unsent) === "one";
  pill.textContent = unsent ? (one ? pill.dataset.one : pill.dataset.many).replace("{count}", unsent) : "";
  pill.hidden = !unsent;
}

async function list(parked) {
  const titles = new Map((await sessions()).flatMap((session) => session.lines.map(({ key, title }) => [key, title])));
  const rows = parked.map((operation) => row(operation, titles.get(operation.item) ?? operation.item));
  panel.querySelector("ul").replaceChildren(...rows);
  panel.hidden = !rows.length;
}

function row(operation, title) {
  const words = { "unknown session": "session", "unknown item": "item", "too many ticks": "full" }[operation.refused] ?? "other";
  const part = fill(panel.querySelector("template"), { title, why: panel.dataset[words], again: words === "other" });
  part.querySelector("[data-drop]").addEventListener("click", () => drop([operation]));
  part.querySelector("[data-again]")?.addEventListener("click", () => unpark(operation).then(() => flush()));
  return part;
}

async function forget() {
  await drop((await log()).foreign);
}

const read = () => write(({ facts }) => facts.delete("erased"));

/** Show it now and after each change. */
export function begin() {
  const parts = document.getElementById("saved");
  if (!pill || !parts) return;
  document.getElementById("main").prepend(fill(parts, {}));
  panel = document.querySelector("[data-parked]");
  document.querySelector("[data-forget]")?.addEventListener("click", forget);
  document.querySelector("[data-read]")?.addEventListener("click", read);
  listen(paint);
  paint();
}
