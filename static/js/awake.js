// Keeps the screen on while something runs that is looked at and not touched, where the browser can.
let wanted = false;
let lock;

async function take() {
  if (!wanted || lock || document.visibilityState !== "visible") return;
  try {
    lock = await navigator.wakeLock?.request("screen");
    lock?.addEventListener("release", () => (lock = undefined)); // the browser takes it when the page is hidden
    if (!wanted) release();
  } catch (error) {
    console.warn("The screen may go dark:", error.name); // a battery that runs low, say
  }
}

function release() {
  lock?.release();
  lock = undefined;
}

/** Keep the screen on until `rest`; taken again when the page comes back into sight. */
export function hold() {
  wanted = true;
  return take();
}

/** Let the screen go dark again. */
export function rest() {
  wanted = false;
  release();
}

document.addEventListener("visibilitychange", () => (document.visibilityState === "hidden" ? release() : take()));
