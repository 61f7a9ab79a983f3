// A soft tone that swells and fades, made by the browser itself. Silent until somebody switches it on.
const LOUD = 0.07;
let context;

/** Whether this browser can make one. */
export const able = Boolean(globalThis.AudioContext);

/** Switch it on (from a tap: a browser lets no page sound by itself) or off. */
export function sound(on) {
  if (on) context ??= new AudioContext();
  else {
    context?.close();
    context = undefined;
  }
}

/** Let it swell for a second and fade over `seconds` more; nothing while it is switched off. */
export function swell(hertz, seconds) {
  if (!context) return;
  const [tone, volume, now] = [context.createOscillator(), context.createGain(), context.currentTime];
  tone.frequency.value = hertz;
  volume.gain.setValueAtTime(0, now);
  volume.gain.linearRampToValueAtTime(LOUD, now + 1);
  volume.gain.linearRampToValueAtTime(0, now + 1 + seconds);
  tone.connect(volume).connect(context.destination);
  tone.start(now);
  tone.stop(now + 1 + seconds);
}
