// One thing to say: a note for a session, in this phone's store and nowhere else. It leaves the phone only by the person's
// own hand, one note at a time.
import { jot } from "./jot.js";
import { notes, put, remove } from "./notes.js";
import { share } from "./share.js";
import { fill } from "./slots.js";
import { listen } from "./store.js";
import { full } from "./times.js";
import { done, wanted } from "./tool-tick.js";
import { aloud, begin, find, session, word } from "./tool.js";

const FEW = 200; // letters left from which on they are counted
const field = document.getElementById("note");
const [kept, erase, shares] = ["keep", "erase", "share"].map(find);
let mine; // the session that the note is for
let before = false; // whether there was a note already

function say(name) {
  find("jotted").textContent = word(name);
  find("jotted").dataset.now = name;
  if (!["typing", "empty"].includes(name) && find("jotted").dataset.told !== name) {
    find("jotted").dataset.told = name; // once: a voice that says it after every word would be in the way
    aloud(word(name));
  }
}

function count() {
  const left = field.maxLength - field.value.length;
  find("count").textContent = left < FEW ? word("left", { count: left }) : "";
  for (const part of [erase, shares]) part.hidden = !field.value.trim();
}

async function save(text) {
  mine ??= await wanted();
  if (!mine) return "unkept";
  await put(mine, { text, kept: kept.checked });
  if (!text.trim()) return "empty";
  if (!before) done();
  before = true;
  return "saved";
}

const writing = jot(field, save, say);

function other(note) {
  const day = full(Date.parse(note.starts_at), Date.now(), note.zone);
  return fill(document.getElementById("other"), { day, text: note.text, session: note.session });
}

let listed;

// The same rows again leave the list as it is: a button may have been tapped once of two times.
function others(rows) {
  if (listed === JSON.stringify(rows)) return;
  listed = JSON.stringify(rows);
  find("others").hidden = !rows.length;
  find("others").querySelector("ul").replaceChildren(...rows.map(other));
}

// What another page of this phone saved shows up here, unless something is being typed.
async function look() {
  const [late, shown] = [!mine && field.value.trim(), field.value];
  const subject = await session();
  if (subject?.id !== mine?.id) before = false; // another session's note, whose item is open
  mine = subject;
  find("keeping").hidden = !mine;
  const rows = await notes().catch(() => []); // where nothing can be kept
  const own = rows.find((note) => note.session === mine?.id);
  others(rows.filter((note) => note !== own));
  if (!mine) return;
  if (late && !own) return field.dispatchEvent(new Event("input")); // typed before the sessions were here
  before ||= Boolean(own);
  if (field.value === shown) writing.show(own?.text ?? "");
  kept.checked = own?.kept ?? kept.checked;
  if (own && find("jotted").dataset.now !== "typing") say("saved");
  count();
}

function sure(button) {
  if (button.dataset.asked) return true;
  button.dataset.asked = "yes";
  button.textContent = word("sure");
  aloud(word("sure"));
  return false;
}

async function gone() {
  field.value = "";
  await writing.now();
  if (mine) await remove(mine.id);
  say("empty");
  count();
  delete erase.dataset.asked;
  erase.textContent = word("delete");
  aloud(word("deleted"));
  field.focus();
}

async function hand() {
  const outcome = await share(field);
  find("outcome").textContent = ["copied", "selected"].includes(outcome) ? word(outcome) : "";
}

async function drop({ target }) {
  const button = target.closest("[data-drop]");
  if (!button || !sure(button)) return;
  await remove(button.dataset.drop);
  aloud(word("deleted"));
  find("others").focus();
}

field.addEventListener("input", count);
kept.addEventListener("change", () => mine && field.value.trim() && put(mine, { text: field.value, kept: kept.checked }));
erase.addEventListener("click", () => sure(erase) && gone());
shares.addEventListener("click", hand);
find("others").addEventListener("click", drop);
listen((news) => news !== "forgotten" && look());
document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && look());
begin().then(look).then(wanted).then(look);
