// The questions that a person picked to ask, each with what was answered. They stand in this phone's store and nowhere
// else, are never sent, and go with signing out.
import { fact, write } from "./store.js";

const FACT = "questions";

function change(make) {
  return write(async ({ facts }) => facts.put(make((await facts.get(FACT)) ?? []), FACT));
}

/** Whose the questions are: the client of a session, else the first whom this phone stands for; or undefined. */
export async function whose(session) {
  return session?.client ?? Object.keys((await fact("cursor")) ?? {})[0];
}

/** The questions of a client: {id, client, text, answer}, in the order in which they were picked. */
export async function questions(client) {
  return ((await fact(FACT)) ?? []).filter((row) => row.client === client);
}

/** Keep a question, or an answer to one that is kept. */
export function put(client, { id, ...changed }) {
  const same = (row) => row.client === client && row.id === id;
  return change((rows) => {
    if (!rows.some(same)) return "text" in changed ? [...rows, { id, client, answer: "", ...changed }] : rows;
    return rows.map((row) => (same(row) ? { ...row, ...changed } : row));
  });
}

/** Let go of a question, and of what was answered. */
export function drop(client, id) {
  return change((rows) => rows.filter((row) => row.client !== client || row.id !== id));
}
