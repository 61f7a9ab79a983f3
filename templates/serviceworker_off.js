// The app was switched back to working without this worker (SERVICE_WORKER=0): it takes itself away, with all that it
// kept. The ticks that wait on this phone are not here, and stay.
async function leave() {
  await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
  await self.registration.unregister();
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(leave()));
