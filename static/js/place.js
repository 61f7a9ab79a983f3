// No private place today: other places, a steady sound, other ways to meet, a phrase, and the way out.
import { jot } from "./jot.js";
import { able, level, play, silence } from "./noise.js";
import { phrase, putPhrase, someones } from "./notes.js";
import { listen } from "./store.js";
import { wanted } from "./tool-tick.js";
import { aloud, begin, current, find, session, stage, stopping, word } from "./tool.js";

const field = document.getElementById("phrase");
const loud = document.getElementById("loud");
const kinds = [...document.querySelectorAll("[data-noise]")];
let soft = true;

const running = () => current() === "running";

function start() {
  play(soft, loud.value / 100);
  stage("running");
  aloud(word("on"));
}

function stop() {
  if (!running()) return;
  silence();
  stage("ready");
  aloud(word("off"));
}

function pick({ currentTarget: chosen }) {
  soft = chosen.dataset.noise === "soft";
  for (const kind of kinds) kind.setAttribute("aria-pressed", kind === chosen);
  if (running()) play(soft, loud.value / 100);
}

function say(name) {
  find("jotted").textContent = word(name);
}

async function save(text) {
  if (!(await someones())) return "unkept";
  await putPhrase(text);
  return text.trim() ? "saved" : "empty";
}

const writing = jot(field, save, say);

async function look() {
  const [found, kept] = [await session(), await phrase().catch(() => "")];
  if (kept) writing.show(kept);
  if (found) find("answers").href = `/sessions/${found.id}/#answer`;
}

for (const kind of kinds) kind.addEventListener("click", pick);
find("start").addEventListener("click", start);
loud.addEventListener("input", () => level(loud.value / 100));
if (!able) find("sound").remove();
stopping(stop);
listen((news) => news !== "forgotten" && look());
begin().then(look).then(wanted).then(look);
