// What a person writes for themselves: a note for a session, and a phrase. It stands in this phone's store and nowhere
// else, is never sent, and goes with signing out. A note goes with the end of its session, unless it is kept.
import { fact, open, write } from "./store.js";
import { ended } from "./words.js";

// The copy knows best when the session ends: it may have been moved since the note was written.
function lives(note, copies, cursor, now) {
  if (cursor && !(note.client in cursor)) return false;
  return note.kept || !ended(copies.find(({ id }) => id === note.session) ?? note, now);
}

function left(notes, copies, cursor) {
  return Object.values(notes ?? {}).filter((note) => lives(note, copies, cursor, Date.now()));
}

/** The notes on this phone that have not had their time: {session, text, kept, starts_at, ends_at, zone}, the latest first. */
export async function notes() {
  const database = await open();
  const [rows, cursor, copies] = await Promise.all([fact("notes"), fact("cursor"), database.getAll("sessions")]);
  return left(rows, copies, cursor).sort((one, other) => (one.starts_at < other.starts_at ? 1 : -1));
}

/** Write down the note of a session, or take it away when there is no text. */
export function put({ id: session, client, starts_at, ends_at, zone }, { text, kept }) {
  const note = { session, client, starts_at, ends_at, zone, text, kept };
  return write(async ({ facts }) => {
    const { [session]: _before, ...rest } = (await facts.get("notes")) ?? {};
    await facts.put(text.trim() ? { ...rest, [session]: note } : rest, "notes");
  });
}

/** Delete the note of a session. */
export const remove = (session) => put({ id: session }, { text: "" });

/** Delete the notes that have had their time. */
export async function clear() {
  const before = Object.keys((await fact("notes")) ?? {}).length;
  if ((await notes()).length === before) return;
  await write(async ({ facts, sessions }) => {
    const rows = left(await facts.get("notes"), await sessions.getAll(), await facts.get("cursor"));
    await facts.put(Object.fromEntries(rows.map((note) => [note.session, note])), "notes");
  });
}

/** Whether this phone is somebody's, so that what is written here can go with them. */
export const someones = async () => (await fact("cursor")) !== undefined;

/** The phrase that was agreed on, or nothing. */
export const phrase = async () => (await fact("phrase")) ?? "";

/** Write the phrase down. */
export const putPhrase = (text) => write(({ facts }) => (text.trim() ? facts.put(text, "phrase") : facts.delete("phrase")));
