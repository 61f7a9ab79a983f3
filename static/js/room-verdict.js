// What the room check makes of what it heard. Rules only, held to tests/data/room_vectors.json. All of it is relative:
// a phone can't tell how loud a room is, only how far a voice stands out from it (R23). Figures are unvalidated starts.
export const RULES = {
  lead: 15, // windows of a tenth of a second before anything counts: the tap, a word read out
  silence: 80,
  late: 10, // at the start of the speech: the words that say so may be read out
  speech: 50,
  high: 0.9, // that part of the silence was below "the loud moments"
  voice: 0.8, // and that part of the speech below "the voice"
  quiet: 20, // all of these in tenfold logarithms of power
  headphones: 12,
  heard: 3, // what is no further over the room was no speech
  burst: 12, // loud moments over the middle of the room
  faint: 30, // what is that far under the voice does not matter
  nothing: 1e-6, // RMS: not one bit of sound
};
const CLEANERS = ["echoCancellation", "noiseSuppression", "autoGainControl"];
const IDLE = [false, undefined, "none"];

const level = (rms) => 20 * Math.log10(Math.max(rms, RULES.nothing));

function share(values, part) {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.min(Math.floor(sorted.length * part), sorted.length - 1)];
}

const silent = (values) => values.every((value) => value <= RULES.nothing);

/**
 * Whether the browser changes the sound, as it says itself: off, on, or untold. What it has no switch for
 * (`supported`) it leaves alone once echo cancellation is off.
 */
export function cleaning(settings, supported) {
  const asked = CLEANERS.filter((name) => name === "echoCancellation" || supported[name]);
  const told = asked.map((name) => settings[name] ?? undefined);
  if ([...told, settings.voiceIsolation ?? undefined].some((value) => !IDLE.includes(value))) return "on";
  return told.includes(undefined) ? "untold" : "off";
}

/**
 * The verdict on the two figures that count: how far the voice is `over` the room, and by how much loud moments `burst` out
 * of it. From the worst: unheard, loud, near, headphones, quiet. More of the first and less of the second is never worse.
 */
export function judge({ over, burst }) {
  if (over < RULES.heard) return "unheard";
  if (over < RULES.headphones) return "loud";
  if (burst >= RULES.burst && over - burst < RULES.faint) return "near";
  return over < RULES.quiet ? "headphones" : "quiet";
}

/**
 * The verdict on `silence` and `speech`, RMS of each tenth of a second: quiet, headphones, loud, near, unheard, muted; or
 * on, untold where the browser's cleaning (see above) makes it worth nothing; or gated, where silence had no sound at all.
 */
export function verdict({ silence, speech, cleaned = "untold", muted = false }) {
  if (muted || silent([...silence, ...speech])) return "muted";
  if (cleaned !== "off") return cleaned;
  if (silent(silence)) return "gated";
  const [room, loud] = [0.5, RULES.high].map((part) => level(share(silence, part)));
  return judge({ over: level(share(speech.slice(RULES.late), RULES.voice)) - room, burst: loud - room });
}
