// Keeps a locked app covered until its PIN was typed, and covers it again when it was out of sight for a minute.
import { leave } from "./forget.js";
import { attempt, locked, uncover, unlock } from "./pin.js";
import { listen } from "./store.js";
import { sync } from "./sync.js";

const MINUTE = 60_000;
const dialog = document.querySelector("[data-lock]");
const form = dialog.querySelector("form");
const said = dialog.querySelector("[role=alert]");
let opened;

// The dialog's own ways to close (Escape, a back gesture) mean nothing here: only this takes the cover away.
function open() {
  sessionStorage.setItem("settle-open", "1");
  delete document.body.dataset.locked;
  dialog.close();
  opened?.();
}

function cover() {
  if (document.body.dataset.locked !== undefined && !dialog.open) dialog.showModal();
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

// Who forgot the PIN can only start anew: what can be sent is sent, and all else on this phone goes once it is signed out.
async function forgot(event) {
  event.preventDefault();
  await sync().catch(() => {});
  if (!(await leave(event.target).catch(() => false))) said.textContent = said.dataset.failed;
}

function turned() {
  if (document.visibilityState === "hidden") return sessionStorage.setItem("settle-left", Date.now());
  if (!away()) return;
  sessionStorage.removeItem("settle-open");
  location.reload();
}

// The phone is somebody else's by now, or nobody's: the server says what may be seen.
async function look() {
  if (await locked()) return;
  uncover();
  location.reload();
}

async function ask() {
  document.body.dataset.locked = "";
  dialog.addEventListener("cancel", (event) => event.preventDefault());
  dialog.addEventListener("close", cover);
  form.addEventListener("submit", tried);
  dialog.querySelector("[data-forgot]")?.addEventListener("submit", forgot);
  listen(look);
  cover();
  await new Promise((resolve) => (opened = resolve));
}

/** Resolves once the page may be seen. */
export async function uncovered() {
  document.addEventListener("visibilitychange", turned);
  if (!(await locked())) await unlock(); // the store was cleared, and the cookie was not
  else if (!sessionStorage.getItem("settle-open") || away()) return ask();
  open();
}

if (document.body.dataset.locked !== undefined) uncovered();
