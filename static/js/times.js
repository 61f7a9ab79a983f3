// Times in words, the same as the server's (pure/spoken.py, channels/wording.py), in the zone that times are shown for.
const MINUTE = 60_000;
const language = document.documentElement.lang;
const english = language.startsWith("en");
const formats = {};

// "tomorrow" where a language has a word for one day; beyond it counts, as the server does: not "pasado mañana".
function relative(count, unit) {
  const numeric = Math.abs(count) > 1 ? "always" : "auto";
  formats[numeric] ??= new Intl.RelativeTimeFormat(language, { numeric });
  return formats[numeric].format(count, unit);
}

function parts(at, zone, options) {
  const format = new Intl.DateTimeFormat(english ? "en-GB" : language, { timeZone: zone, ...options });
  return Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
}

/** The day of the calendar of an instant, counted from some day on. */
export function number(at, zone) {
  const { year, month, day } = parts(at, zone, { year: "numeric", month: "2-digit", day: "2-digit" });
  return Date.UTC(Number(year), Number(month) - 1, Number(day)) / (24 * 60 * MINUTE);
}

/** What a clock on the wall shows: 15:00. */
export function wall(at, zone) {
  const { hour, minute } = parts(at, zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return `${hour}:${minute}`;
}

/** The time of day, like 3:00 pm, in one piece: no line breaks inside. */
export function clock(at, zone) {
  if (!english) return new Intl.DateTimeFormat(language, { timeZone: zone, timeStyle: "short" }).format(at);
  const [hour, minute] = wall(at, zone).split(":");
  return `${hour % 12 || 12}:${minute}\u00a0${hour >= 12 ? "pm" : "am"}`;
}

/** Today, Tomorrow, Yesterday, or the day in full, with the year if it is another; it begins a line, with a capital. */
export function day(at, now, zone) {
  const days = number(at, zone) - number(now, zone);
  const words = Math.abs(days) > 1 ? full(at, now, zone) : relative(days, "day");
  return words.charAt(0).toLocaleUpperCase(language) + words.slice(1);
}

/** A day in full: its name, its date, and the year if it is not that of `now`. */
export function full(at, now, zone) {
  const year = (moment) => parts(moment, zone, { year: "numeric" }).year;
  const known = { weekday: "long", day: "numeric", month: "long", ...(year(at) === year(now) ? {} : { year: "numeric" }) };
  if (!english) return new Intl.DateTimeFormat(language, { timeZone: zone, ...known }).format(at).replace(/[,،]/, "");
  const { weekday, ...rest } = parts(at, zone, known);
  return [weekday, rest.day, rest.month, rest.year].filter(Boolean).join(" ");
}

/** How far off it is: in 42 minutes, in 3 hours, tomorrow. Beyond today only the calendar day counts. */
export function left(at, now, zone) {
  const minutes = Math.ceil((at - now) / MINUTE);
  if (minutes < 120) return relative(minutes, "minute");
  const days = number(at, zone) - number(now, zone);
  return days ? relative(days, "day") : relative(Math.max(Math.floor((at - now) / (60 * MINUTE)), 2), "hour");
}
