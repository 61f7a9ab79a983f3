// Offers a new version of the app once the browser has fetched it. It is taken when the person says so, or when all
// pages were closed; what waits to be sent is in the phone's store and stays.
let offer;

// Whether a worker came because another language was chosen: each language has a worker of its own.
const elsewhere = (worker, before) => worker.scriptURL !== before.scriptURL;

function show(worker) {
  if (elsewhere(worker, navigator.serviceWorker.controller)) return worker.postMessage("renew"); // that is what was asked for
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => worker.postMessage("renew"), { once: true });
}

function watch(worker) {
  worker.addEventListener("statechange", () => {
    if (worker.state === "installed" && navigator.serviceWorker.controller) show(worker);
  });
}

/** Look for a version that waits, and for those to come. */
export async function begin() {
  offer = document.querySelector("[data-renew]");
  const registration = offer && (await navigator.serviceWorker?.getRegistration());
  if (!registration) return;
  const before = navigator.serviceWorker.controller;
  if (registration.waiting && before) show(registration.waiting);
  if (registration.installing) watch(registration.installing);
  registration.addEventListener("updatefound", () => watch(registration.installing));
  const language = `=${document.documentElement.lang}`;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    const { controller } = navigator.serviceWorker;
    const fits = before && elsewhere(controller, before) && controller.scriptURL.endsWith(language);
    if (before && !fits) location.reload();
  });
}
