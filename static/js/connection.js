// The check of the connection: it measures the line to our own server, says what that means for the way of meeting, and
// what to try. It ends by itself, and can be stopped at any moment.
import { judged, unjudged } from "./line-card.js";
import { begin as beginSession, offer } from "./line-session.js";
import { measure } from "./measure.js";
import { listen } from "./store.js";
import { failed, passed } from "./tool-tick.js";
import { aloud, begin, current, find, session, stage, stopping, word } from "./tool.js";
import { overRelay } from "./udp.js";
import { verdict } from "./verdict.js";

const PARTS = { start: [0, 2], replies: [2, 40], incoming: [40, 70], outgoing: [70, 100], loss: [0, 100] };
const WAYS = ["video", "voice", "text"];
const bar = document.querySelector(".stage progress");
let subject;
let way = "video"; // what is asked most of a line; also for who meets in person and tries it out
let figures;
let turn;
let control;
let step;

function told(name, part, values) {
  const [from, to] = PARTS[name];
  bar.value = from + (to - from) * Math.min(part, 1);
  const text = word(`doing-${name}`, values);
  if (find("doing").textContent !== text) find("doing").textContent = text;
  if (step !== name) aloud(text);
  step = find("mark").dataset.step = name;
}

async function judge() {
  const found = verdict(figures, way);
  const text = judged(found, figures, way);
  find("more-loss").hidden = !turn || figures.loss !== null || !globalThis.RTCPeerConnection;
  offer(found, figures);
  if (["good", "fair"].includes(found.verdict)) await passed(way);
  else {
    stage(found.verdict === "poor" ? "poor" : "nothing");
    await failed();
  }
  aloud(text);
}

// Do `work` in the stage "running", and return what it found; undefined if it was stopped meanwhile.
async function run(work) {
  control?.abort();
  const own = (control = new AbortController());
  step = undefined;
  find("note").textContent = "";
  stage("running");
  const found = await work(own.signal);
  return own.signal.aborted ? undefined : found;
}

async function check() {
  find("loss-failed").textContent = "";
  const found = await run((signal) => measure(signal, told));
  if (!found) return;
  if (found.refused) {
    const text = unjudged(found);
    stage("nothing");
    aloud(text);
    return;
  }
  ({ figures, turn } = found);
  await judge();
}

async function checkLoss() {
  const found = await run((signal) => (told("loss", 0), overRelay(turn, signal, (part) => told("loss", part)).then((loss) => ({ loss }))));
  if (!found) return;
  if (found.loss) figures = { ...figures, ...found.loss };
  await judge();
  if (found.loss) return;
  find("loss-failed").textContent = word("loss-failed");
  aloud(word("loss-failed"));
}

function stop(name = "stopped") {
  if (current() !== "running") return;
  control.abort();
  stage("ready");
  find("note").textContent = word(name);
  aloud(word(name));
}

async function prepare() {
  const found = await session();
  const late = !subject && ["done", "poor"].includes(current());
  subject = WAYS.includes(found?.way) ? found : undefined; // in person there is no line to meet over
  if (subject) ({ way } = subject);
  find("for").textContent = word(subject ? `for-${way}` : "for-none");
  await beginSession(subject, (next) => {
    way = next;
    return judge();
  });
  if (subject && late) await judge();
}

for (const button of document.querySelectorAll("[data-start]")) button.addEventListener("click", check);
find("loss").addEventListener("click", checkLoss);
// A browser slows down what is out of sight, and would measure that.
document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && stop("hidden"));
stopping(() => stop());
// The copies of this phone may still be on their way.
listen(() => (!subject || ["ready", "running"].includes(current())) && prepare().catch(() => {}));
prepare().catch(() => {}).then(begin);
