// Keeps what the offline page needs, and shows that page when a page can't be fetched. It holds nothing of a person:
// pages are never kept, and whatever is not asked for by GET passes by untouched.
const VERSION = "settle-{{ version }}";
const OFFLINE = "{% url 'offline' %}";
const FILES = {{ files|safe }};
const KEPT = new Set(FILES.map((file) => new URL(file, self.location).href));

async function install() {
  const cache = await caches.open(VERSION);
  await cache.addAll([...FILES, new Request(OFFLINE, { cache: "reload", credentials: "omit" })]);
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name !== VERSION).map((name) => caches.delete(name)));
  await self.registration.navigationPreload?.enable();
  await self.clients.claim();
}

async function page(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return caches.match(OFFLINE);
  }
}

async function file(request) {
  return (await caches.match(request, { ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  if (event.request.mode === "navigate") event.respondWith(page(event));
  else if (KEPT.has(event.request.url)) event.respondWith(file(event.request));
});
