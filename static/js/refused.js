// Says why there is no microphone or camera, with the way on for the browser at hand, and that it can be ticked by hand.
import { browser, system } from "./refusal.js";
import { aloud, find, stage } from "./tool.js";

const part = find("refused");
const here = { browser: browser(navigator), system: system(navigator) };

function fits({ dataset }, now) {
  return Object.keys(now).every((name) => !(name in dataset) || dataset[name].split(" ").includes(now[name]));
}

/** Come to the stage "refused" and show what fits `why`: one of refusal.js, insecure, unloaded, hidden or lost. */
export function refuse(why) {
  for (const each of part.querySelectorAll("[data-why], [data-browser], [data-system]")) each.hidden = !fits(each, { why, ...here });
  part.dataset.refused = why;
  stage("refused");
  aloud(part.querySelector("h2:not([hidden])").textContent);
}
