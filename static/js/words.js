// The words of a session on the phone's own page, the same as views/client/showing.py gives the server's.
import { clock, day, left, wall } from "./times.js";

const PHASES = ["ahead", "hour", "just_before"];
const ENDS = [3600_000, 900_000]; // milliseconds before the start, as in pure/phases.py

/** Whether a session is over at `now` (milliseconds). */
export const ended = (session, now) => Date.parse(session.ends_at) <= now;

/** How an item of a session stands: open, done or na. */
export const state = (session, key) => session.states[key] ?? "open";

/** What the templates say of a session at `now`. */
export function words(session, now) {
  const at = Date.parse(session.starts_at);
  const { zone } = session;
  const visit = session.way === "in_person";
  return {
    ...session,
    at,
    seen: session.clock.join(","),
    day: day(at, now, zone),
    clock: clock(at, zone),
    wall: wall(at, zone),
    left: left(at, now, zone),
    when: `${day(at, now, zone)}, ${clock(at, zone)}`,
    moved: session.moved_from && `${day(Date.parse(session.moved_from), now, zone)}, ${clock(Date.parse(session.moved_from), zone)}`,
    directions: visit && session.link,
    join: !visit && session.link,
    opens: clock(Date.parse(session.opens_at), zone),
    no_link: !session.link && ["video", "text"].includes(session.way),
    calendar: `/sessions/${session.id}/calendar.ics`,
    url: `/sessions/${session.id}/`,
  };
}

/** {done, total} of the items that apply. */
export function counts(session) {
  const states = session.lines.map(({ key }) => state(session, key));
  const total = states.filter((one) => one !== "na").length;
  return { done: states.filter((one) => one === "done").length, total };
}

/** The phases in the order for `wait` milliseconds before the start. */
export function order(wait) {
  const current = ENDS.filter((end) => wait < end).length;
  return [...PHASES.slice(current), ...PHASES.slice(0, current).reverse()];
}
