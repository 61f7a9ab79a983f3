// Takes away the notifications about a list that has just become all done, wherever it was ticked.
import { sessions } from "./copies.js";
import { listen } from "./store.js";
import { counts } from "./words.js";

async function ready() {
  const done = ({ done, total }) => total > 0 && done === total;
  return new Set((await sessions()).filter((session) => done(counts(session))).map(({ id }) => id));
}

async function takeAway(tags) {
  const registration = await navigator.serviceWorker?.getRegistration();
  for (const tag of tags) {
    for (const shown of (await registration?.getNotifications({ tag })) ?? []) shown.close();
  }
}

/** Look now, and after each change. What was all done before stays: the last reminder before the start comes all the same. */
export async function begin() {
  let before = await ready();
  let last = Promise.resolve();
  const look = async () => {
    const now = await ready();
    const fresh = [...now].filter((id) => !before.has(id));
    before = now;
    await takeAway(fresh);
  };
  listen((word) => word !== "forgotten" && (last = last.then(look, look)));
}
