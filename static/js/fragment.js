// The token of an invitation, or of an answer from a mail, is in the address after the "#", which no server sees. It goes
// into the form and out of the address bar, and waits in the history entry in case the page is loaded again. Nothing is
// sent before a tap. Who changes the language comes back with it: a browser keeps what is after the "#" when it is led on.
const form = document.querySelector("[data-fragment]");
const without = document.querySelector("[data-no-token]");

function take() {
  const token = location.hash.slice(1) || history.state?.token;
  if (!token) return;
  history.replaceState({ token }, "", location.pathname);
  form.elements.token.value = token;
  form.hidden = false;
  without.hidden = true;
  for (const other of document.querySelectorAll("[data-carry]")) other.setAttribute("action", `${other.getAttribute("action").split("#")[0]}#${token}`);
}

take();
addEventListener("hashchange", take);
