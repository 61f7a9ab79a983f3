// Keeps a locked app covered until its PIN was typed, and covers it again when it was out of sight for a minute.
import { forget } from "./forget.js";
import { attempt, locked, unlock } from "./pin.js";
import { sync } from "./sync.js";

const MINUTE = 60_000;
const dialog = document.querySelector("[data-lock]");
const form = dialog.querySelector("form");
const said = dialog.querySelector("[role=alert]");

function open() {
  sessionStorage.setItem("settle-open", "1");
  delete document.body.dataset.locked;
  dialog.close();
}

function away() {
  return Date.now() - Number(sessionStorage.getItem("settle-left") ?? Date.now()) > MINUTE;
}

function say(wait) {
  const seconds = Math.ceil(wait / 1000);
  said.textContent = wait ? said.dataset.wait.replace("{count}", seconds) : said.dataset.wrong;
}

async function tried(event) {
  event.preventDefault();
  const pin = form.elements.pin.value;
  form.elements.pin.value = "";
  event.submitter.disabled = true; // one try at a time
  const { right, wait } = await attempt(pin);
  event.submitter.disabled = false;
  if (right) return open();
  say(wait);
  form.elements.pin.focus();
}

// Who forgot the PIN can only start anew: what can be sent is sent, and all else on this phone goes.
async function forgot(event) {
  event.preventDefault();
  await sync().catch(() => {});
  await forget();
  event.target.submit();
}

function turned() {
  if (document.visibilityState === "hidden") return sessionStorage.setItem("settle-left", Date.now());
  if (!away()) return;
  sessionStorage.removeItem("settle-open");
  location.reload();
}

/** Resolves once the page may be seen. */
export async function uncovered() {
  document.addEventListener("visibilitychange", turned);
  if (!(await locked())) await unlock(); // the store was cleared, and the cookie was not
  else if (!sessionStorage.getItem("settle-open") || away()) {
    dialog.showModal();
    dialog.addEventListener("cancel", (event) => event.preventDefault());
    form.addEventListener("submit", tried);
    dialog.querySelector("[data-forgot]")?.addEventListener("submit", forgot);
    await new Promise((resolve) => dialog.addEventListener("close", resolve, { once: true }));
  }
  open();
}

if (document.body.dataset.locked !== undefined) uncovered();
