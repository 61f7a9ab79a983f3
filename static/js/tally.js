// What the page says about its ticks: each item's state, the counts, the ring and what comes next.
const page = document.querySelector("[data-ticks]");
const count = (done, total) => (total ? page.dataset.count.replace("{done}", done).replace("{total}", total) : "");
const among = (part, state) => part.querySelectorAll(`.item[data-state="${state}"]`).length;

/** Show an item in a state: done, open or na. */
export function show(item, state) {
  const tick = item.querySelector(".tick");
  item.dataset.state = state;
  if (state !== "done") item.classList.remove("brief");
  tick.ariaChecked = String(state === "done");
  tick.value = state === "done" ? "open" : "done";
}

function figures(part) {
  const done = among(part, "done");
  return [done, done + among(part, "open")];
}

function ring(done, total) {
  const [, arc] = document.querySelectorAll(".ring circle");
  if (!arc) return;
  arc.setAttribute("pathLength", Math.max(total, 1));
  arc.setAttribute("stroke-dasharray", `${done} ${Math.max(total, 1)}`);
  document.querySelector(".ring b").textContent = count(done, total) || "0";
}

/** Bring the counts, the ring and the next thing to do up to date with the items, and tell the page so. */
export function tally() {
  for (const part of page.querySelectorAll("section")) {
    part.querySelector(".phase span").textContent = count(...figures(part));
  }
  const [done, total] = figures(page);
  ring(done, total);
  page.querySelector("[aria-current]")?.removeAttribute("aria-current");
  page.querySelector('.item[data-state="open"]')?.setAttribute("aria-current", "step");
  document.querySelector("[data-all-set]").hidden = !total || done < total;
  page.dispatchEvent(new Event("tally", { bubbles: true }));
}
