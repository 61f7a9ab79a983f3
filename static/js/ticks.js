// A tick shows at once, is kept in the phone's log, and is sent from there. What keeps and sends is loaded when it is
// first needed; where it can't be had, or nothing can be kept, the tick goes to the server as a plain form.
import { show, tally } from "./tally.js";

const page = document.querySelector("[data-ticks]");
const items = [...page.querySelectorAll(".item")];
const seen = page.dataset.clock.split(",").map(Number);
const able = window.indexedDB && crypto.randomUUID && window.BroadcastChannel;
let plain = false;

function mark(item, word) {
  const words = item.querySelector(".kept") ?? Object.assign(document.createElement("p"), { className: "kept" });
  words.textContent = page.dataset[word];
  words.dataset.kept = word;
  item.querySelector(".tick").after(words);
}

// Whether the desk changed the session since this page was made: another time, another way, other items.
function changed({ sequence, lines }) {
  const keys = lines.map(({ key }) => key);
  return sequence > Number(page.dataset.sequence) || keys.length !== items.length || items.some(({ id }) => !keys.includes(id));
}

async function paint(copies) {
  const { copy, states, own } = await copies.session(page.dataset.session, seen);
  if (copy && changed(copy)) return location.reload();
  const unsent = new Map(own.map((operation) => [operation.item, operation.state]));
  for (const item of items) {
    const state = states ? states[item.id] ?? "open" : unsent.get(item.id);
    if (state && state !== item.dataset.state) show(item, state);
    if (unsent.has(item.id)) mark(item, "saved");
    else if (item.querySelector("[data-kept=saved]")) mark(item, "sent");
  }
  tally();
}

let watched;
async function watch() {
  watched ??= Promise.all([import("./log.js"), import("./copies.js"), import("./moments.js"), import("./store.js")]).then(([log, copies, moments, store]) => {
    store.listen(() => paint(copies));
    return { log, copies, moments };
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
  const { log, copies } = await watch();
  await log.notice(seen);
  await paint(copies);
}
