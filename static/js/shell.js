// The phone's own page: what the server would show at this address, as far as this phone has it, from the same templates.
import { sessions } from "./copies.js";
import { fact } from "./store.js";
import { watch } from "./line.js";
import { fill } from "./slots.js";
import { counts, ended, order, state, words } from "./words.js";

const SHOWN = 3;
const main = document.getElementById("main");
const slot = (id) => document.getElementById(id);
const now = Date.now();

function item(line, shown, session) {
  const calendar = line.tool === "calendar" && shown.calendar;
  const part = fill(slot("item"), { ...line, [line.tool]: true, calendar, session: session.id, state: state(session, line.key) });
  part.querySelector(".item").classList.toggle("brief", state(session, line.key) === "done");
  return part;
}

function list(session, shown) {
  const part = fill(slot("list"), { id: session.id, client: session.client, seen: shown.seen, sequence: session.sequence, visit: session.way === "in_person" });
  const page = part.querySelector("[data-ticks]");
  for (const phase of order(shown.at - now).reverse()) {
    const lines = session.lines.filter((line) => line.phase === phase);
    if (!lines.length) continue;
    const section = fill(slot(`phase-${phase}`), {});
    section.querySelector("ul").append(...lines.map((line) => item(line, shown, session)));
    page.prepend(section);
  }
  return part;
}

function head(session, shown) {
  const kind = session.cancelled ? "hero-cancelled" : ended(session, now) ? "hero-ended" : "hero";
  const part = fill(slot(kind), { ...shown, way: session.way_words.toLowerCase() });
  if (kind === "hero" && !counts(session).total) part.querySelector(".ring").remove();
  return part;
}

async function one(session) {
  const shown = words(session, now);
  main.append(head(session, shown));
  if (session.cancelled) return;
  if (ended(session, now)) return gotReady(session);
  main.append(...(session.plan ? [fill(slot("plan"), session)] : []), list(session, shown));
  const [{ show, tally }, ticks] = await Promise.all([import("./tally.js"), import("./ticks.js"), import("./countdown.js")]);
  for (const row of main.querySelectorAll(".item")) show(row, row.dataset.state);
  tally();
  await ticks.begin();
}

function gotReady(session) {
  const lines = session.lines.filter(({ key }) => state(session, key) === "done");
  if (!lines.length) return;
  const part = fill(slot("got-ready"), {});
  part.querySelector("ul").append(...lines.map((line) => fill(slot("got-ready-line"), line)));
  main.append(part);
}

async function today(rows) {
  const ahead = rows.filter((session) => !ended(session, now));
  const cancelled = ahead.filter((session) => session.cancelled).slice(0, SHOWN);
  const said = (id) => cancelled.map((session) => fill(slot(id), words(session, now)));
  const [next, ...others] = ahead.filter((session) => !session.cancelled);
  if (!next) return main.append(together(fill(slot("nothing"), {}), "h1", said("cancelled-line")));
  if (cancelled.length) {
    const notices = Object.assign(document.createElement("div"), { className: "notices" });
    notices.append(...said("cancelled"));
    main.append(notices);
  }
  await one(next);
  const also = others.filter(({ client }) => client !== next.client).slice(0, SHOWN);
  if (!also.length) return;
  const part = fill(slot("also"), {});
  part.querySelector("ul").append(...also.map(entry));
  main.append(part);
}

// The part with these lines before what the selector finds.
function together(part, selector, lines) {
  part.querySelector(selector).before(...lines);
  return part;
}

function entry(session) {
  const over = ended(session, now) || session.cancelled;
  const figures = over ? { done: 0, total: 0 } : counts(session);
  const shown = words(session, now);
  return fill(slot("entry"), { ...shown, ...figures, way: session.way_words, moved: !over && shown.moved });
}

function all(rows) {
  const part = fill(slot(rows.length ? "sessions" : "sessions-none"), {});
  main.append(part);
  if (!rows.length) return;
  const [ahead, behind] = main.querySelectorAll("ul[data-list]");
  ahead.append(...rows.filter((session) => !ended(session, now)).map(entry));
  behind.append(...rows.filter((session) => ended(session, now)).reverse().map(entry));
  if (ahead.childElementCount) main.querySelector("[data-none]").remove();
  else ahead.remove();
  if (behind.childElementCount) return;
  behind.previousElementSibling.remove();
  behind.remove();
}

async function help() {
  const told = await fact("help");
  const part = fill(slot("help"), told);
  part.querySelector(".help > p").after(...told.numbers.map((row) => fill(slot("number"), row)));
  const cards = told.practices.map((row) => fill(slot("dropped-call"), { ...row, named: told.practices.length > 1 }));
  cards[0]?.querySelector("section").setAttribute("id", "call-drops");
  part.querySelector(".stack").append(...cards, fill(slot("who-sees-what"), {}), fill(slot("this-phone"), {}));
  main.append(part);
  if (location.hash) slot(location.hash.slice(1))?.scrollIntoView();
}

function mine(rows) {
  const id = /^\/sessions\/([0-9a-f-]{36})\/$/.exec(location.pathname)?.[1];
  const session = rows.find((row) => row.id === id);
  return session && (() => one(session));
}

async function begin() {
  watch();
  if (document.cookie.includes("settle_lock=1")) {
    document.body.dataset.locked = "";
    await (await import("./cover.js")).uncovered();
  }
  const [rows, known] = await Promise.all([sessions().catch(() => []), fact("cursor").catch(() => undefined)]);
  const next = () => rows.filter((session) => !session.cancelled && !ended(session, now)).slice(0, SHOWN).map(entry);
  const views = { "/": () => today(rows), "/sessions/": () => all(rows), "/help/": help, "/progress/": async () => (await import("./progress.js")).show(main, next()) };
  const view = known && (views[location.pathname] ?? mine(rows));
  main.ariaBusy = "true";
  if (view) document.querySelector("[data-offline]").hidden = false;
  else document.querySelector(".offline").classList.add("shown");
  for (const tab of document.querySelectorAll(".tabs a")) if (tab.pathname === location.pathname) tab.setAttribute("aria-current", "page");
  await view?.();
  main.ariaBusy = null;
}
begin();
