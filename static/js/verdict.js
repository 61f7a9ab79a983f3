// What the figures of a connection mean for a way of meeting: the twin of checklist/pure/connection.py, where the limits
// are explained. Both are held to tests/data/verdict_vectors.json (R22).
const ORDER = ["good", "fair", "poor", "no_answer"];
const MORE_IS_BETTER = ["down", "up"];
const OPTIONAL = ["loss"];
const DOWN_FROM = { video: ["voice", "text"], voice: ["text"], text: [] };
const LINE = { rtt: [250, 400], jitter: [30, 60], late: [1, 2], loss: [1, 5] };

/** What is good and what is fair: less than that, or for kbps at least that much. A test holds it to Python's. */
export const LIMITS = {
  video: { ...LINE, down: [1100, 500], up: [1100, 500] },
  voice: { ...LINE, down: [100, 50], up: [100, 50] },
  text: {},
};

const known = (value) => value !== null && value !== undefined;

/** What one known figure says by itself: good, fair or poor. */
export function level(name, value, [good, fair]) {
  const enough = (limit) => (MORE_IS_BETTER.includes(name) ? value >= limit : value < limit);
  return enough(good) ? "good" : enough(fair) ? "fair" : "poor";
}

/** Whether the server answered at all: a probe came back, or some of the data arrived. */
export function answered(figures) {
  return known(figures.rtt) || known(figures.jitter) || MORE_IS_BETTER.some((name) => figures[name] > 0);
}

// The first simpler way that these figures do not make poor.
function offer(figures, way) {
  return DOWN_FROM[way].find((other) => verdict(figures, other).verdict !== "poor") ?? null;
}

/** {verdict, worst, missing, offer} on figures {rtt, jitter, late, down, up, loss} for video, voice or text. */
export function verdict(figures, way) {
  const limits = Object.entries(LIMITS[way]);
  const missing = limits.map(([name]) => name).filter((name) => !known(figures[name]) && !OPTIONAL.includes(name));
  if (!answered(figures)) return { verdict: "no_answer", worst: [], missing, offer: null };
  const levels = limits
    .filter(([name]) => known(figures[name]))
    .map(([name, limit]) => [name, level(name, figures[name], limit)]);
  const all = [missing.length ? "fair" : "good", ...levels.map(([, each]) => each)];
  const found = ORDER[Math.max(...all.map((each) => ORDER.indexOf(each)))];
  const worst = levels.filter(([, each]) => each === found && found !== "good").map(([name]) => name);
  return { verdict: found, worst, missing, offer: found === "poor" ? offer(figures, way) : null };
}
