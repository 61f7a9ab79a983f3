// Keeps "in 42 minutes" true while the page stays open, and opens the way in when its time has come.
import { clock, left } from "./times.js";

const MINUTE = 60_000;

function count(mark, now) {
  const at = Date.parse(mark.dateTime);
  const text = at > now ? left(at, now, mark.dataset.zone) : mark.dataset.begun;
  if (mark.textContent !== text) mark.textContent = text;
}

function open(button, now) {
  if (Date.parse(button.dataset.opens) > now || !button.dataset.link.startsWith("https:")) return;
  button.href = button.dataset.link;
  button.textContent = button.dataset.open;
  for (const name of ["role", "aria-disabled", "data-opens"]) button.removeAttribute(name);
}

// Where the phone is somewhere else than the times are for, the page says which place they are for.
function place() {
  const mark = document.querySelector("time[data-zone]");
  const note = document.querySelector("[data-elsewhere]");
  if (mark && note) note.hidden = clock(Date.parse(mark.dateTime), mark.dataset.zone) === clock(Date.parse(mark.dateTime));
}

// A phone that slept wakes its timers late, so coming back to the page looks again.
function look() {
  for (const mark of document.querySelectorAll("time[data-begun]")) count(mark, Date.now());
  for (const button of document.querySelectorAll("[data-opens]")) open(button, Date.now());
}

function minutely() {
  look();
  setTimeout(minutely, MINUTE - (Date.now() % MINUTE) + 50);
}

place();
minutely();
document.addEventListener("visibilitychange", look);
