// On a phone whose person was erased, here or elsewhere: it forgets what it keeps of them, ticks that wait included.
import { forget } from "./forget.js";

forget().catch((error) => console.warn("Not everything could be forgotten:", error.name));
