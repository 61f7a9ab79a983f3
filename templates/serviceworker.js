{% load i18n static %}// Opens the app when the network does not: it keeps the look and the modules, one page without any data that shows what
// this phone has in its own store, and the pages of the tools, which have no data either. No page of a person is ever
// kept here, and whatever is not asked for by GET passes by untouched.
import { clicked, pushed, renewed } from "{% static 'js/notices.js' %}";
import { sync } from "{% static 'js/sync.js' %}";

const VERSION = "settle-{{ version }}";
const LANGUAGE = "?language={{ language }}"; // of the pages that are kept; another language has a worker of its own
const OFFLINE = "{% url 'offline' %}" + LANGUAGE;
const PLAIN = "{% url 'client:plain' %}"; // for who has to leave quickly: it does not wait for the network
const FILES = {{ files|safe }};
const TOOLS = {{ tools|safe }};
const KEPT = new Set(FILES.map((file) => new URL(file, self.location).href));
// What the phone's own page can show instead. The rest says that it needs a connection.
const OWN = /^\/(sessions\/([0-9a-f-]{36}\/)?|help\/|progress\/)?$/;
const PATIENCE = 4000; // milliseconds; a line that hangs is no better than none
const DOWN = new Set([502, 503, 504]);
// How each notification looks, and what it says when its message can't be read. It shows on lock screens.
const NEUTRAL = {
  title: "{% filter escapejs %}{% translate 'Reminder' %}{% endfilter %}",
  body: "{% filter escapejs %}{% translate 'Tap to open it.' %}{% endfilter %}",
  icon: "{% static 'icons/icon-192.png' %}",
  badge: "{% static 'icons/badge-96.png' %}",
};

async function install() {
  const cache = await caches.open(VERSION);
  const pages = [OFFLINE, ...[PLAIN, ...TOOLS].map((page) => page + LANGUAGE)].map((page) => new Request(page, { cache: "reload", credentials: "omit" }));
  await cache.addAll([...FILES, ...pages]);
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

// What was cleared, by signing out or by the browser, comes back with the next page.
async function refill() {
  if (!(await own())) await install();
}

function own() {
  return caches.match(OFFLINE, { cacheName: VERSION });
}

async function fetched(event) {
  const response = (await event.preloadResponse) ?? (await fetch(event.request));
  if (DOWN.has(response.status)) throw new Error("down");
  return response;
}

function tooLong() {
  return new Promise((_resolve, reject) => setTimeout(reject, PATIENCE, new Error("too long")));
}

// A tool is kept with its headers: what its page may use, the camera perhaps, it may use without a connection as well.
async function page(event) {
  const { pathname } = new URL(event.request.url);
  const plain = pathname === PLAIN && (await caches.match(PLAIN + LANGUAGE, { cacheName: VERSION }));
  const answers = [fetched(event)];
  answers[0].catch(() => {});
  if (plain) return plain;
  const tool = TOOLS.includes(pathname);
  if (tool || OWN.test(pathname)) answers.push(tooLong());
  try {
    return await Promise.race(answers);
  } catch {
    return (tool && (await caches.match(pathname + LANGUAGE, { cacheName: VERSION }))) || (await own()) || Response.error();
  }
}

async function file(request) {
  return (await caches.match(request, { cacheName: VERSION, ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") {
    event.respondWith(page(event));
    event.waitUntil(refill().catch(() => {}));
  } else if (KEPT.has(event.request.url)) event.respondWith(file(event.request));
});
self.addEventListener("message", ({ data }) => {
  if (data === "renew") self.skipWaiting();
});
// The browser wakes us when the network is back. Throwing asks it to try again.
self.addEventListener("sync", (event) => {
  event.waitUntil(sync().then(({ fate }) => fate === "later" && Promise.reject(new Error("later"))));
});
self.addEventListener("push", (event) => event.waitUntil(pushed(event, NEUTRAL)));
self.addEventListener("notificationclick", (event) => event.waitUntil(clicked(event)));
self.addEventListener("pushsubscriptionchange", (event) => event.waitUntil(renewed(event)));
