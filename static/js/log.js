// The log of ticks on this phone: each is kept here until the server has answered for it (R4, R6).
import { greatest, nextClock } from "./clock.js";
import { after } from "./fold.js";
import { prune } from "./copies.js";
import { fact, open, OWN, write } from "./store.js";

/**
 * Put one tick into the log; resolves to the operation once it is safe on this phone. `seen`: the page's clock. `made`:
 * when it was made, if not just now (milliseconds); nothing that was seen of its item may be later.
 */
export function add({ session, client, item, state, seen, made }) {
  return write(async ({ operations, facts }) => {
    const seq = ((await facts.get("seq")) ?? 0) + 1;
    const latest = greatest(await facts.get("clock"), seen);
    const clock = made ? [made, 0] : nextClock(Date.now(), latest);
    const operation = { seq, id: crypto.randomUUID(), session, client, item, state, clock };
    await Promise.all([facts.put(seq, "seq"), facts.put(greatest(clock, latest), "clock"), operations.put(operation)]);
    return operation;
  });
}

/** Note the greatest clock that a page shows, so that the next tick comes after it even if the page itself is lost. */
export async function notice(seen) {
  if (after(seen, (await fact("clock")) ?? [0, 0])) await write(({ facts }) => facts.put(seen, "clock"));
}

/** The whole log in its order: {waiting, parked, foreign}. Foreign ones are of clients whom this phone stands for no more. */
export async function log() {
  const database = await open();
  const [rows, cursor] = await Promise.all([database.getAll("operations"), database.get("facts", "cursor")]);
  const ours = ({ client }) => !cursor || client in cursor;
  return {
    waiting: rows.filter((row) => ours(row) && !row.refused),
    parked: rows.filter((row) => ours(row) && row.refused),
    foreign: rows.filter((row) => !ours(row)),
  };
}

/** Take in what /sync/ answered to a batch: what it has goes from the log, what it refused is parked. */
export function answered(batch, answer) {
  return write(async ({ operations, sessions, facts }) => {
    const results = new Map(answer.results.map((result) => [result.id, result]));
    for (const operation of batch) settle(operations, operation, results.get(operation.id));
    for (const row of answer.sessions) sessions.put(row);
    await prune(sessions, answer.cursor, answer.now);
    const known = Object.keys((await facts.get("cursor")) ?? {});
    const left = known.filter((client) => !(client in answer.cursor));
    if (left.length) await without(facts, answer.cursor);
    if (answer.erased) await bury(operations, facts, answer.erased);
    for (const name of forgotten(known, left)) facts.delete(name);
    const clock = greatest(await facts.get("clock"), ...answer.sessions.map((row) => row.clock));
    for (const [name, value] of Object.entries({ clock, cursor: answer.cursor, stamp: answer.stamp })) facts.put(value, name);
    if (answer.help) facts.put(answer.help, "help");
    await facts.delete("out");
  }, { acknowledged: answer.results.filter(({ status }) => status !== "refused").map(({ id }) => id) });
}

// Questions and notes name whose they are: those of who left go.
async function without(facts, cursor) {
  const [asked, notes] = await Promise.all([facts.get("questions"), facts.get("notes")]);
  if (asked) facts.put(asked.filter(({ client }) => client in cursor), "questions");
  if (notes) facts.put(Object.fromEntries(Object.entries(notes).filter(([, { client }]) => client in cursor)), "notes");
}

// Who was erased has nothing sent any more. The page says so until somebody has read it.
async function bury(operations, facts, erased) {
  for (const row of await operations.getAll()) if (erased.includes(row.client)) operations.delete(row.seq);
  facts.put(true, "erased");
}

// What names nobody may be of the one who left, where a phone stands for several.
function forgotten(known, left) {
  if (!left.length) return [];
  return left.length === known.length ? OWN : ["passes", "phrase", "progress"];
}

function settle(operations, operation, result) {
  if (result?.status === "refused") operations.put({ ...operation, refused: result.reason || "refused" });
  else if (result) operations.delete(operation.seq);
}

/** Park an operation that can't be sent, with the reason. */
export function park(operation, reason) {
  return write(({ operations }) => operations.put({ ...operation, refused: reason }));
}

/** Give a parked tick another try: it is made now, whatever was ticked since. */
export async function unpark(operation) {
  await drop([operation]);
  return add(operation);
}

/** Take operations out of the log for good. */
export function drop(rows) {
  return write(({ operations }) => Promise.all(rows.map(({ seq }) => operations.delete(seq))));
}
