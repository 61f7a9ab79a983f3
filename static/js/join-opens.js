// Turns "Join opens at 2:45 pm" into the link itself when that moment comes.
const MINUTE = 60_000;
const button = document.querySelector("[data-opens]");

function open() {
  if (new URL(button.dataset.link).protocol !== "https:") return;
  button.href = button.dataset.link;
  button.removeAttribute("role");
  button.removeAttribute("aria-disabled");
  button.textContent = button.dataset.open;
}

// A phone that slept wakes its timers late, so none of them is long, and coming back to the page looks again.
function look() {
  if (!button || button.hasAttribute("href")) return;
  const left = Date.parse(button.dataset.opens) - Date.now();
  if (left <= 0) open();
  else setTimeout(look, Math.min(left, MINUTE));
}

look();
document.addEventListener("visibilitychange", look);
