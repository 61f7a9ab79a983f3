// A steady sound made by the browser itself: white like rain, or softer, as far away. Silent until somebody starts it.
const SECONDS = 8; // so long that the ear finds no end in it
let context;
let volume;
let source;

/** Whether this browser can make one. */
export const able = Boolean(globalThis.AudioContext);

// Paul Kellet's filter, the short one: three slow sums make white noise fall off by three decibels an octave.
function soften(samples) {
  let [slow, slower, slowest] = [0, 0, 0];
  for (let at = 0; at < samples.length; at++) {
    const white = samples[at];
    slow = 0.99765 * slow + white * 0.099046;
    slower = 0.963 * slower + white * 0.2965164;
    slowest = 0.57 * slowest + white * 1.0526913;
    samples[at] = (slow + slower + slowest + white * 0.1848) * 0.2;
  }
}

function made(soft) {
  const buffer = context.createBuffer(1, SECONDS * context.sampleRate, context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let at = 0; at < samples.length; at++) samples[at] = Math.random() * 2 - 1;
  if (soft) soften(samples);
  return buffer;
}

/** Let it sound, from a tap; `loud` goes from 0 to 1. What sounded before ends. */
export function play(soft, loud) {
  context ??= new AudioContext();
  source?.stop();
  volume ??= context.createGain();
  volume.connect(context.destination);
  source = Object.assign(context.createBufferSource(), { buffer: made(soft), loop: true });
  source.connect(volume);
  level(loud);
  source.start();
  context.resume();
}

/** How loud it is, from 0 to 1: squared, as the ear has it. */
export function level(loud) {
  if (volume) volume.gain.value = loud ** 2 / 2;
}

/** Let it end. */
export function silence() {
  context?.close();
  context = volume = source = undefined;
}
