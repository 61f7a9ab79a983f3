// Offers the phone's own time zone where it differs from the one that times are shown for. Saving stays with the person.
import { own } from "./places.js";

const offer = document.querySelector("[data-zone-offer]");
const choice = document.querySelector("select[name=time_zone]");
const option = own(choice);

if (option && choice.value !== option.value) {
  const words = offer.querySelector("span");
  words.textContent = words.textContent.replace("{zone}", option.text);
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    choice.value = option.value;
    offer.hidden = true;
    choice.focus();
  });
}
