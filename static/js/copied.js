// A file that comes leaves its page as it is. So the answer brings a cookie as well, and when that is there, the page says
// that the file came.
const CAME = "settle_copy=1";
const form = document.querySelector("[data-copy]");
const [came, late] = ["came", "late"].map((name) => document.querySelector(`[data-${name}]`));
let looking;

function look(tries) {
  came.hidden = !document.cookie.includes(CAME);
  late.hidden = !came.hidden || tries < 60;
  looking = came.hidden ? setTimeout(look, 250, tries + 1) : 0;
}

form.addEventListener("submit", () => {
  clearTimeout(looking);
  document.cookie = `${CAME}; path=${location.pathname}; max-age=0`;
  came.hidden = late.hidden = true;
  looking = setTimeout(look, 250, 1);
});
