// Proposes the time zone of this browser on the page where a practice is opened.

const list = document.getElementById("id_time_zone");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

if (list && [...list.options].some((option) => option.value === zone)) {
  list.value = zone;
}
