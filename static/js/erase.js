// Erasing on the only phone of its kind: once the server has erased, this phone forgets all it keeps as well. A form that
// was refused is sent once more by the browser itself, for the page that says why.
import { leave } from "./forget.js";

const form = document.querySelector("[data-erase]");

form.addEventListener("submit", async (event) => {
  if (!window.indexedDB) return;
  event.preventDefault();
  try {
    if (!(await leave(form))) form.submit();
  } catch {
    document.querySelector("[data-failed]").hidden = false;
  }
});
