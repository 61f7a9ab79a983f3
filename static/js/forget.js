// Forgets all that this phone keeps of a person: the store, what the worker keeps, notifications that are shown, and what
// it is subscribed to. The worker itself knows nobody, and stays.
import { uncover } from "./pin.js";
import { destroy } from "./store.js";

async function all() {
  await destroy();
  uncover();
  await Promise.all(((await globalThis.caches?.keys()) ?? []).map((name) => caches.delete(name)));
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const shown of (await registration?.getNotifications?.()) ?? []) shown.close();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}

// While nothing is sent or taken in: what is still on its way comes first, and what wants to be sent finds nobody's phone.
const alone = (work) => (navigator.locks ? navigator.locks.request("settle-sync", work) : work());

/** Forget everything on this phone, once an answer that is still on its way was taken in. */
export const forget = () => alone(all);

/**
 * Send a form that takes this phone from its person, and forget everything once the server has agreed; resolves to
 * whether it did. An error means that the server was not reached: nothing has changed then.
 */
export const leave = (form) => alone(() => send(form));

async function send(form) {
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), redirect: "manual" });
  if (answer.type !== "opaqueredirect") return false;
  await all().catch((error) => console.warn("Not everything could be forgotten:", error.name));
  location.replace("/");
  return true;
}
