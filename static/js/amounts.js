// Figures in the way of the reader's language, with their units.
const language = document.documentElement.lang;

function unit(value, name, digits = 0) {
  try {
    return new Intl.NumberFormat(language, { style: "unit", unit: name, maximumFractionDigits: digits }).format(value);
  } catch {
    return new Intl.NumberFormat(language, { maximumFractionDigits: digits }).format(value); // a phone of some years ago
  }
}

/** A time in milliseconds. */
export const milliseconds = (value) => unit(value, "millisecond");

/** A speed, given in kbps: in megabits from one on. */
export const speed = (kbps) => (kbps < 1000 ? unit(kbps, "kilobit-per-second") : unit(kbps / 1000, "megabit-per-second", 1));

/** A share, given in percent. */
export const percent = (value) => new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 }).format(value / 100);

/** Names in a row: one, two and three. */
export function listed(names) {
  return Intl.ListFormat ? new Intl.ListFormat(language, { type: "conjunction" }).format(names) : names.join(", ");
}
