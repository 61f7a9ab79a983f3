// Loss and jitter as a call meets them: small packets over UDP, out to the practice's relay and back to this page, none of
// them sent twice. A relay alone (TURN) can do that; two ends on one phone stand for the two people.
import { limited, pause } from "./asking.js";
import { jitter } from "./figures.js";

const PACKETS = 150;
const EVERY = 20; // milliseconds, as sound is sent
const SIZE = 160; // bytes
const OPENS = 6000;
const LAST = 1000; // that the last ones may take

function ends(turn) {
  const pair = [0, 1].map(() => new RTCPeerConnection({ iceServers: [turn], iceTransportPolicy: "relay" }));
  pair.forEach((end, place) => {
    const other = pair[1 - place];
    end.addEventListener("icecandidate", ({ candidate }) => candidate && other.addIceCandidate(candidate).catch(() => {}));
  });
  return pair;
}

async function meet(one, other) {
  await one.setLocalDescription(await one.createOffer());
  await other.setRemoteDescription(one.localDescription);
  await other.setLocalDescription(await other.createAnswer());
  await one.setRemoteDescription(other.localDescription);
}

const once = (target, name) => new Promise((resolve) => target.addEventListener(name, resolve, { once: true }));

// Resolves to the two ends of a channel once it is open, or to undefined when `signal` ends first.
async function channel([one, other], signal) {
  const [out, coming] = [one.createDataChannel("line", { ordered: false, maxRetransmits: 0 }), once(other, "datachannel")];
  const opened = Promise.all([coming, once(out, "open"), meet(one, other)]);
  const done = await Promise.race([opened, once(signal, "abort")]);
  return Array.isArray(done) ? [out, done[0].channel] : undefined;
}

async function send(out, signal, told) {
  const packet = new Uint8Array(SIZE);
  const view = new DataView(packet.buffer);
  for (let number = 0; number < PACKETS && !signal.aborted; number += 1) {
    view.setUint16(0, number);
    view.setFloat64(8, performance.now());
    out.send(packet);
    told((number + 1) / PACKETS);
    await pause(EVERY, signal);
  }
  await pause(LAST, signal);
}

function hear(coming) {
  const took = new Map(); // milliseconds on the way, by number
  coming.binaryType = "arraybuffer";
  coming.addEventListener("message", ({ data }) => {
    const view = new DataView(data);
    took.set(view.getUint16(0), performance.now() - view.getFloat64(8));
  });
  return took;
}

/** {loss, jitter} in percent and milliseconds of what took how long by its number, of `count` sent; undefined if none came. */
export function lost(took, count) {
  if (!took.size) return undefined;
  const inOrder = [...took.keys()].sort((one, other) => one - other).map((number) => took.get(number));
  const spread = jitter(inOrder);
  return { loss: Math.round(((count - took.size) / count) * 1000) / 10, jitter: spread === null ? null : Math.round(spread) };
}

/** {loss, jitter} over this TURN server, or undefined when it can't be reached or nothing comes through. */
export async function overRelay(turn, signal, told) {
  const [opening, pair] = [limited(signal, OPENS), ends(turn)];
  try {
    const found = await channel(pair, opening.signal);
    if (!found) return undefined;
    const took = hear(found[1]);
    await send(found[0], signal, told);
    return signal.aborted ? undefined : lost(took, PACKETS);
  } catch (error) {
    console.warn("The relay can't be used:", error.name);
    return undefined;
  } finally {
    opening.free();
    for (const end of pair) end.close();
  }
}
