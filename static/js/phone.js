// What every page of a client does once it has come up: say what waits, send it, keep the ticks on the page true.
import * as moments from "./moments.js";
import * as saved from "./saved.js";
import * as store from "./store.js";
import * as update from "./update.js";

// The app's address on an iPhone's home screen keeps its pass for ever. Where somebody is in, it means nothing.
function takePassOut() {
  if (location.hash.startsWith("#pass=")) history.replaceState(history.state, "", location.pathname + location.search);
}

async function onHomeScreen() {
  const [badge, lasting] = await Promise.all([import("./badge.js"), import("./lasting.js")]);
  badge.begin();
  if (document.body.dataset.clients) lasting.begin();
}

/** Begin all of it. Nothing here is needed to read the page. */
export async function begin() {
  takePassOut();
  if (!document.body.dataset.clients && !document.getElementById("saved")) return leftBehind();
  if (!(await keeps())) return;
  saved.begin();
  update.begin();
  moments.begin();
  clearNotes();
  document.addEventListener("visibilitychange", clearNotes);
  if (window.Notification?.permission === "granted") notified();
  store.listen(coverUp);
  if (document.querySelector("[data-ticks]")) (await import("./ticks.js")).begin();
  if (matchMedia("(display-mode: standalone)").matches) onHomeScreen();
}

async function notified() {
  const [hush, taking] = await Promise.all([import("./hush.js"), import("./taking.js")]);
  hush.begin();
  taking.again().catch((error) => console.warn("Not told again where notifications go:", error.name));
}

// A note goes once its session is over: with the next opening of the app, whatever page that is.
async function clearNotes() {
  if (await store.fact("notes").catch(() => false)) (await import("./notes.js")).clear();
}

// A PIN was set in another page: this one comes back covered.
function coverUp(word) {
  if (word === "locked" && !sessionStorage.getItem("settle-open")) location.reload();
}

// Some browsers refuse their store in a private window; each tick goes out as a plain form there (ticks.js).
async function keeps() {
  try {
    return await store.open();
  } catch (error) {
    console.warn("Nothing can be kept on this phone:", error.name);
    return false;
  }
}

// Nobody's phone, as the server sees it. If somebody's copies are still here, asking once is told so, and forgets them.
async function leftBehind() {
  const names = (await indexedDB.databases?.())?.map(({ name }) => name) ?? [];
  if (names.includes("settle")) await moments.flush({ news: true });
}
