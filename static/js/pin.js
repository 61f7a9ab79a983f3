// The PIN of the app lock. It keeps whoever picks the phone up from reading along; it encrypts nothing. A cookie tells
// the server only that there is one, so that a page comes covered.
import { fact, tell, write } from "./store.js";

const ROUNDS = 310_000; // of PBKDF2 with SHA-256
const FREE = 3; // wrong tries before one has to wait
const LONGEST = 300_000;
const COOKIE = "settle_lock=1; path=/; samesite=lax";

async function digest(pin, salt) {
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(pin), "PBKDF2", false, ["deriveBits"]);
  return crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS }, key, 256);
}

function same(one, other) {
  const [left, right] = [new Uint8Array(one), new Uint8Array(other)];
  return left.every((byte, place) => byte === right[place]);
}

function cover(on) {
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `${COOKIE}${secure}; max-age=${on ? 34_560_000 : 0}`;
}

/** Let pages come uncovered from now on. */
export const uncover = () => cover(false);

/** Whether the app is locked with a PIN. */
export async function locked() {
  return Boolean(await fact("pin"));
}

/** Lock the app with a PIN, a text of digits. */
export async function lock(pin) {
  const salt = crypto.getRandomValues(new Uint8Array(16));
  const hash = await digest(pin, salt);
  await write(({ facts }) => facts.put({ salt, hash, wrong: 0, until: 0 }, "pin"));
  cover(true);
  tell("locked");
}

/** Take the lock away. */
export async function unlock() {
  await write(({ facts }) => facts.delete("pin"));
  uncover();
}

/** Try a PIN: {right, wait}, where `wait` is how many milliseconds to wait before the next try. One try at a time. */
export function attempt(pin, now = Date.now()) {
  const one = () => tried(pin, now);
  return navigator.locks ? navigator.locks.request("settle-pin", one) : one();
}

async function tried(pin, now) {
  const kept = await fact("pin");
  if (!kept) return { right: true, wait: 0 };
  const left = Math.min(kept.until - now, LONGEST); // the clock may have been a year ahead
  if (left > 0) return waits(kept, left, now);
  const right = same(await digest(pin, kept.salt), kept.hash);
  const wrong = right ? 0 : kept.wrong + 1;
  const wait = wrong > FREE ? Math.min(1000 * 2 ** (wrong - FREE), LONGEST) : 0;
  await write(({ facts }) => facts.put({ ...kept, wrong, until: now + wait }, "pin"));
  return { right, wait };
}

async function waits(kept, wait, now) {
  await write(({ facts }) => facts.put({ ...kept, until: now + wait }, "pin"));
  return { right: false, wait };
}
