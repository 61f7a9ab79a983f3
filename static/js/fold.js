// Folds tick operations to one state per item, as pure/fold.py does; both are held to tests/data/fold_vectors.json.
// An operation is {id, item, state, clock: [milliseconds, count]}.

/** Whether one clock comes after another. */
export function after([ms, count], [otherMs, otherCount]) {
  return ms > otherMs || (ms === otherMs && count > otherCount);
}

function beats(one, other) {
  if (after(one.clock, other.clock)) return true;
  return !after(other.clock, one.clock) && one.id > other.id;
}

/** The greatest operation of each item, {item: operation}, in whatever order they come. */
export function winners(operations) {
  const latest = new Map();
  for (const operation of operations) {
    const kept = latest.get(operation.item);
    if (!kept || beats(operation, kept)) latest.set(operation.item, operation);
  }
  return Object.fromEntries(latest);
}

/** The state of each item, {item: state}. */
export function fold(operations) {
  return Object.fromEntries(Object.entries(winners(operations)).map(([item, { state }]) => [item, state]));
}
