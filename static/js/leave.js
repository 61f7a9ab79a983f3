// Before this phone is signed out or changes hands: send what waits, ask when something can't be sent. Nothing is forgotten
// before the person and the server agreed.
import * as forget from "./forget.js";
import { log } from "./log.js";
import { sync } from "./sync.js";

const form = document.querySelector("[data-leaving]");
const ask = document.querySelector("[data-ask]");
const failed = document.querySelector("[data-failed]");
let sure = false;

function stays() {
  const person = new FormData(form).get("person");
  return form.dataset.leaving === "if other" && person !== "other";
}

function question(unsent) {
  const one = new Intl.PluralRules(document.documentElement.lang).select(unsent) === "one";
  ask.querySelector("p").textContent = (one ? ask.dataset.one : ask.dataset.many).replace("{count}", unsent);
  ask.hidden = false;
  ask.querySelector("button").focus();
}

async function unsent() {
  await sync().catch(() => {});
  const { waiting, parked, foreign } = await log();
  return waiting.length + parked.length + foreign.length;
}

// An invitation that lets nobody in is sent once more by the browser itself, for the page that says why.
async function leave(button) {
  const count = sure ? 0 : await unsent().catch(() => 0);
  if (count) return question(count);
  if (await forget.leave(form)) return;
  if (form.dataset.leaving !== "if other") throw new Error("not signed out");
  form.removeEventListener("submit", submitted);
  form.requestSubmit(button);
}

function submitted(event) {
  if (!window.indexedDB || event.submitter?.name || stays()) return;
  event.preventDefault();
  leave(event.submitter).catch(() => (failed.hidden = false));
}

form?.addEventListener("submit", submitted);
ask?.querySelector("button").addEventListener("click", () => {
  sure = true;
  leave().catch(() => (failed.hidden = false));
});
