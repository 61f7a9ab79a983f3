// The phone's copy of its sessions, with the states that follow from it and from the ticks that are not sent yet.
import { after, fold } from "./fold.js";
import { open } from "./store.js";

const KEPT = 60 * 24 * 3600_000; // milliseconds after its end, as KEPT in views/client/keeping.py

async function waiting() {
  return (await (await open()).getAll("operations")).filter((operation) => !operation.refused);
}

/** All sessions that this phone keeps, the earliest first, each with `states` as this phone knows them. */
export async function sessions() {
  const [rows, unsent] = await Promise.all([(await open()).getAll("sessions"), waiting()]);
  return rows.map((row) => withStates(row, unsent)).sort((one, other) => (one.starts_at < other.starts_at ? -1 : 1));
}

function withStates(session, unsent) {
  const own = unsent.filter((operation) => operation.session === session.id);
  return { ...session, states: fold([...session.latest, ...own]) };
}

/**
 * What this phone knows of one session: {copy, states, own, cursor}. `own` waits to be sent, `cursor` says how new the copy is.
 * `states` are missing while the phone's copy is older than the page, whose greatest clock is `seen`.
 */
export async function session(id, seen) {
  const database = await open();
  const [copy, cursor, unsent] = await Promise.all([database.get("sessions", id), database.get("facts", "cursor"), waiting()]);
  const own = unsent.filter((operation) => operation.session === id);
  return { copy, cursor, own, states: copy && !after(seen, copy.clock) ? withStates(copy, own).states : undefined };
}

/** Drop the copies of other clients and of long ago; `sessions` is the open store, `cursor` names this phone's clients, `now` is the server's. */
export async function prune(sessions, cursor, now) {
  const old = now - KEPT;
  for (const row of await sessions.getAll()) {
    if (!(row.client in cursor) || Date.parse(row.ends_at) < old) sessions.delete(row.id);
  }
}
