// Registers the service worker, and then brings up what works without a connection: the worker has it by then. The
// page's policy lets scripts be loaded from an address only through the Trusted Types policy named here, and that one
// admits our worker's address and no other. Beside it stands what every page has to hear of: forms, and the way out.
const WORKER = `/serviceworker.js?language=${document.documentElement.lang}`; // one for each language
const PATIENCE = 3000;

function admit(address) {
  if (address !== WORKER) throw new TypeError("not our worker");
  return address;
}

function address() {
  return window.trustedTypes?.createPolicy("settle", { createScriptURL: admit }).createScriptURL(WORKER) ?? WORKER;
}

// The page of a tool leaves a worker that is there as it is: asking for a newer one would go on while a camera is on.
const settled = () => navigator.serviceWorker?.controller && document.querySelector("[data-tool]");

async function register() {
  try {
    const options = { scope: "/", type: "module", updateViaCache: "none" };
    if (await navigator.serviceWorker?.register(address(), options)) await navigator.serviceWorker.ready;
  } catch (error) {
    console.warn("Settle works without its service worker:", error.name);
  }
}

// The worker of a first visit comes over the same line as all else, which may stand still: nobody waits for it for ever.
async function bringUp() {
  if (!settled()) await Promise.race([register(), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
  await begin();
}

// The line can end before this module is here. The page is one without it then, as where nothing can be kept.
async function begin() {
  if (!window.indexedDB || !window.BroadcastChannel) return;
  const phone = await import("./phone.js").catch((error) => console.warn("This page keeps nothing:", error.name));
  await phone?.begin();
}

// A form that only the server can take would end on the browser's own error page, and what was typed would be gone.
function held(event) {
  const words = document.querySelector("[data-no-line]");
  if (!words || event.defaultPrevented || navigator.onLine) return;
  event.preventDefault();
  event.target.append(words);
  words.hidden = false;
  addEventListener("online", () => (words.hidden = true), { once: true });
}

const LAST = 1000; // milliseconds at most for what is being written down; nothing of it shows any more

// Leave quickly: all is out of sight before the plain page is there, and Back does not come here again.
async function exit(event) {
  const link = event.target.closest("[data-exit]");
  if (!link) return;
  event.preventDefault();
  document.title = "";
  document.body.hidden = true;
  const saved = [];
  dispatchEvent(new CustomEvent("leaving", { detail: saved }));
  await Promise.race([Promise.allSettled(saved), new Promise((resolve) => setTimeout(resolve, LAST))]);
  location.replace(link.href);
}

addEventListener("submit", held);
addEventListener("click", exit);

/** Resolves once the page has come up and loads no more modules by itself. */
export const up = new Promise((resolve) => {
  if (document.readyState === "complete") resolve();
  else addEventListener("load", resolve);
}).then(bringUp);
