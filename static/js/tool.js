// The page of a tool: which session it is for, the way back to its list, its stages, and what it says.
// A page names its stages: what carries data-on="running paused" is there in these stages only. The words of a module
// stand in the page's template "words", each as data-word="name", so that they are translated.
import { sessions } from "./copies.js";
import { listen } from "./store.js";
import { ended } from "./words.js";

const ID = /^#([0-9a-f]{8}-[0-9a-f-]{27})$/;
const asked = ID.exec(location.hash)?.[1];
const part = document.querySelector(".stage");

/** Item.tool of this page. */
export const key = part.dataset.tool;

/** An element of the page by the name of its data attribute: find("start") is [data-start]. */
export const find = (name) => document.querySelector(`[data-${name}]`);

/** Words of the page's template by their name, with the values in their slots. */
export function word(name, values = {}) {
  const text = document.getElementById("words").content.querySelector(`[data-word="${name}"]`).textContent;
  return text.replace(/\{(\w+)\}/g, (slot, value) => values[value] ?? slot);
}

/** Say it to who listens and does not look: progress, a verdict. */
export function aloud(text) {
  find("aloud").textContent = text;
}

function focusOn(stage) {
  const next = [...part.querySelectorAll("[data-focus]")].find((each) => on(each, stage));
  (next ?? part.querySelector(`[data-on~="${stage}"] :is(a, button)`))?.focus();
}

function on(element, stage) {
  return element.dataset.on.split(" ").includes(stage);
}

/** Come to a stage. If what had the focus is gone by that, the focus goes to [data-focus] of the new stage. */
export function stage(name) {
  const held = document.activeElement;
  part.dataset.stage = name;
  for (const each of part.querySelectorAll("[data-on]")) each.hidden = !on(each, name);
  if (part.contains(held) && held.closest("[hidden]")) focusOn(name);
}

/** The stage that the page is in. */
export const current = () => part.dataset.stage;

/** Call `stop` when the person presses Stop, or leaves: nothing of the tool goes on after that. */
export function stopping(stop) {
  find("stop")?.addEventListener("click", stop);
  addEventListener("pagehide", stop);
}

async function ahead() {
  const now = Date.now();
  return (await sessions()).filter((session) => !session.cancelled && !ended(session, now));
}

/** The session that the page is for, as this phone knows it: the one in its address, else the next; or undefined. */
export async function session() {
  const rows = await ahead().catch(() => []);
  return asked ? rows.find(({ id }) => id === asked) : rows[0];
}

// The list where the item stands: the first page shows that of the next session. Another tool is for the same session.
async function leadBack() {
  const [[next], found] = [await ahead().catch(() => []), await session()];
  const line = found?.lines.find(({ tool }) => tool === key);
  const page = !found || found.id === next.id ? "/" : `/sessions/${found.id}/`;
  for (const link of document.querySelectorAll("[data-back]")) link.href = line ? `${page}#${line.key}` : page;
  for (const link of document.querySelectorAll("[data-along]")) if (found) link.hash = found.id;
}

async function uncovered() {
  if (!document.cookie.includes("settle_lock=1")) return;
  document.body.dataset.locked = "";
  await (await import("./cover.js")).uncovered();
}

/** Bring up the page; resolves once it may be seen and its links lead to the right list. */
export async function begin() {
  await uncovered();
  part.hidden = false;
  addEventListener("hashchange", () => ID.test(location.hash) && location.reload()); // another session's
  listen((news) => news !== "forgotten" && leadBack());
  await leadBack();
}
