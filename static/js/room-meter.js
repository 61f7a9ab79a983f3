// The worklet of the room check: how loud each tenth of a second was, one number each (RMS, 0 to 1). It hears every
// sample, so a short sound is not missed; the sound itself goes nowhere. What a microphone adds evenly is taken out.
const WINDOW = Math.round(sampleRate / 10);

class Meter extends AudioWorkletProcessor {
  sum = 0;
  squares = 0;
  count = 0;

  // Called with nothing while the device gives nothing: that is silence, too.
  process([[samples]]) {
    for (let at = 0; at < 128; at++) this.take(samples?.[at] ?? 0);
    return true;
  }

  take(sample) {
    this.sum += sample;
    this.squares += sample * sample;
    if (++this.count < WINDOW) return;
    const mean = this.sum / WINDOW;
    this.port.postMessage(Math.sqrt(Math.max(this.squares / WINDOW - mean * mean, 0)));
    this.sum = this.squares = this.count = 0;
  }
}

registerProcessor("room-meter", Meter);
