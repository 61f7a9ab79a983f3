// From times and bytes to the figures of a connection; bytes in a millisecond, times eight, are kilobits in a second.
const MOST = 50_000; // kbps; with a megabyte nobody can tell what is above that
const LEAD = 0.2; // a line takes a moment to come up to its speed
const ROOM = 0.8; // of the time that is left may be planned for
const LEAST = 8192; // bytes; less says too little

/** The value in the middle, or null. */
export function median(values) {
  if (!values.length) return null;
  const sorted = [...values].sort((one, other) => one - other);
  const half = (sorted.length - 1) / 2;
  return (sorted[Math.floor(half)] + sorted[Math.ceil(half)]) / 2;
}

/** How far each value is from the one before, on average, or null. */
export function jitter(values) {
  if (values.length < 2) return null;
  const steps = values.slice(1).map((value, place) => Math.abs(value - values[place]));
  return steps.reduce((sum, step) => sum + step, 0) / steps.length;
}

const rounded = (value) => (value === null ? null : Math.round(value));

/** {rtt, jitter, late, probes} of the times of all replies in the order of asking; undefined is one that did not come. */
export function replied(times) {
  const came = times.filter((time) => time !== undefined);
  return { rtt: rounded(median(came)), jitter: rounded(jitter(came)), late: times.length - came.length, probes: times.length };
}

function kbps(bytes, time) {
  return Math.min(Math.round((bytes * 8) / Math.max(time, 1)), MOST);
}

/** The speed in kbps of data that came in; `samples` are [milliseconds, bytes so far] of each part. Null if it says nothing. */
export function incomingRate(samples) {
  if (samples.length < 2) return null;
  const [[first], [last, bytes]] = [samples[0], samples.at(-1)];
  const from = samples.slice(0, -1).filter(([at], place) => !place || at <= first + LEAD * (last - first)).at(-1);
  return kbps(bytes - from[1], last - from[0]);
}

/** The speed in kbps of data that went out; `posts` are [bytes, milliseconds to the answer]. The first counts if it is alone. */
export function outgoingRate(posts, rtt) {
  if (!posts.length) return null;
  const counted = posts.length > 1 ? posts.slice(1) : posts;
  const [bytes, time] = counted.reduce(([sum, whole], [size, took]) => [sum + size, whole + Math.max(took - (rtt ?? 0), 1)], [0, 0]);
  return kbps(bytes, time);
}

/** How many bytes to send next, so that they arrive in the `left` milliseconds; 0 when there is no use in more. */
export function nextSize(posts, rtt, left, most) {
  const [size, took] = posts.at(-1);
  const speed = size / Math.max(took - (rtt ?? 0), 1);
  const fits = Math.min(Math.floor(speed * ROOM * (left - (rtt ?? 0))), most);
  return fits >= LEAST ? fits : 0;
}
