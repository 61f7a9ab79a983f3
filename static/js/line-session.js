// What a person may do with the figures of a check for their session: meet in a simpler way, which the therapist sees and
// can undo, or keep the figures with the session (R20). Each is a choice, and can be taken back here.
import { flush } from "./moments.js";
import { fact, write } from "./store.js";
import { aloud, find, word } from "./tool.js";
import { tell } from "./telling.js";

const FACT = "figures"; // the sessions that this phone keeps figures with, for the way to take them back
const box = find("keep");
const switches = [...document.querySelectorAll("[data-switch]")];
let subject;
let figures;
let judged;
let before;
let changed;

function say(part, text) {
  find(part).textContent = text;
}

const why = ({ why: name, reason }) => reason ?? word(`failed-${name}`);

// Meeting in another way

async function meet(way) {
  say("switched", word("switching"));
  const answer = await tell(`/sessions/${subject.id}/way/`, "POST", { way, sequence: subject.sequence });
  if (!answer.ok) return say("switched", why(answer));
  const back = before === way;
  before = back ? undefined : subject.way;
  subject = { ...subject, way, sequence: answer.body.sequence ?? subject.sequence + 1 };
  await changed(way);
  say("switched", word(back ? "switched-back" : `switched-${way}`, subject));
  flush({ news: true });
}

function offers() {
  for (const button of switches) button.hidden = judged.offer !== button.dataset.switch || Boolean(before);
  find("undo").hidden = !before;
  if (before) say("undo", word(`undo-${before}`));
  find("who").hidden = Boolean(before);
  find("offer").hidden = !subject || !(judged.offer || before);
}

// Keeping the figures

async function remember(kept) {
  const all = { ...(await fact(FACT).catch(() => {})), [subject.id]: kept };
  await write(({ facts }) => facts.put(all, FACT)).catch(() => {}); // then they can be taken back at this visit only
}

const content = () => ({ verdict: judged.verdict, way: subject.way, ...figures });

async function keep(wanted) {
  box.disabled = true;
  const answer = await tell(`/sessions/${subject.id}/check/`, wanted ? "POST" : "DELETE", wanted ? content() : undefined);
  box.disabled = false;
  box.checked = answer.ok ? wanted : !wanted;
  say("kept-figures", answer.ok ? word(wanted ? "figures-kept" : "figures-gone", subject) : why(answer));
  aloud(find("kept-figures").textContent);
  if (answer.ok) await remember(wanted);
}

/** Bring up what can be done about this session (as copies.js has it; or undefined). `change(way)` is called after a switch. */
export async function begin(session, change) {
  [subject, changed] = [session, change];
  find("keeping").hidden = !subject;
  if (!subject) return;
  say("who", word("who-switch", subject));
  say("keep-who", word("keep-who", subject));
  box.checked = Boolean((await fact(FACT).catch(() => {}))?.[subject.id]);
  if (box.checked) say("kept-figures", word("figures-before", subject));
}

/** A verdict has come, or a new one of the same figures. */
export async function offer(found, known) {
  const fresh = known !== figures;
  [judged, figures] = [found, known];
  if (!subject) return;
  if (fresh) say("switched", "");
  offers();
  if (fresh && box.checked) await keep(true); // the choice was made, and it is about the last check
}

for (const button of switches) button.addEventListener("click", () => meet(button.dataset.switch));
find("undo").addEventListener("click", () => meet(before));
box.addEventListener("change", () => keep(box.checked));
