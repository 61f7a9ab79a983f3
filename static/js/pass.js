// The app on the home screen of an iPhone starts with a storage of its own, and with a pass in its address after the "#",
// which no server sees. It goes out of the address bar and to the server by itself, in that app only: a link with
// somebody's pass in it lets nobody in anywhere else.
const app = navigator.standalone || matchMedia("(display-mode: standalone)").matches;
const PASS = /^#pass=(.+)$/;
const form = document.querySelector("[data-pass]");

function say(word) {
  for (const words of document.querySelectorAll("[data-no-pass]")) words.hidden = words.dataset.noPass !== word;
}

async function enter(pass) {
  form.elements.token.value = pass;
  const body = new URLSearchParams(new FormData(form));
  const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => undefined);
  if (answer?.type === "opaqueredirect") location.replace("/");
  else say(answer?.status === 422 ? "spent" : "later");
}

function take() {
  const [, pass] = PASS.exec(location.hash) ?? [];
  if (!pass) return;
  history.replaceState(null, "", location.pathname);
  if (app) enter(pass);
}

take();
addEventListener("hashchange", take);
