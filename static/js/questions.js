// Questions for a first meeting: picked from a list or one's own, kept in this phone's store, with what was answered. They
// leave the phone only by the person's own hand, and the answers not at all.
import { jot } from "./jot.js";
import { drop, put, questions, whose } from "./kept-questions.js";
import { copy, share, sheet } from "./share.js";
import { fill } from "./slots.js";
import { listen } from "./store.js";
import { done, wanted } from "./tool-tick.js";
import { aloud, begin, find, session, word } from "./tool.js";

const boxes = [...document.querySelectorAll("[data-question]")];
const [list, outgoing, own] = [find("kept"), find("outgoing"), document.getElementById("own")];
const text = outgoing.querySelector("textarea");
const busy = new Set(); // boxes whose question is on its way to the store
let client; // whose questions these are
let rows = [];

const words = (box) => box.closest("label").textContent.trim();

function tell(name) {
  find("told").textContent = word(name);
}

// The page's own words, where a starter was kept in another language.
function said({ id, text: kept }) {
  const box = boxes.find(({ dataset }) => dataset.question === id);
  return box ? words(box) : kept;
}

function item(row) {
  const part = fill(document.getElementById("question"), { id: row.id, text: said(row) });
  const [field, jotted] = [part.querySelector("textarea"), part.querySelector("[data-jotted]")];
  field.value = row.answer;
  part.querySelector("details").open = Boolean(row.answer);
  const save = async (answer) => {
    await put(client, { id: row.id, answer });
    return answer.trim() ? "saved" : "empty";
  };
  jot(field, save, (name) => (jotted.textContent = word(name)));
  return part;
}

function show(found) {
  const same = found.map(({ id }) => id).join() === rows.map(({ id }) => id).join();
  rows = found;
  for (const box of boxes) if (!busy.has(box)) box.checked = rows.some(({ id }) => id === box.dataset.question);
  find("none").hidden = rows.length > 0;
  outgoing.hidden = !rows.length;
  if (same) return; // what is being typed stays
  list.replaceChildren(...rows.map(item));
  text.value = rows.map((row) => `- ${said(row)}`).join("\n");
}

async function look() {
  client = await whose(await session()).catch(() => undefined);
  if (client) show(await questions(client));
}

async function keep(id, question) {
  client ??= await whose(await wanted());
  if (!client) return tell("unkept");
  const first = !(await questions(client)).length;
  await put(client, { id, text: question });
  tell("kept");
  if (first) done();
  return undefined;
}

async function picked({ target: box }) {
  const id = box.dataset.question;
  busy.add(box);
  if (box.checked) await keep(id, words(box)).catch(() => tell("lost"));
  else await drop(client, id).then(() => tell("dropped"), () => tell("lost"));
  busy.delete(box);
  await look();
}

async function add() {
  const question = own.value.trim();
  if (!question) return own.focus();
  await keep(`own-${Date.now()}`, question).catch(() => tell("lost"));
  await look();
  if (rows.some((row) => row.text === question)) own.value = "";
  return own.focus();
}

async function dropped({ target }) {
  const button = target.closest("[data-drop]");
  if (!button) return;
  await drop(client, button.dataset.drop);
  tell("dropped");
  await look();
  list.focus();
}

function handed(outcome) {
  find("outcome").textContent = ["copied", "selected"].includes(outcome) ? word(outcome) : "";
  if (outcome === "copied") aloud(word("copied"));
}

for (const box of boxes) box.addEventListener("change", picked);
find("add").addEventListener("click", add);
own.addEventListener("keydown", ({ key }) => key === "Enter" && add());
list.addEventListener("click", dropped);
find("share").addEventListener("click", async () => handed(await share(text)));
find("copy").addEventListener("click", async () => handed(await copy(text)));
if (!sheet()) {
  find("share").remove();
  find("copy").classList.remove("quiet");
}
listen((news) => news !== "forgotten" && look());
begin().then(look).then(wanted).then(look);
