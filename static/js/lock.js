// The page on which the app lock is set and taken away.
import { attempt, lock, locked, unlock } from "./pin.js";

const form = document.querySelector("[data-pin]");
const off = document.querySelector("[data-unlock]");
const said = document.querySelector("[data-said]");

async function paint(word, wait = 0) {
  const on = await locked();
  form.hidden = on;
  off.hidden = !on;
  for (const words of said.querySelectorAll("[data-for]")) words.hidden = words.dataset.for !== word;
  const waits = said.querySelector("[data-words]");
  waits.textContent = waits.dataset.words.replace("{count}", Math.ceil(wait / 1000));
}

async function set(event) {
  event.preventDefault();
  const [pin, again] = [form.elements.pin.value, form.elements.again.value];
  if (!/^\d{4,8}$/.test(pin)) return paint("short");
  if (pin !== again) return paint("differ");
  sessionStorage.setItem("settle-open", "1"); // here; other open pages ask for the PIN
  await lock(pin);
  form.reset();
  await paint("on");
}

async function remove(event) {
  event.preventDefault();
  const { right, wait } = await attempt(off.elements.pin.value);
  off.reset();
  if (right) await unlock();
  await paint(right ? "off" : wait ? "wait" : "wrong", wait);
}

if (window.crypto?.subtle && window.indexedDB) {
  form.addEventListener("submit", set);
  off.addEventListener("submit", remove);
  paint();
}
