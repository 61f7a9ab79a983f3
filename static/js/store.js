// This phone's own store: `operations`, the log of ticks that are not sent; `sessions`, a copy of what the server said;
// `facts`: `clock`, `seq`, `cursor` ({client: number}), `stamp`, `help`, and `out`, why nothing can be sent.
// What is written is on the disk before it counts as kept, and all pages hear of each change.
import { deleteDB, openDB } from "./vendor/idb.js";

const ALL = ["operations", "sessions", "facts"];
const news = new BroadcastChannel("settle");
let opened;

function upgrade(database) {
  database.createObjectStore("operations", { keyPath: "seq" });
  database.createObjectStore("sessions", { keyPath: "id" });
  database.createObjectStore("facts");
}

function close() {
  opened?.then((database) => database.close(), () => {});
  opened = undefined;
}

/** The open database. */
export function open() {
  opened ??= openDB("settle", 1, { upgrade, blocking: close, terminated: close });
  opened.catch(close);
  return opened;
}

/** Do `work` with {operations, sessions, facts} in one transaction; resolves when it is safe on this phone. */
export async function write(work) {
  const transaction = (await open()).transaction(ALL, "readwrite", { durability: "strict" });
  const [operations, sessions, facts] = ALL.map((name) => transaction.objectStore(name));
  const [result] = await Promise.all([work({ operations, sessions, facts }), transaction.done]);
  news.postMessage("changed");
  return result;
}

/** A fact by its name, or undefined. */
export async function fact(name) {
  return (await open()).get("facts", name);
}

/** Forget sessions and facts of the person, but not what waits to be sent. `out` says why nothing can be sent. */
export function shut(out) {
  return write(async ({ sessions, facts }) => {
    await sessions.clear();
    for (const name of ["cursor", "stamp", "help"]) facts.delete(name);
    if (out) facts.put(out, "out");
  });
}

/** Forget everything. */
export function wipe(out) {
  return write(async (stores) => {
    await Promise.all(Object.values(stores).map((store) => store.clear()));
    if (out) stores.facts.put(out, "out");
  });
}

/** Take the whole store from this phone. */
export async function destroy() {
  close();
  await deleteDB("settle");
}

/** Call `hear` after each change, whichever page or worker made it. */
export function listen(hear) {
  new BroadcastChannel("settle").addEventListener("message", hear);
}
