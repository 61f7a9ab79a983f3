// A tick shows at once and is sent at once. When it can't be sent it goes back, and the page says that it is not saved.
import { send } from "./send.js";
import { show, tally } from "./tally.js";

const page = document.querySelector("[data-ticks]");
const trouble = page.querySelector("[data-trouble]");
const items = [...page.querySelectorAll(".item")];
const kept = new Map(items.map((item) => [item, item.dataset.state]));
const waiting = new Map();

function complain(item, why) {
  for (const words of trouble.querySelectorAll("[data-for]")) words.hidden = words.dataset.for !== why;
  item.querySelector("form").append(trouble);
  trouble.hidden = false;
}

// What is on its way shows as it was tapped; everything else shows as the server has it.
function settle(known = {}) {
  for (const item of items) {
    kept.set(item, known[item.id] ?? kept.get(item));
    if (!waiting.get(item)) show(item, kept.get(item));
  }
  tally();
}

async function change(item, state) {
  waiting.set(item, (waiting.get(item) ?? 0) + 1);
  trouble.hidden = true;
  show(item, state);
  tally();
  const { taken, items: known, status } = await send(item.id, state).catch((error) => ({ status: error.status ?? 0 }));
  waiting.set(item, waiting.get(item) - 1);
  if (status === 401) return location.reload();
  settle(taken ? { [item.id]: state, ...known } : {});
  if (!taken) complain(item, taken === false ? "refused" : "network");
}

page.addEventListener("submit", (event) => {
  if (!event.submitter?.value || !crypto.randomUUID) return;
  event.preventDefault();
  change(event.target.closest(".item"), event.submitter.value);
});
