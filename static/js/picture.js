// The picture check: the camera as a mirror, a guide for face and shoulders, and a word on the light. Whether it looks
// good is for the person to say. Small pictures are looked at in this page and thrown away; none is kept or sent.
import { ask, end } from "./capture.js";
import { hold, rest } from "./awake.js";
import { measure, RULES, steady, verdict } from "./picture-verdict.js";
import { refuse } from "./refused.js";
import { passed } from "./tool-tick.js";
import { aloud, begin, current, find, stage, stopping, word } from "./tool.js";

const CAMERA = { video: { facingMode: "user", width: { ideal: 640 }, height: { ideal: 480 } } };
const OFTEN = 200; // milliseconds: RULES.steady of them are a second
const BLIND = 8000; // without a picture from a camera that is on
const WHOLE = 120_000; // then it goes off by itself
const part = document.querySelector(".stage");
const [video, hint, light] = ["video", "slow", "light"].map(find);
const small = Object.assign(document.createElement("canvas"), { width: RULES.wide, height: RULES.high });
const brush = small.getContext("2d", { willReadFrequently: true });
let seen;
let shown;
let timers = [];

const on = () => ["asking", "running"].includes(current());

function off() {
  for (const timer of timers) clearTimeout(timer); // an interval's, too
  timers = [];
  video.srcObject = null;
  rest();
  end();
}

function fail(why) {
  off();
  refuse(why);
}

function show(name) {
  if (name === shown) return;
  shown = name;
  light.dataset.light = name;
  for (const each of light.querySelectorAll("[data-light-is]")) each.hidden = each.dataset.lightIs !== name;
}

function look() {
  if (video.readyState < HTMLMediaElement.HAVE_CURRENT_DATA) return;
  clearTimeout(timers[0]);
  brush.drawImage(video, 0, 0, RULES.wide, RULES.high);
  seen = [...seen.slice(1 - RULES.steady), verdict(measure(brush.getImageData(0, 0, RULES.wide, RULES.high).data))];
  show(steady(seen, shown));
}

function over() {
  off();
  stage("over");
  aloud(word("over"));
}

function mirror(stream) {
  [seen, shown] = [[], undefined];
  show("wait");
  video.srcObject = stream;
  video.play().catch(() => {}); // taken away at once
  timers = [setTimeout(() => fail("hanging"), BLIND), setInterval(look, OFTEN), setTimeout(over, WHOLE)];
  stage("running");
  hold();
}

async function go() {
  hint.hidden = true;
  stage("asking");
  await ask(CAMERA, { slow, gone: fail }).then(mirror).catch(({ why = "without" }) => why !== "stopped" && fail(why));
}

function slow() {
  if (!hint.hidden) return;
  hint.hidden = false;
  aloud(hint.textContent);
}

function good() {
  off();
  passed();
}

function stop() {
  if (!on()) return;
  off();
  stage("ready");
  aloud(word("stopped"));
}

// A phone that is held upright gives an upright picture.
function turn() {
  part.dataset.shape = video.videoHeight > video.videoWidth ? "tall" : "wide";
}

for (const button of document.querySelectorAll("[data-start]")) button.addEventListener("click", go);
find("good").addEventListener("click", good);
video.addEventListener("resize", turn);
stopping(stop);
begin();
