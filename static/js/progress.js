// The page of what sessions add up to. The phone keeps what it said, with the time, and shows that without a connection.
import { fill } from "./slots.js";
import { fact, write } from "./store.js";
import { clock, full } from "./times.js";

const slot = (id) => document.getElementById(id);

// Attributes of a drawing are put in one by one: a slot in them would be no number.
function draw(svg, { bars, wide }) {
  svg.setAttribute("viewBox", `0 0 ${wide} 60`);
  for (const { x, y, high } of bars) {
    const [whole, done] = fill(slot("journey-bars"), {}).querySelectorAll("rect");
    for (const part of [whole, done]) part.setAttribute("x", x);
    done.setAttribute("y", y);
    done.setAttribute("height", high);
    svg.append(whole, done);
  }
}

function journey(person, several) {
  const { bars, checks, milestones } = person;
  const part = fill(slot("journey"), { ...person, several, checks: checks.length, milestones: milestones.length });
  for (const [name, rows] of Object.entries({ rows: bars, checks, milestones })) {
    part.querySelector(`[data-each=${name}]`)?.append(...rows.map((row) => fill(slot(`journey-${name}`), row)));
  }
  const svg = part.querySelector("[data-each=bars]");
  if (svg) draw(svg, person);
  return part;
}

/** Show what the phone kept, with these lines of sessions ahead; where nothing was kept, that a connection is needed. */
export async function show(main, ahead) {
  const kept = await fact("progress");
  if (!kept) {
    document.querySelector("[data-offline]").hidden = true;
    document.querySelector(".offline").classList.add("shown");
    return;
  }
  const [{ zone }] = kept.people;
  const part = fill(slot("progress"), { day: full(kept.at, Date.now(), zone), clock: clock(kept.at, zone), next: ahead.length });
  part.querySelector("[data-each=next]")?.append(...ahead);
  part.querySelector(".stack").append(...kept.people.map((person) => journey(person, kept.several)));
  main.append(part);
}

const page = document.querySelector("[data-progress]");
if (page) {
  const kept = { ...JSON.parse(page.dataset.progress), at: Date.now() };
  write(({ facts }) => facts.put(kept, "progress")).catch((error) => console.warn("Not kept on this phone:", error.name));
}
