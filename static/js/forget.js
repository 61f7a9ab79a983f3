// Forgets all that this phone keeps of a person: the store, what the worker keeps, and what it is subscribed to. The
// worker itself knows nobody, and stays.
import { uncover } from "./pin.js";
import { destroy } from "./store.js";

/** Forget everything on this phone. */
export async function forget() {
  await destroy();
  uncover();
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  const registration = await navigator.serviceWorker?.getRegistration();
  await (await registration?.pushManager?.getSubscription())?.unsubscribe();
}
