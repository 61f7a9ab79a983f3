// One request of a check, with an end of its own: nothing of a check may wait for ever.
// Small: no cookie, no referrer. On a slow line what a probe carries is a part of what it measures.
const PLAIN = { cache: "no-store", redirect: "manual", credentials: "omit", referrerPolicy: "no-referrer" };

/** A signal that ends with `signal` or after `limit` milliseconds, with `end` to end it at once and `free` to let go of it. */
export function limited(signal, limit) {
  const control = new AbortController();
  const end = () => control.abort();
  const timer = setTimeout(end, Math.max(limit, 0));
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  const free = () => (clearTimeout(timer), signal.removeEventListener("abort", end));
  return { signal: control.signal, end, free };
}

/** Wait for so many milliseconds, or until `signal` ends. */
export function pause(time, signal) {
  return new Promise((resolve) => {
    const end = () => (clearTimeout(timer), signal.removeEventListener("abort", end), resolve());
    const timer = setTimeout(end, time);
    signal.addEventListener("abort", end, { once: true });
    if (signal.aborted) end();
  });
}

/** The address of one request of the check. */
export function address(part, ticket, values) {
  return `/tools/connection/${part}/?${new URLSearchParams({ ticket, ...values })}`;
}

/** Ask; like fetch, but never from a cache, and a redirect is not followed. */
export const ask = (place, options) => fetch(place, { ...PLAIN, ...options });

// From the first byte of the request to the first of the answer, without making a connection; undefined if nobody knows.
function measured(place) {
  const entry = performance.getEntriesByName?.(new URL(place, location.href).href, "resource").at(-1);
  return entry?.requestStart && entry.responseStart ? entry.responseStart - entry.requestStart : undefined;
}

/** Ask, and say how many milliseconds the answer took; undefined when no good one came within `limit`. */
export async function timed(place, { signal, limit, ...options }) {
  const end = limited(signal, limit);
  const began = performance.now();
  try {
    const response = await ask(place, { ...options, signal: end.signal });
    const took = performance.now() - began;
    await response.arrayBuffer();
    if (!response.ok) return undefined;
    await pause(0, end.signal); // the browser writes the times down a moment later
    return measured(place) ?? took;
  } catch {
    return undefined; // no line, or no answer in time
  } finally {
    end.free();
  }
}
