// A tick shows at once, is kept in the phone's log, and is sent from there. What keeps and sends is loaded when it is
// first needed; where it can't be had, or nothing can be kept, the tick goes to the server as a plain form.
import { show, tally } from "./tally.js";

const page = document.querySelector("[data-ticks]");
const items = [...page.querySelectorAll(".item")];
const seen = page.dataset.clock.split(",").map(Number);
const able = window.indexedDB && crypto.randomUUID && window.BroadcastChannel;
const acknowledged = new Set();
let plain = false;

function mark(item, word, id) {
  const words = item.querySelector(".kept") ?? Object.assign(document.createElement("p"), { className: "kept" });
  words.textContent = page.dataset[word];
  Object.assign(words.dataset, { kept: word, id });
  item.querySelector(".tick").after(words);
}

// What is in the log no more was sent only if the server said so: it may be parked, or deleted (R5).
function unmark(item) {
  const words = item.querySelector("[data-kept=saved]");
  if (!words) return;
  if (acknowledged.has(words.dataset.id)) mark(item, "sent", words.dataset.id);
  else words.remove();
}

// Whether the desk changed the session since this page was made: another time, another way, other items. Only a copy
// that is newer than the page can tell; the page made anew is never older than that copy, so it is made anew once.
function changed({ sequence, lines, client }, cursor) {
  const known = JSON.parse(document.body.dataset.cursor ?? "null");
  if (known && !(cursor?.[client] > known[client])) return false;
  const keys = lines.map(({ key }) => key);
  return sequence > Number(page.dataset.sequence) || keys.length !== items.length || items.some(({ id }) => !keys.includes(id));
}

async function paint(copies) {
  const { copy, states, own, cursor } = await copies.session(page.dataset.session, seen);
  if (copy && changed(copy, cursor)) return location.reload();
  const unsent = new Map(own.map((operation) => [operation.item, operation]));
  for (const item of items) {
    const operation = unsent.get(item.id);
    const state = states ? states[item.id] ?? "open" : operation?.state;
    if (state && state !== item.dataset.state) show(item, state);
    if (operation) mark(item, "saved", operation.id);
    else unmark(item);
  }
  tally();
}

// The first words of a note, where there is one.
async function jotted(store) {
  if (await store.fact("notes")) (await import("./jotted.js")).show();
}

function hear(word, copies, store) {
  for (const id of word.acknowledged ?? []) acknowledged.add(id);
  if (word === "forgotten") return;
  paint(copies);
  jotted(store);
}

let watched;
async function watch() {
  watched ??= Promise.all([import("./log.js"), import("./copies.js"), import("./moments.js"), import("./store.js")]).then(([log, copies, moments, store]) => {
    store.listen((word) => hear(word, copies, store));
    return { log, copies, moments, store };
  });
  watched.catch(() => (watched = undefined));
  return watched;
}

async function change(item, state, button) {
  const before = item.dataset.state;
  const { session, client } = page.dataset;
  show(item, state);
  tally();
  try {
    const { log, moments } = await watch();
    await log.add({ session, client, item: item.id, state, seen });
    moments.flush();
  } catch (error) {
    console.warn("This tick can't be kept on the phone:", error.name);
    show(item, before);
    tally();
    plain = true;
    button.form.requestSubmit(button);
  }
}

page.addEventListener("submit", (event) => {
  if (plain || !able || !event.submitter?.value) return;
  event.preventDefault();
  change(event.target.closest(".item"), event.submitter.value, event.submitter);
});

/** Bring the page up to date with what this phone knows, now and after each change. */
export async function begin() {
  if (!able) return;
  const { log, copies, store } = await watch();
  await log.notice(seen);
  await paint(copies);
  jotted(store);
  (await import("./passed.js")).begin();
}
