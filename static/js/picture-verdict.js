// What the picture check makes of a small picture: only how the light falls, no face. Rules only, held to
// tests/data/picture_vectors.json. Brightness is Rec. 709 luma, 0 to 255. Figures are unvalidated starts.
export const RULES = { wide: 64, high: 48, dark: 50, glare: 210, behind: 40, even: 4, black: 20, blackish: 10, steady: 5 };

const luma = (red, green, blue) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values, middle) => Math.sqrt(mean(values.map((value) => (value - middle) ** 2)));

// Beside and above where the face is: light behind a person shows there. Below are the shoulders.
const inBorder = (x, y) => x < RULES.wide / 8 || x >= (RULES.wide * 7) / 8 || y < RULES.high / 8;
const inCentre = (x, y) => Math.abs(x + 0.5 - RULES.wide / 2) < RULES.wide / 5 && Math.abs(y + 0.5 - RULES.high / 2) < RULES.high / 4;

/** Brightness of the whole, of its border and its centre, and how much it differs from place to place, of RGBA bytes. */
export function measure(bytes) {
  const [all, border, centre] = [[], [], []];
  for (let at = 0; at < RULES.wide * RULES.high; at++) {
    const [x, y, value] = [at % RULES.wide, Math.floor(at / RULES.wide), luma(bytes[4 * at], bytes[4 * at + 1], bytes[4 * at + 2])];
    all.push(value);
    if (inBorder(x, y)) border.push(value);
    else if (inCentre(x, y)) centre.push(value);
  }
  const whole = mean(all);
  return { whole, border: mean(border), centre: mean(centre), spread: spread(all, whole) };
}

/** What to say of the light: covered, backlit, dark, glare or fine. */
export function verdict({ whole, border, centre, spread: differs }) {
  if (differs < RULES.even || (whole < RULES.black && differs < RULES.blackish)) return "covered";
  if (border - centre >= RULES.behind) return "backlit";
  if (whole < RULES.dark) return "dark";
  return whole > RULES.glare ? "glare" : "fine";
}

/** The verdict to show after these of the last pictures, while `shown` is there: another one only once it is steady. */
export function steady(last, shown) {
  const recent = last.slice(-RULES.steady);
  return recent.length === RULES.steady && recent.every((each) => each === recent[0]) ? recent[0] : shown;
}
