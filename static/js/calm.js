// Three slow minutes: breathe in for four seconds and out for six, by a circle and by words. It can be paused and left at
// any moment. The time is read from the clock, so that a phone that slept meanwhile does not stretch it.
import { hold, rest } from "./awake.js";
import { done } from "./tool-tick.js";
import { aloud, begin, current, find, stage, stopping, word } from "./tool.js";
import { able, sound, swell } from "./tone.js";

const WHOLE = 180_000; // milliseconds
const BREATH = 10_000;
const IN = 4000;
const LEFT = [150_000, 90_000, 45_000]; // from here on it is 3, 2, 1 minutes, and less than one
const TONES = { in: [196, 2.5], out: [147, 4.5] }; // hertz, seconds
const [circle, guide, left, bar] = ["breath", "guide", "left"].map(find).concat(document.querySelector(".stage progress"));
let before = 0;
let since;
let timer;

const running = () => current() === "running";
const elapsed = () => before + (running() ? Math.max(Date.now() - since, 0) : 0);

function show(breath, text = word(breath)) {
  circle.dataset.breath = breath;
  if (guide.textContent !== text) guide.textContent = text;
}

function breathe(breath) {
  if (circle.dataset.breath === breath) return;
  show(breath);
  swell(...TONES[breath]);
}

function tell(time) {
  const minutes = LEFT.filter((least) => time > least).length;
  const text = word(`left-${minutes}`);
  if (left.textContent === text) return;
  left.textContent = text;
  aloud(text);
}

function step() {
  const at = elapsed();
  clearTimeout(timer);
  if (at >= WHOLE) return finish();
  breathe(at % BREATH < IN ? "in" : "out");
  tell(WHOLE - at);
  bar.value = Math.floor(at / 1000);
  timer = setTimeout(step, 1000 - (at % 1000));
}

function go(from) {
  before = from;
  since = Date.now();
  stage("running");
  hold();
  step();
}

function halt(name) {
  before = elapsed();
  clearTimeout(timer);
  stage(name);
  rest();
}

function finish() {
  clearTimeout(timer);
  rest();
  show("rest", word("over"));
  done();
}

function pause() {
  halt("paused");
  show("rest", word("paused"));
}

function stop() {
  if (!["running", "paused"].includes(current())) return;
  halt("ready");
  show("rest", word("stopped"));
}

function toggle({ currentTarget: button }) {
  const on = button.ariaPressed !== "true";
  button.setAttribute("aria-pressed", on);
  sound(on);
}

for (const button of document.querySelectorAll("[data-start]")) button.addEventListener("click", () => go(0));
find("pause").addEventListener("click", pause);
find("go-on").addEventListener("click", () => go(before));
find("sound").addEventListener("click", toggle);
if (!able) find("sound").remove();
document.addEventListener("visibilitychange", () => running() && step());
stopping(stop);
begin();
