// What a tool does for its item once it has worked: it ticks it, through the same log as a tap, and says what became of
// that. A check that was passed is kept on this phone as well, so that the next list need not ask for it again.
import { add, log } from "./log.js";
import { flush } from "./moments.js";
import { drop, keep } from "./passes.js";
import { find, key, session, stage } from "./tool.js";
import { listen } from "./store.js";

const own = new Set();
const words = find("kept-words");

function say(name) {
  words.textContent = words.dataset[name] ?? "";
  words.dataset.said = name;
}

async function tick() {
  const found = await wanted();
  const lines = found?.lines.filter(({ tool }) => tool === key) ?? [];
  const open = lines.filter((line) => (found.states[line.key] ?? "open") === "open");
  const has = (state) => lines.some((line) => found.states[line.key] === state);
  if (!open.length) return say(has("done") ? "before" : has("na") ? "aside" : "");
  for (const line of open) {
    const { id } = await add({ session: found.id, client: found.client, item: line.key, state: "done", seen: found.clock });
    own.add(id);
  }
  say("saved");
  flush();
}

/** The session of the page; fetched, when the page was opened so soon that the copies were still on their way. */
export async function wanted() {
  const found = await session();
  if (found || !location.hash) return found;
  await flush({ news: true });
  return session();
}

async function heard({ acknowledged }) {
  if (!own.size) return;
  const waiting = (await log()).waiting.filter(({ id }) => own.has(id));
  if (acknowledged?.some((id) => own.has(id))) say("sent");
  else if (!waiting.length && words.dataset.said !== "sent") say("");
}

/** The tool did what it is for: come to the stage "done", and tick its item. */
export async function done() {
  stage("done");
  await tick().catch((error) => {
    console.warn("This tick can't be kept on the phone:", error.name);
    say("lost");
  });
}

/** A check was passed, good enough for this way of meeting where that matters: done, and kept for the lists to come. */
export async function passed(way) {
  const found = await session();
  if (found) await keep(key, { client: found.client, way }).catch(() => {});
  await done();
}

/** A check came out badly: what an earlier one said counts no more. */
export async function failed() {
  const found = await session().catch(() => {});
  if (found) await drop(key, found).catch(() => {});
}

listen(heard);
