// Puts the app on the home screen where the browser lets a page do so. Elsewhere the page says how it is done by hand.
const offer = document.querySelector("[data-offer]");
const there = document.querySelector("[data-there]");
const byHand = document.querySelector("[data-by-hand]");
let kept;

function show(part) {
  for (const each of [offer, there, byHand]) each.hidden = each !== part;
}

function keep(event) {
  event.preventDefault(); // or the browser asks by itself, at a moment of its own
  kept = event;
  offer.disabled = false;
  if (there.hidden) show(offer);
}

// A kept event asks once; after a no the browser may send another one.
async function ask() {
  offer.disabled = true;
  let answer;
  try {
    answer = await kept.prompt();
  } catch (error) {
    console.warn("The browser did not ask:", error.name);
  }
  if (answer?.outcome !== "accepted" && there.hidden) show(byHand);
}

addEventListener("beforeinstallprompt", keep);
addEventListener("appinstalled", () => show(there));
offer.addEventListener("click", ask);
if (matchMedia("(display-mode: standalone)").matches || navigator.standalone) show(there);
