// Keeps "in 42 minutes" true while the page stays open. The words are the same as the server's (pure/spoken.py).
const MINUTE = 60_000;
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });

function day(at, zone) {
  const parts = new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at);
  return Date.parse(parts) / (24 * 60 * MINUTE);
}

export function phrase(at, now, zone) {
  const minutes = Math.ceil((at - now) / MINUTE);
  if (minutes < 120) return words.format(minutes, "minute");
  const days = day(at, zone) - day(now, zone);
  if (days === 0) return words.format(Math.max(Math.floor(minutes / 60), 2), "hour");
  return words.format(days, "day");
}

function say(mark) {
  const at = Date.parse(mark.dateTime);
  const text = at > Date.now() ? phrase(at, Date.now(), mark.dataset.zone) : mark.dataset.begun;
  if (mark.textContent !== text) mark.textContent = text;
}

function tell() {
  document.querySelectorAll("time[data-begun]").forEach(say);
}

function minutely() {
  tell();
  setTimeout(minutely, MINUTE - (Date.now() % MINUTE) + 50);
}

minutely();
document.addEventListener("visibilitychange", tell);
