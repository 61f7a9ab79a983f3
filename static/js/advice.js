// What to try for exactly this verdict: up to three steps by their names, the most useful first.
const MOST = 3;
const STEPS = {
  rtt: ["vpn", "near", "network", "tabs"],
  jitter: ["near", "others", "cable", "network"],
  late: ["near", "network", "vpn", "tabs"],
  loss: ["cable", "near", "network", "others"],
  down: ["others", "tabs", "near", "network"],
  up: ["uploads", "near", "network", "vpn"],
};
const NOTHING = ["login", "network", "vpn"];
// What a kind of network leaves of them: by cable nobody is nearer to a router.
const OTHERWISE = {
  wifi: { network: "to-mobile" },
  cellular: { network: "to-wifi", near: "window", cable: "to-wifi", others: "data-left" },
  ethernet: { near: undefined, cable: "router" },
};

function fitting(step, type) {
  const instead = OTHERWISE[type] ?? {};
  return step in instead ? instead[step] : step;
}

/** The steps for a verdict of verdict.js; `type` is the kind of network where the browser tells it. */
export function advice({ verdict, worst }, type) {
  if (verdict === "good") return [];
  if (verdict === "no_answer") return pick(NOTHING, type);
  if (!worst.length) return ["again"]; // only that something is missing
  // The first step for each of the worst figures comes before the second for any.
  const rows = worst.map((name) => STEPS[name] ?? []);
  return pick([0, 1, 2, 3].flatMap((place) => rows.map((row) => row[place])), type);
}

function pick(steps, type) {
  return [...new Set(steps.map((step) => step && fitting(step, type)))].filter(Boolean).slice(0, MOST);
}
