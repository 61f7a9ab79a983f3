// What the worker does with notifications: it shows them, says that they arrived and opens what they are about. There is
// no page around it, so nothing that is imported here may need one.
import { sync } from "./sync.js";
import { post, tell } from "./taking.js";

const ARRIVED = "/notifications/arrived/";
const ANSWERED = "/notifications/answered/";
const PATIENCE = 4000; // milliseconds; a browser lets us open a page for a short while after the tap only
const DESK = /^\/desk\//;

/** Show what a push brought; a browser that gets none shown for a push takes the permission away. `neutral` is what to say if it can't be read. */
export async function pushed(event, neutral) {
  const message = { ...neutral, ...read(event) };
  await show(message).catch(() => show(neutral));
  await Promise.allSettled([arrived(message.data, false), sync()]);
}

/**
 * Open what a notification is about, and say that it was opened. A tapped answer is given at once and said in its place;
 * one that can't be given leads to the page that says why, or asks again.
 */
export async function clicked({ notification, action }) {
  const { data } = notification;
  notification.close();
  const chosen = data?.actions?.find((each) => each.action === action);
  const said = chosen && (await answered(data, action).catch(() => undefined));
  const next = said ? show({ ...worded(notification), body: said, silent: true }) : open(ours(chosen?.navigate ?? data?.navigate));
  await Promise.allSettled([next, arrived(data, true)]);
}

/** Take the place of a subscription that the browser has ended or changed. */
export async function renewed({ newSubscription, oldSubscription }) {
  const { pushManager } = self.registration;
  const known = newSubscription ?? (await pushManager.getSubscription());
  const fresh = known ?? (oldSubscription && (await pushManager.subscribe(oldSubscription.options)));
  if (fresh) await tell(fresh);
}

// A browser that knows this kind of message (web_push: 8030) may hand it over read already.
function read(event) {
  try {
    const { notification } = event.data.json();
    return typeof notification.title === "string" && notification.title ? notification : {};
  } catch {
    const { title, body, tag, lang, dir, data, navigate } = event.notification ?? {};
    return title ? { title, body, tag, lang, dir, data, navigate } : {};
  }
}

// A repeat of one that is still there, after a sender was killed, takes its place without a sound.
async function show({ title, body, tag, lang, dir, data, navigate, actions, icon, badge, silent }) {
  const before = tag ? await self.registration.getNotifications({ tag }) : [];
  const same = before.some((shown) => data?.handover && shown.data?.handover === data.handover);
  const buttons = (actions ?? []).map((each) => ({ action: each.action, title: each.title }));
  const kept = { ...data, navigate, actions: actions ?? [] };
  const options = { body, lang, dir: dir ?? "auto", data: kept, actions: buttons, icon, badge, silent: !!silent };
  await self.registration.showNotification(title, tag ? { ...options, tag, renotify: !same && !silent } : options);
}

// Give the answer; resolves to what to say of it, to nothing when the server does not take it.
async function answered({ handover, token }, kind) {
  const slow = new Promise((_resolve, reject) => setTimeout(reject, PATIENCE, new Error("too long")));
  const answer = await Promise.race([post(ANSWERED, { handover, token, kind }), slow]);
  return answer.ok ? (await answer.json()).said : undefined;
}

function worded({ title, tag, lang, dir, icon, badge, data }) {
  return { title, tag, lang, dir, icon, badge, data, navigate: data.navigate };
}

function arrived(data, opened) {
  if (!data?.handover) return undefined;
  return post(ARRIVED, { handover: data.handover, token: data.token, opened });
}

// Whoever wrote the message, it leads nowhere but into the app.
function ours(address) {
  try {
    const found = new URL(address ?? "/", self.location.origin);
    return found.origin === self.location.origin ? found.href : new URL("/", self.location.origin).href;
  } catch {
    return new URL("/", self.location.origin).href;
  }
}

// A window that is open already comes to the front; where a browser does not let us lead it, a new one opens.
async function open(address) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const own = windows.filter(({ url }) => !DESK.test(new URL(url).pathname));
  const window = own.find(({ focused }) => focused) ?? own[0];
  if (!window) return self.clients.openWindow(address);
  try {
    const front = await window.focus();
    return front.url === address ? front : await front.navigate(address);
  } catch {
    return self.clients.openWindow(address);
  }
}
