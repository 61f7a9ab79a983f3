// The room check: a moment of quiet, then a few words; how far the voice stands out from the room is all it looks at.
import * as hearing from "./hearing.js";
import { ask, end } from "./capture.js";
import { refuse } from "./refused.js";
import { cleaning, RULES, verdict } from "./room-verdict.js";
import { done, failed, passed } from "./tool-tick.js";
import { aloud, begin, current, find, stage, stopping, word } from "./tool.js";

const RAW = { echoCancellation: false, noiseSuppression: false, autoGainControl: false };
const SOUND = { audio: { ...RAW, voiceIsolation: false, channelCount: 1 } };
const LOADS = 10_000; // milliseconds that our own script may take to come
const DEAF = 8000; // milliseconds without anything from a device that is on
const QUIET = RULES.lead + RULES.silence;
const HELD = 0.75; // of the bar stays for the next tenth of a second: it sinks softly
const [bar, hint, hears, level] = ["time", "slow", "hears", "level"].map(find);
const part = document.querySelector(".stage");
let heard;
let track;
let shown = 0;
let deaf;

const on = () => ["asking", "quiet", "speech"].includes(current());

function off() {
  clearTimeout(deaf);
  hearing.close();
  end();
}

function result(name) {
  off();
  part.dataset.verdict = name;
  for (const each of part.querySelectorAll("[data-verdict-is]")) each.hidden = !each.dataset.verdictIs.split(" ").includes(name);
  if (name === "quiet") passed();
  else stage("result");
  if (["loud", "near"].includes(name)) failed();
  aloud(part.querySelector("h2[data-verdict-is]:not([hidden])").textContent);
}

function fail(why) {
  off();
  refuse(why);
}

const muted = () => track.muted || !track.enabled;
const parts = () => ({ silence: heard.slice(RULES.lead, QUIET), speech: heard.slice(QUIET) });

function speech() {
  if (muted()) return result("muted");
  stage("speech");
  aloud(word("speak"));
}

function judge() {
  const cleaned = cleaning(track.getSettings(), navigator.mediaDevices.getSupportedConstraints());
  result(verdict({ ...parts(), cleaned, muted: muted() }));
}

// From a whisper to a call, as far as a bar can tell; it rises at once and sinks softly.
function show(rms) {
  const now = Math.min(Math.max((20 * Math.log10(Math.max(rms, RULES.nothing)) + 70) / 60, 0), 1);
  shown = Math.max(now, shown * HELD);
  level.style.setProperty("--level", shown.toFixed(2));
  const { speech: said } = parts();
  if (said.length > RULES.late && verdict({ ...parts(), cleaned: "off" }) !== "unheard") hears.textContent = word("hears");
}

function listenUp() {
  clearTimeout(deaf);
  deaf = setTimeout(() => fail("hanging"), DEAF);
}

function take(rms) {
  if (!on()) return;
  listenUp();
  heard.push(rms);
  bar.value = heard.length;
  show(rms);
  if (heard.length === QUIET) speech();
  else if (heard.length === QUIET + RULES.speech) judge();
}

function listen(stream) {
  [track] = stream.getAudioTracks();
  const cleaned = cleaning(track.getSettings(), navigator.mediaDevices.getSupportedConstraints());
  if (cleaned !== "off") return result(cleaned);
  stage("quiet");
  aloud(word("quiet"));
  listenUp();
  return hearing.listen(stream, take);
}

async function hear() {
  if (!hearing.able()) throw Object.assign(new Error("no worklet"), { why: "without" });
  await Promise.race([hearing.open(find("worklet").dataset.worklet), tooLong()]);
  if (on()) await listen(await ask(SOUND, { slow, gone: fail }));
}

function tooLong() {
  return new Promise((_resolve, reject) => setTimeout(reject, LOADS, Object.assign(new Error("slow"), { why: "unloaded" })));
}

async function go() {
  const mine = (heard = []);
  [shown, bar.value, hint.hidden, hears.textContent] = [0, 0, true, ""];
  stage("asking");
  await hear().catch(({ why = "unloaded" }) => mine === heard && why !== "stopped" && fail(why));
}

function slow() {
  if (!hint.hidden) return;
  hint.hidden = false;
  aloud(hint.textContent);
}

function stop() {
  if (!on()) return;
  off();
  stage("ready");
  aloud(word("stopped"));
}

for (const button of document.querySelectorAll("[data-start]")) button.addEventListener("click", go);
find("headphones").addEventListener("click", () => passed());
find("listened").addEventListener("click", done);
stopping(stop);
begin();
