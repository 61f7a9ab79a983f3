// Why there is no microphone or camera, and whose way it is to change that. No page and no device: rules only, held to
// tests/data/refusal_vectors.json. Each browser says it in its own way; Chrome alone says who refused.
const SLOW = 15_000; // milliseconds: from here on, say where to look for the browser's question
const NO_END = 300_000; // and from here on nobody is there to answer
const UNTOLD = 60_000; // the same where the browser does not tell whether its question was answered
const MISSING = ["NotFoundError", "DevicesNotFoundError", "OverconstrainedError"];
const BUSY = ["NotReadableError", "TrackStartError", "AbortError"];
const REFUSED = ["NotAllowedError", "PermissionDeniedError", "SecurityError"];

// What the permission was before asking and after it: granted, prompt, denied, or undefined where nobody tells.
function refused({ message = "", before, after }) {
  if (/system/i.test(message) || before === "granted" || after === "granted") return "system";
  if (before === "denied") return "blocked";
  return after === "prompt" || /dismiss/i.test(message) ? "dismissed" : "refused";
}

/** Why asking failed: refused, dismissed, blocked, system, missing, busy or without. */
export function reason(error) {
  if (REFUSED.includes(error.name)) return refused(error);
  if (MISSING.includes(error.name)) return "missing";
  return BUSY.includes(error.name) ? "busy" : "without";
}

/**
 * What to think of an answer that has not come: nothing yet, slow, unanswered or hanging. A person may take their time to
 * answer; a device that may be used and does not come may not. `waited` and `granted` (since it may) in milliseconds.
 */
export function pending({ state, waited, granted }) {
  if (granted >= SLOW) return "hanging";
  if (waited >= (state ? NO_END : UNTOLD)) return "unanswered";
  return state !== "granted" && waited >= SLOW ? "slow" : undefined;
}

/** The system under the browser, {userAgent, maxTouchPoints}: iphone, android, windows, mac or other. */
export function system({ userAgent, maxTouchPoints = 0 }) {
  if (/iPhone|iPad|iPod/.test(userAgent)) return "iphone";
  if (/Android/.test(userAgent)) return "android";
  if (/Windows/.test(userAgent)) return "windows";
  if (!/Mac OS/.test(userAgent)) return "other";
  return maxTouchPoints > 1 ? "iphone" : "mac"; // an iPad says that it is a Mac
}

/** The browser by its way to permissions: iphone, iphone-app, samsung, firefox-android, android, firefox, safari, edge, chrome. */
export function browser(navigator) {
  const { userAgent } = navigator;
  const on = system(navigator);
  if (on === "iphone") return /CriOS|FxiOS|EdgiOS|OPT\//.test(userAgent) ? "iphone-app" : "iphone";
  if (/SamsungBrowser/.test(userAgent)) return "samsung";
  if (/Firefox/.test(userAgent)) return on === "android" ? "firefox-android" : "firefox";
  if (on === "android") return "android";
  if (/Edg\//.test(userAgent)) return "edge";
  return /Chrome/.test(userAgent) ? "chrome" : "safari";
}
