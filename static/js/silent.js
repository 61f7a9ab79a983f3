// Do not disturb: the steps for the phone at hand come first, those for others after a tap.
import { fact } from "./store.js";
import { done, wanted } from "./tool-tick.js";
import { begin, find } from "./tool.js";
import { fill } from "./slots.js";

const all = [...document.querySelectorAll("[data-phone]")];
const others = find("others");

// An iPad says that it is a Mac, but one that is touched.
function kind({ userAgent: told, maxTouchPoints: fingers } = navigator) {
  if (/iPhone|iPad|iPod/.test(told) || (/Macintosh/.test(told) && fingers > 1)) return "iphone";
  if (/Android/.test(told)) return /SamsungBrowser|SAMSUNG|SM-[A-Z]/.test(told) ? "samsung" : "android";
  if (/Windows/.test(told)) return "windows";
  return /Macintosh/.test(told) ? "mac" : "other";
}

function show() {
  const own = all.find(({ dataset }) => dataset.phone === kind());
  own.parentElement.prepend(own);
  for (const part of all) {
    part.open = part === own;
    part.hidden = part !== own;
  }
  others.hidden = false;
}

function more() {
  for (const part of all) part.hidden = false;
  others.hidden = true;
  (all.find((part) => !part.open) ?? all[0]).querySelector("summary").focus();
}

async function numbers() {
  const { practices = [] } = (await fact("help").catch(() => undefined)) ?? {};
  const rows = practices.filter(({ call }) => call);
  find("numbers").hidden = !rows.length;
  find("numbers").querySelector("ul").replaceChildren(...rows.map((row) => fill(document.getElementById("number"), row)));
}

async function calendar() {
  const found = await wanted();
  if (found) find("calendar").href = `/sessions/${found.id}/calendar.ics`;
  find("dates").hidden = !found;
}

others.addEventListener("click", more);
find("turned").addEventListener("click", done);
show();
begin().then(() => Promise.all([numbers(), calendar()]));
