// Registers the service worker. The page's policy lets scripts be loaded from an address only through the
// Trusted Types policy named here, and that one admits our worker's address and no other.
const WORKER = "/serviceworker.js";

function admit(address) {
  if (address !== WORKER) throw new TypeError("not our worker");
  return address;
}

function address() {
  return window.trustedTypes?.createPolicy("settle", { createScriptURL: admit }).createScriptURL(WORKER) ?? WORKER;
}

async function register() {
  try {
    await navigator.serviceWorker?.register(address(), { scope: "/", updateViaCache: "none" });
  } catch (error) {
    console.warn("Settle works without its service worker:", error.name);
  }
}

if (document.readyState === "complete") register();
else addEventListener("load", register);
