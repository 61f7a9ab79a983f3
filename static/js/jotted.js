// The first words of the note for this session, on its list: they lead to the whole of it.
import { notes } from "./notes.js";

const LONGEST = 60; // letters
const page = document.querySelector("[data-ticks]");

function first(text) {
  const [line] = text.trim().split("\n");
  return line.length > LONGEST || line !== text.trim() ? `${[...line].slice(0, LONGEST).join("").trim()}…` : line;
}

/** Show them, or take them away. */
export async function show() {
  const note = (await notes()).find(({ session }) => session === page.dataset.session);
  const chip = page.querySelector('.chip[href^="/tools/note/"]');
  const item = chip?.closest(".item");
  const shown = item?.querySelector(".jotted");
  if (!note || !item) return shown?.remove();
  const link = shown ?? Object.assign(document.createElement("a"), { className: "jotted", href: chip.getAttribute("href") });
  link.textContent = first(note.text);
  if (!shown) item.querySelector(".more").before(link);
}
