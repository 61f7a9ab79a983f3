// Tells the server where this phone takes notifications, with the headers that our own scripts send.
const SEEN = "settle-taking";

/** Post JSON to an address of ours; it goes on after its page or worker has ended. Resolves to the answer. */
export function post(address, body) {
  const headers = { "Content-Type": "application/json", "X-Settle": "1" };
  return fetch(address, { method: "POST", headers, body: JSON.stringify(body), redirect: "error", keepalive: true });
}

/** Say where this phone takes notifications, or with null that it takes none; an error when the server did not agree. */
export async function tell(subscription) {
  const body = subscription ? { subscription: subscription.toJSON(), key: keyOf(subscription) } : { subscription: null };
  const answer = await post("/notifications/", body);
  if (answer.ok) return;
  const { key } = await answer.json().catch(() => ({}));
  throw Object.assign(new Error("not agreed"), { status: answer.status, key });
}

/** Our public key, as a subscription gives it back; empty when it does not tell. */
export function keyOf({ options }) {
  const text = btoa(String.fromCharCode(...new Uint8Array(options?.applicationServerKey ?? [])));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** What this browser is subscribed to, or undefined. */
export async function taken() {
  if (globalThis.Notification?.permission !== "granted") return undefined;
  const registration = await navigator.serviceWorker?.getRegistration();
  return (await registration?.pushManager?.getSubscription()) ?? undefined;
}

/** Say it again, once for each start of the app and each set of clients: either side may have lost it. */
export async function again() {
  const { clients } = document.body.dataset;
  if (!clients || sessionStorage.getItem(SEEN) === clients) return;
  const subscription = await taken();
  if (!subscription) return;
  await tell(subscription).catch((error) => (error.status === 409 ? anew(subscription, error.key) : Promise.reject(error)));
  sessionStorage.setItem(SEEN, clients);
}

// Our key is another one since: the old subscription is of no use, and the person has agreed to notifications before.
async function anew(subscription, key) {
  await subscription.unsubscribe();
  const { pushManager } = await navigator.serviceWorker.ready;
  await tell(await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key }));
}
