// Keeps "in 42 minutes" true while the page stays open, and opens the way in when its time has come. The words are
// the same as the server's (pure/spoken.py), the days those of the client's own zone.
const MINUTE = 60_000;
const words = new Intl.RelativeTimeFormat(document.documentElement.lang, { numeric: "auto" });

function day(at, zone) {
  return Date.parse(new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(at)) / (24 * 60 * MINUTE);
}

function phrase(at, now, zone) {
  const minutes = Math.ceil((at - now) / MINUTE);
  if (minutes < 120) return words.format(minutes, "minute");
  const days = day(at, zone) - day(now, zone);
  return days ? words.format(days, "day") : words.format(Math.max(Math.floor((at - now) / (60 * MINUTE)), 2), "hour");
}

function count(mark, now) {
  const at = Date.parse(mark.dateTime);
  const text = at > now ? phrase(at, now, mark.dataset.zone) : mark.dataset.begun;
  if (mark.textContent !== text) mark.textContent = text;
}

function open(button, now) {
  if (Date.parse(button.dataset.opens) > now || new URL(button.dataset.link).protocol !== "https:") return;
  button.href = button.dataset.link;
  button.textContent = button.dataset.open;
  for (const name of ["role", "aria-disabled", "data-opens"]) button.removeAttribute(name);
}

// A phone that slept wakes its timers late, so coming back to the page looks again.
function look() {
  for (const mark of document.querySelectorAll("time[data-begun]")) count(mark, Date.now());
  for (const button of document.querySelectorAll("[data-opens]")) open(button, Date.now());
}

function minutely() {
  look();
  setTimeout(minutely, MINUTE - (Date.now() % MINUTE) + 50);
}

minutely();
document.addEventListener("visibilitychange", look);
