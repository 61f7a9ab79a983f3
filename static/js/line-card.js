// The card that says what came of the check of the line: the verdict, what to try, and the figures.
import { advice } from "./advice.js";
import { listed, milliseconds, percent, speed } from "./amounts.js";
import { find, word } from "./tool.js";

const UNITS = { rtt: milliseconds, jitter: milliseconds, loss: percent, down: speed, up: speed };
const card = find("card");

// The first of these words that the page has: those for the way of meeting come before those for any.
function first(...names) {
  const words = document.getElementById("words").content;
  return word(names.find((name) => words.querySelector(`[data-word="${name}"]`)));
}

function sentence({ verdict, worst }, way) {
  const why = worst[0] ?? (verdict === "fair" ? "missing" : "all");
  return first(`${verdict}-${why}-${way}`, `${verdict}-${why}`, verdict);
}

function list(steps) {
  const rows = steps.map((step) => Object.assign(document.createElement("li"), { textContent: word(`try-${step}`) }));
  find("steps").replaceChildren(...rows);
  find("steps").hidden = find("try").hidden = !steps.length;
}

function put(name, figures) {
  const known = figures[name] !== null && figures[name] !== undefined;
  const text = name === "late" ? word("late-of", figures) : UNITS[name]?.(figures[name]);
  card.querySelector(`[data-figure="${name}"]`).textContent = known ? text : word("unknown");
}

function amounts(figures) {
  for (const name of ["rtt", "jitter", "late", "down", "up", "loss"]) put(name, figures);
}

// Loss is not measured by a page alone (R23); whatever else is missing stands beside it.
function lacking(names) {
  const part = find("missing");
  part.hidden = !names.length;
  if (names.join() === "loss") part.textContent = word("missing-loss");
  else part.textContent = word("missing", { names: listed(names.map((name) => word(`name-${name}`))) });
}

function show(tone, title, text, steps) {
  card.dataset.tone = tone;
  find("title").textContent = title;
  find("sentence").textContent = text;
  list(steps);
  return `${title}. ${text}`;
}

/** Show a verdict of verdict.js for a way of meeting with its figures; returns what to say aloud. */
export function judged(found, figures, way) {
  lacking([...found.missing, ...(figures.loss === null ? ["loss"] : [])]);
  if (found.verdict === "no_answer") find("missing").hidden = true;
  find("figures").hidden = found.verdict === "no_answer";
  amounts(figures);
  const title = first(`title-${found.verdict}-${way}`, `title-${found.verdict}`);
  return show(found.verdict, title, sentence(found, way), advice(found, navigator.connection?.type));
}

/** Show why there is no verdict: offline, unreachable, captive, down or often. Returns what to say aloud. */
export function unjudged({ refused, wait }) {
  find("missing").hidden = find("figures").hidden = true;
  const steps = { offline: ["plane", "network", "call"], unreachable: ["login", "network", "vpn"], captive: ["login", "to-mobile"] };
  const minutes = Math.ceil((wait ?? 0) / 60);
  const text = word(refused === "often" && minutes < 2 ? "often-soon" : refused, { minutes });
  return show("no_answer", word(`title-${refused}`), text, steps[refused] ?? []);
}
