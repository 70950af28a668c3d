// The service worker: keeps what the page is made of, so that it works offline after the first visit.
// The build puts VERSION (a hash of all files) and FILES (their names) before this text.
const CACHE = `podfit-${VERSION}`;

// No skipWaiting: an open page keeps the files that it was made with; the new ones serve the next visit.
self.addEventListener("install", (event) => {
  // "reload": what the browser's own cache holds may be older than this list.
  const requests = FILES.map((file) => new Request(file, { cache: "reload" }));
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(requests)));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("podfit-") && name !== CACHE);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || new URL(request.url).origin !== self.location.origin) return;
  const page = request.mode === "navigate";
  event.respondWith(
    caches.open(CACHE).then(async (cache) => {
      const kept = await cache.match(page ? "./" : request, { ignoreSearch: page, ignoreVary: true });
      return kept ?? fetch(request);
    }),
  );
});
