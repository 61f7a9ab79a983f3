// The number on the app's icon: what is still open for the next session, while that is ahead. It says nothing else (R3).
import { sessions } from "./copies.js";

// The first page shows the next session; on the page of another one its list counts for nothing here.
async function isNext(id) {
  if (location.pathname === "/") return true;
  const next = (await sessions()).find((row) => !row.cancelled && Date.parse(row.ends_at) > Date.now());
  return Boolean(id) && next?.id === id;
}

function count(list) {
  const starts = Date.parse(document.querySelector("time[data-begun]")?.dateTime);
  return list && starts > Date.now() ? list.querySelectorAll('.item[data-state="open"]').length : 0;
}

async function show() {
  const list = document.querySelector("[data-ticks]");
  try {
    if (!(await isNext(list?.dataset.session))) return;
    const open = count(list);
    await (open ? navigator.setAppBadge(open) : navigator.clearAppBadge());
  } catch (error) {
    console.warn("No number on the icon:", error.name); // a phone may want to be asked first
  }
}

/** Show it now, after each count of the page, and when the app is left or comes back. */
export function begin() {
  if (!navigator.setAppBadge || !navigator.clearAppBadge) return;
  document.addEventListener("tally", show);
  document.addEventListener("visibilitychange", show);
  show();
}
