// Keeps "in 42 minutes" true while the page stays open, and opens the way in when its time has come.
import { left } from "./times.js";

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

// Where the phone's clock shows another time than the page, the page says which place its times are for.
function place() {
  const mark = document.querySelector("time[data-zone]");
  const note = document.querySelector("[data-elsewhere]");
  if (!mark || !note) return;
  const at = new Date(mark.dateTime);
  note.hidden = [at.getHours(), at.getMinutes()].map((part) => String(part).padStart(2, "0")).join(":") === note.dataset.elsewhere;
}

function openAll() {
  for (const button of document.querySelectorAll("[data-opens]")) open(button, Date.now());
}

function begun() {
  for (const mark of document.querySelectorAll("time[data-begun]")) if (Date.parse(mark.dateTime) <= Date.now()) count(mark, Date.now());
}

function look() {
  for (const mark of document.querySelectorAll("time[data-begun]")) count(mark, Date.now());
  openAll();
}

function minutely() {
  setTimeout(() => {
    look();
    minutely();
  }, MINUTE - (Date.now() % MINUTE) + 50);
}

// The page comes with the right words, and to make a format for new ones (Intl) takes a slow phone so long that a
// tap would have to wait: the first is made with the next minute. A phone that slept wakes its timers late, so coming
// back to the page looks again.
begun();
openAll();
place();
minutely();
document.addEventListener("visibilitychange", look);
