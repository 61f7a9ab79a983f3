// Asks the browser, once, not to clear away what this phone keeps: an app on the home screen is meant to stay.
const ASKED = "settle-lasting";

/** Ask, unless this phone has been asked. Some browsers ask the person in turn, and that must not come again. */
export async function begin() {
  if (!navigator.storage?.persist || localStorage.getItem(ASKED)) return;
  localStorage.setItem(ASKED, "yes");
  await navigator.storage.persist();
}
