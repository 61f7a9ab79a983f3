// Saves what is typed into a field, a moment after the last key and at once when the page goes out of sight.
const PAUSE = 400; // milliseconds

/**
 * `save(text)` keeps it and resolves to the word for that; `say(word)` tells it: "typing", what save said, or "lost".
 * Returns {now, show}: save at once what is not saved yet; show a text that came from elsewhere.
 */
export function jot(field, save, say) {
  let timer;
  let open = false;
  let saving; // resolves once what was typed last is kept

  async function keep() {
    open = false;
    const word = await save(field.value).catch(() => "lost");
    open ||= word === "lost";
    if (!open || word === "lost") say(word);
  }

  // A tap elsewhere is a change first, and then perhaps the way out, which has to wait for what the change began.
  function now() {
    clearTimeout(timer);
    if (open) saving = keep();
    return saving;
  }

  function typed() {
    open = true;
    say("typing");
    clearTimeout(timer);
    timer = setTimeout(now, PAUSE);
  }

  function show(text) {
    if (!open && field.value !== text) field.value = text;
  }

  field.addEventListener("input", typed);
  field.addEventListener("change", now);
  addEventListener("pagehide", now);
  addEventListener("leaving", ({ detail }) => detail.push(now())); // worker.js: a page that goes away may not get to it
  document.addEventListener("visibilitychange", now);
  return { now, show };
}
