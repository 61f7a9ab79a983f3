// This phone's own store: `operations`, the log of ticks that are not sent; `sessions`, a copy of what the server said;
// `facts`: `clock`, `seq`, `cursor` ({client: number}), `stamp`, `help`, `passes` (passes.js), `notes`
// and `phrase` (notes.js), `questions` (kept-questions.js), `progress` (progress.js), `out`, why nothing can be sent, and
// `erased`, that somebody was whom this phone stood for beside others.
// What is written is on the disk before it counts as kept, and all pages hear of each change: "changed", {acknowledged:
// [ids]} of ticks that the server has, "locked", or "forgotten".
import { deleteDB, openDB } from "./vendor/idb.js";

const ALL = ["operations", "sessions", "facts"];
/** Facts that belong to one person and to nobody who has the phone after them. */
export const OWN = ["pin", "passes", "notes", "phrase", "questions", "progress"];
const PATIENCE = 3000; // milliseconds that another page, asleep perhaps, may hold the store open against its end
const news = new BroadcastChannel("settle");
let opened;
let forgotten = false;

function upgrade(database) {
  database.createObjectStore("operations", { keyPath: "seq" });
  database.createObjectStore("sessions", { keyPath: "id" });
  database.createObjectStore("facts");
}

function close() {
  opened?.then((database) => database.close(), () => {});
  opened = undefined;
}

/** The open database; never, in a page that goes because it was all forgotten. */
export function open() {
  if (forgotten) return new Promise(() => {});
  opened ??= openDB("settle", 1, { upgrade, blocking: close, terminated: close });
  opened.catch(close);
  return opened;
}

/** Tell all pages and the worker. */
export const tell = (word) => news.postMessage(word);

/** Do `work` with {operations, sessions, facts} in one transaction, then tell `word`; resolves when it is safe on this phone. */
export async function write(work, word = "changed") {
  const transaction = (await open()).transaction(ALL, "readwrite", { durability: "strict" });
  const [operations, sessions, facts] = ALL.map((name) => transaction.objectStore(name));
  const [result] = await Promise.all([work({ operations, sessions, facts }), transaction.done]);
  tell(word);
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
    for (const name of ["cursor", "stamp", "help", ...OWN]) facts.delete(name);
    if (out) facts.put(out, "out");
  });
}

/** Forget everything. `out` says why nothing can be sent. */
export function wipe(out, word) {
  return write(async (stores) => {
    await Promise.all(Object.values(stores).map((store) => store.clear()));
    if (out) stores.facts.put(out, "out");
  }, word);
}

/** Whether there is a store; to open it would make one. Where a browser does not say, there may be. */
export async function exists() {
  const all = await indexedDB.databases?.();
  return !all || all.some(({ name }) => name === "settle");
}

/** Take the whole store from this phone. Other pages let go of it for good, or it would come back. */
export async function destroy() {
  if (await exists()) await wipe("", "forgotten");
  else tell("forgotten");
  forgotten = true;
  close();
  await Promise.race([deleteDB("settle"), new Promise((resolve) => setTimeout(resolve, PATIENCE))]);
}

/** Call `hear` with each word that is told, whichever page or worker did. */
export function listen(hear) {
  new BroadcastChannel("settle").addEventListener("message", ({ data }) => hear(data));
}

// Another page forgot it all: this one must not show or keep any of it. (A channel does not hear what it says itself.)
news.addEventListener("message", ({ data }) => {
  if (data !== "forgotten") return;
  close();
  if (!globalThis.document) return;
  forgotten = true;
  location.replace("/");
});
