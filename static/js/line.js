// The phone's own page was made without a connection, and says so until the server has answered it.
import { listen } from "./store.js";

function back({ acknowledged }) {
  if (!acknowledged) return;
  for (const words of document.querySelectorAll("[data-line]")) words.hidden = words.dataset.line !== "back";
}

/** Say that the connection is back, once it is. */
export const watch = () => listen(back);
