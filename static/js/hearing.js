// Hears through the worklet: opens it before the microphone is on (it has to be fetched), then tells each tenth of a
// second how loud it was. Closing it leaves nothing behind.
let context;

/** Make ready, from the tap itself; `address` is that of the worklet. */
export async function open(address) {
  context = new AudioContext();
  await context.audioWorklet.addModule(address);
}

/** Call `heard` with each RMS of this stream. */
export async function listen(stream, heard) {
  const meter = new AudioWorkletNode(context, "room-meter", { numberOfOutputs: 0, channelCount: 1, channelCountMode: "explicit" });
  meter.port.onmessage = ({ data }) => heard(data);
  context.createMediaStreamSource(stream).connect(meter);
  await context.resume();
}

/** Stop hearing. */
export function close() {
  if (context?.state !== "closed") context?.close();
  context = undefined;
}

/** Whether this browser can. */
export const able = () => Boolean(globalThis.AudioWorkletNode && globalThis.AudioContext);
