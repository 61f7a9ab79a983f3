// Takes notifications on this phone once the person has tapped, and gives them up again. Says how things stand, and what
// can be done where the browser does not allow them.
import { keyOf, taken, tell } from "./taking.js";

const PATIENCE = 8000; // milliseconds for a worker that is just being installed
const LONGEST = 30000; // milliseconds for the browser to reach its service
const part = document.querySelector("[data-notify]");
const able = () => navigator.serviceWorker && window.PushManager && window.Notification;
let busy = false;

// `words` are those that are true now: ask, busy, on, denied, unsupported, failed, unusable.
function paint(words) {
  const all = words.split(" ");
  for (const each of part.querySelectorAll("[data-for]")) each.hidden = !each.dataset.for.split(" ").some((word) => all.includes(word));
}

// One that was made with another key can't be used by us.
function isOurs(subscription) {
  return ["", part.dataset.key].includes(keyOf(subscription));
}

async function state() {
  if (!able()) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  const subscription = await taken();
  return subscription && isOurs(subscription) ? "on" : "ask";
}

function within(time, work) {
  return Promise.race([work, new Promise((_resolve, reject) => setTimeout(reject, time, new Error("too long")))]);
}

async function subscribe() {
  const { pushManager } = await within(PATIENCE, navigator.serviceWorker.ready);
  const before = await pushManager.getSubscription();
  if (before && !isOurs(before)) await before.unsubscribe();
  return within(LONGEST, pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: part.dataset.key }));
}

// Nothing stands between the tap and the browser's question: some browsers ask only then.
async function take() {
  const permission = await Notification.requestPermission();
  if (permission !== "granted") return permission === "denied" ? "denied" : "ask";
  const subscription = await subscribe();
  try {
    await tell(subscription);
  } catch (error) {
    await subscription.unsubscribe();
    throw error;
  }
  return "on";
}

// The server first: should the rest fail, nothing is sent to this phone all the same.
async function stop() {
  await tell(null);
  await (await taken())?.unsubscribe();
  return "ask";
}

async function failed(error) {
  console.warn("Notifications stay as they are:", error.name);
  return `${await state()} ${error.status === 422 ? "unusable" : "failed"}`;
}

// What was tapped may be gone afterwards; the focus goes to what took its place.
async function act(work) {
  if (busy) return;
  busy = true;
  const done = work();
  paint("busy");
  paint(await done.catch(failed));
  busy = false;
  const next = [...part.querySelectorAll("button")].find((button) => button.getClientRects().length);
  (next ?? part).focus();
}

async function look() {
  if (!busy && document.visibilityState === "visible") paint(await state());
}

if (part) {
  part.querySelector("[data-take]").addEventListener("click", () => act(take));
  part.querySelector("[data-stop]").addEventListener("click", () => act(stop));
  document.addEventListener("visibilitychange", look);
  look();
}
