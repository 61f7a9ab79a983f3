"""What a fake microphone hears and a fake camera sees: made here, so that no sound or picture has to be kept."""

import math
import struct
import wave
from contextlib import ExitStack
from random import Random

from tests.browser import harness
from tests.browser.profiles import TELL

RATE = 8000
BEFORE, TALK = 9.9, 7  # seconds: the quiet phase with what comes before it, and the words
WIDE, HIGH, A_SECOND = 160, 120, 10
FAKE = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


# Sound, as how wide noise swings at each moment (0 to 1)


def still(width):
    return lambda _: width


def beeps(width, under):
    """Return sounds of three tenths of a second, one each second, over something still."""
    return lambda at: width if at % 1 < 0.3 else under


def talking(width, under=0.0):
    """Return syllables, four a second, with a breath after each two seconds, over something still."""
    return lambda at: max(under, width * abs(math.sin(4 * math.pi * at)) ** 0.5 * (at % 2.2 < 2))


ROOMS = {
    "quiet": (still(0.002), talking(0.2, 0.002)),
    "headphones": (still(0.025), talking(0.2, 0.025)),
    "loud": (still(0.08), talking(0.2, 0.08)),
    "near": (beeps(0.05, 0.003), talking(0.2, 0.003)),
    "unheard": (still(0.002), still(0.002)),
    "muted": (still(0), still(0)),
    "gated": (still(0), talking(0.2)),
}


def samples(name):
    """Return what is heard in this room, as the room check asks for it: floats at RATE."""
    noise, (room, voice) = Random(3), ROOMS[name]  # noqa: S311 - no secret
    times = [(room, at / RATE) for at in range(int(BEFORE * RATE))]
    times += [(voice, at / RATE) for at in range(TALK * RATE)]
    return [noise.uniform(-1, 1) * width(at) for width, at in times]


def recording(folder, name):
    """Write what is heard in this room into a file for Chromium; return its path."""
    path, heard = folder / f"{name}.wav", [round(sample * 32767) for sample in samples(name)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(struct.pack(f"<{len(heard)}h", *heard))
    return path


# Pictures, as how bright each place is (0 to 255)


def _middle(x, y):
    return abs(x / WIDE - 0.5) < 0.25 and abs(y / HIGH - 0.5) < 0.3


PICTURES = {
    "fine": lambda x, y: 150 if _middle(x, y) else 90,
    "dark": lambda x, _: 10 + 50 * x / WIDE,
    "glare": lambda x, _: 215 + 40 * x / WIDE,
    "backlit": lambda x, y: 60 if _middle(x, y) else 200,
    "covered": lambda *_: 9,
}


def picture(name):
    """Return this picture as bytes of RGBA, 64 by 48, as the picture check looks at it."""
    places = [(x * WIDE / 64, y * HIGH / 48) for y in range(48) for x in range(64)]
    return [value for x, y in places for value in (*[round(PICTURES[name](x, y))] * 3, 255)]


def _frame(name):
    bright = bytes(round(16 + PICTURES[name](x, y) * 219 / 255) for y in range(HIGH) for x in range(WIDE))
    return b"FRAME\n" + bright + bytes([128]) * (WIDE * HIGH // 2)


def film(folder, *names, seconds=2.5):
    """Write a film of these pictures, each for some seconds, into a file for Chromium; return its path."""
    path = folder / "film.y4m"
    frames = b"".join(_frame(name) * int(seconds * A_SECOND) for name in names)
    path.write_bytes(f"YUV4MPEG2 W{WIDE} H{HIGH} F{A_SECOND}:1 Ip A1:1 C420jpeg\n".encode() + frames)
    return path


# Stands in for the devices of a page, and for what hears them, so that a test says what they do and waits for nothing.
# `answer`: an error by its name, "hang", "late" (until `allow()`), or nothing: then there are devices. `state` is what
# the browser tells of the permission, `settings` what the microphone tells of itself.
STAND_IN = """({ answer, message, state, settings, picture }) => {
  window.noted = { asked: [], streams: [], closed: 0, state };
  class Track extends EventTarget {
    muted = false;
    enabled = true;
    readyState = "live";
    getSettings = () => ({ echoCancellation: false, noiseSuppression: false, autoGainControl: false, ...settings });
    stop() { this.readyState = "ended"; }
  }
  const sound = (track = new Track()) => ({ getTracks: () => [track], getAudioTracks: () => [track] });
  const canvas = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
  let shown = picture;
  window.draw = (bytes) => (shown = bytes);
  const paint = () => canvas.getContext("2d").putImageData(new ImageData(new Uint8ClampedArray(shown), 64), 0, 0);
  if (picture) setInterval(paint, 50); // a stream has a picture for each painting
  const give = ({ video }) => {
    const stream = video ? canvas.captureStream(20) : sound();
    noted.streams.push(stream);
    return stream;
  };
  navigator.permissions.query = async () => {
    if (!noted.state) throw new TypeError("unknown name");
    return { state: noted.state };
  };
  navigator.mediaDevices.getUserMedia = (wanted) => {
    noted.asked.push(wanted);
    if (answer === "hang") return new Promise(() => {});
    if (answer === "late") return new Promise((resolve) => { window.allow = () => resolve(give(wanted)); });
    return answer ? Promise.reject(new DOMException(message, answer)) : Promise.resolve(give(wanted));
  };
  window.AudioContext = class {
    audioWorklet = { addModule: async () => {} };
    state = "running";
    createMediaStreamSource = () => ({ connect() {} });
    resume = async () => {};
    close() { this.state = "closed"; noted.closed += 1; }
  };
  window.AudioWorkletNode = class { constructor() { this.port = noted.ear = {}; } };
  window.hear = async (values) => {  // a tap has yet to get as far as an ear
    while (!noted.ear) await new Promise((done) => setTimeout(done, 5));
    for (const data of values) noted.ear.onmessage?.({ data });
  };
}"""
# How many microphones and cameras are on.
LIVE = """() => {
  const tracks = noted.streams.flatMap((stream) => stream.getTracks());
  return tracks.filter(({ readyState }) => readyState === "live").length;
}"""


def stand_in(page, answer="", message="", state="prompt", settings=None, picture_of=""):
    """Give the page devices that do what the test says."""
    shown = picture(picture_of) if picture_of else None
    page.evaluate(
        STAND_IN,
        {"answer": answer, "message": message, "state": state, "settings": settings or {}, "picture": shown},
    )


def loud(*parts):
    """Return what the microphone of a stand-in hears, [(RMS, tenths of a second), …]."""
    return [rms for rms, count in parts for _ in range(count)]


LEAD, SILENCE, SPEECH = 15, 80, 50  # as in static/js/room-verdict.js
HEARD = {
    "quiet": loud((0.001, LEAD + SILENCE), (0.1, SPEECH)),
    "headphones": loud((0.016, LEAD + SILENCE), (0.1, SPEECH)),
    "loud": loud((0.05, LEAD + SILENCE), (0.1, SPEECH)),
    "near": loud((0.001, LEAD + 60), (0.02, 20), (0.1, SPEECH)),
    "unheard": loud((0.001, LEAD + SILENCE + SPEECH)),
    "muted": loud((0, LEAD + SILENCE + SPEECH)),
    "gated": loud((0, LEAD + SILENCE), (0.1, SPEECH)),
}


class Phones:
    """Phones with devices of their own, each a browser of its own."""

    def __init__(self, chromium, server, watch, clock):
        self._chromium, self._server, self._watch, self._clock = chromium, server, watch, clock
        self._open = ExitStack()

    def hearing(self, path):
        return self._phone(f"--use-file-for-fake-audio-capture={path}")

    def seeing(self, path):
        return self._phone(f"--use-file-for-fake-video-capture={path}")

    def _phone(self, flag):
        browser = self._open.enter_context(self._chromium.own(*FAKE, flag))
        context = browser.new_context(**harness.PHONE, base_url=self._server.url)
        context.set_default_timeout(harness.PATIENCE)
        context.add_init_script(TELL)
        self._watch.over(context)
        self._clock.give(context)
        return context.new_page()

    def close(self):
        self._server.wait()
        self._watch.leave()
        self._open.close()
