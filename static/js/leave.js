// Before this phone is signed out or changes hands: send what waits, ask when something can't be sent, then forget it all.
// Nothing is forgotten before the person agreed, or when signing out did not work.
import { forget } from "./forget.js";
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
  const { waiting, parked } = await log();
  return waiting.length + parked.length;
}

async function post() {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  if (answer.type !== "opaqueredirect") throw new Error("not signed out");
}

async function leave(button) {
  const count = sure ? 0 : await unsent().catch(() => 0);
  if (count) return question(count);
  if (form.dataset.leaving === "if other") {
    await forget();
    sure = true;
    return form.requestSubmit(button);
  }
  await post();
  await forget();
  location.assign("/");
}

form?.addEventListener("submit", (event) => {
  if (!window.indexedDB || stays() || (sure && form.dataset.leaving)) return;
  event.preventDefault();
  leave(event.submitter).catch(() => (failed.hidden = false));
});
ask?.querySelector("button").addEventListener("click", () => {
  sure = true;
  leave().catch(() => (failed.hidden = false));
});
