// What a person may do with the figures of a check for their session: meet in a simpler way, which the therapist sees and
// can undo, or keep the figures with the session (R20). Each is a choice, and can be taken back here.
import { flush } from "./moments.js";
import { aloud, find, word } from "./tool.js";
import { tell } from "./telling.js";

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

// Each check is a choice of its own: those of an earlier one may be kept, and these are not.
function ask() {
  say("kept-figures", box.checked ? word("figures-before", subject) : "");
  box.checked = false;
}

const content = () => ({ verdict: judged.verdict, way: subject.way, ...figures });

async function keep(wanted) {
  box.disabled = true;
  const answer = await tell(`/sessions/${subject.id}/check/`, wanted ? "POST" : "DELETE", wanted ? content() : undefined);
  box.disabled = false;
  box.checked = answer.ok ? wanted : !wanted;
  say("kept-figures", answer.ok ? word(wanted ? "figures-kept" : "figures-gone", subject) : why(answer));
  aloud(find("kept-figures").textContent);
}

/** Bring up what can be done about this session (as copies.js has it; or undefined). `change(way)` is called after a switch. */
export function begin(session, change) {
  [subject, changed] = [session, change];
  find("keeping").hidden = !subject;
  if (!subject) return;
  say("who", word("who-switch", subject));
  say("keep-who", word("keep-who", subject));
}

/** A verdict has come, or a new one of the same figures. */
export function offer(found, known) {
  const fresh = known !== figures;
  [judged, figures] = [found, known];
  if (!subject) return;
  if (fresh) say("switched", "");
  if (fresh) ask();
  offers();
}

for (const button of switches) button.addEventListener("click", () => meet(button.dataset.switch));
find("undo").addEventListener("click", () => meet(before));
box.addEventListener("change", () => keep(box.checked));
