// Sends one tick at a time to the server, in their order. The clock is a hybrid logical one (pure/fold.py): it never
// runs behind a tick that this page knows of, whatever the phone's own clock says.
const page = document.querySelector("[data-ticks]");
const PATIENCE = 15_000;
let last = page.dataset.clock.split(",").map(Number);
let cursor = JSON.parse(page.dataset.cursor);
let seq = 0;
let queue = Promise.resolve();

function tick(now) {
  last = now > last[0] ? [now, 0] : [last[0], last[1] + 1];
  return last;
}

function later([ms, count], [otherMs, otherCount]) {
  return ms > otherMs || (ms === otherMs && count > otherCount);
}

async function post(operation) {
  const answer = await fetch(page.dataset.ticks, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-Settle": "1" },
    body: JSON.stringify({ cursor, sent_at: Date.now(), operations: [operation] }),
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) throw Object.assign(new Error("not taken"), { status: answer.status });
  const { results, sessions, ...said } = await answer.json();
  const changed = sessions.find(({ id }) => id === page.dataset.session);
  cursor = said.cursor;
  if (changed && later(changed.clock, last)) last = changed.clock;
  return { taken: results[0].status !== "refused", items: changed?.items };
}

/** Send that `item` is in `state`; resolves to {taken, items as the server has them}, or throws when it is not sent. */
export function send(item, state) {
  const operation = { id: crypto.randomUUID(), session: page.dataset.session, item, state, clock: tick(Date.now()), seq: seq++ };
  const sent = queue.then(() => post(operation));
  queue = sent.catch(() => {});
  return sent;
}
