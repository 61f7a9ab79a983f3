// Proposes the time zone of this browser on the page where a practice is opened.
import { own } from "./places.js";

const list = document.getElementById("id_time_zone");
const option = list && own(list);

if (option) list.value = option.value;
