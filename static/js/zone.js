// Offers the phone's own time zone where it differs from the one that times are shown for. Saving stays with the person.
const offer = document.querySelector("[data-zone-offer]");
const choice = document.querySelector("select[name=time_zone]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
const option = [...choice.options].find(({ value }) => value === zone);

if (option && choice.value !== zone) {
  const words = offer.querySelector("span");
  words.textContent = words.textContent.replace("{zone}", option.text);
  offer.hidden = false;
  offer.querySelector("button").addEventListener("click", () => {
    choice.value = zone;
    offer.hidden = true;
    choice.focus();
  });
}
