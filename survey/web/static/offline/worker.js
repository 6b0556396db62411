/* The questionnaire without a network: pages that were opened are kept, answers in the outbox are sent when it is back.
   The network comes first; what is kept helps when it fails, or lets somebody wait. */
(function () {
  "use strict";

  var FORM = /^\/(zh|en|ko)(\/i\/[^/]+)?$/, ENTRY = /^\/(i(\/[^/]+)?)?$|^\/(zh|en|ko)\/i$/, PATIENCE = 5000;

  function pages() { return caches.open("pages"); }

  function put(path, reply) {
    return pages().then(function (kept) { return reply.ok ? kept.put(path, reply) : kept["delete"](path); });
  }

  /* A questionnaire that was kept, in the language of the address if there is one, with a word that there is no network. */
  function anyForm(path) {
    return pages().then(function (kept) { return kept.keys(); }).then(function (all) {
      var found = all.map(function (one) { return new URL(one.url).pathname; }).filter(function (one) { return FORM.test(one); });
      var alike = found.filter(function (one) { return one.slice(0, 3) === path.slice(0, 3); });
      return found.length ? Response.redirect((alike[0] || found[0]) + "#no-network") : Response.error();
    });
  }

  function form(event, path) {
    return pages().then(function (kept) { return kept.match(path); }).then(function (old) {
      var fresh = fetch(event.request).then(function (reply) {
        if (reply.status >= 500 && old) return old;
        if (reply.type === "basic" && !reply.redirected && reply.status < 500) event.waitUntil(put(path, reply.clone()));
        return reply;
      });
      if (!old) return fresh["catch"](function () { return anyForm(path); });
      var late = new Promise(function (done) { setTimeout(function () { done(old); }, PATIENCE); });
      return Promise.race([fresh["catch"](function () { return old; }), late]);
    });
  }

  function asset(request) {
    return caches.match(request).then(function (old) { return old || fetch(request); });
  }

  /* What the page that was just opened needs, then the same page in the other languages, as it is now: with the same
     files and of the same wave (`marks` of its text). Files of an older program go. */
  function keep(said) {
    var files = said.files, marks = files.concat(said.mark);
    return pages().then(function (kept) {
      function add(one) { return kept.match(one).then(function (old) { return old ? null : kept.add(one); }); }
      function renew(one) {
        return kept.match(one).then(function (old) { return old ? old.text() : ""; }).then(function (text) {
          return marks.every(function (mark) { return text.indexOf(mark) >= 0; }) ? null : kept.add(one);
        });
      }
      return Promise.all([said.page].concat(files).map(add)).then(function () {
        return Promise.all((said.others || []).map(renew))["catch"](function () { /* This language only. */ });
      }).then(function () { return kept.keys(); }).then(function (all) {
        return Promise.all(all.map(function (request) {
          var here = new URL(request.url).pathname;
          return here.indexOf("/assets/") === 0 && files.indexOf(here) < 0 ? kept["delete"](request) : null;
        }));
      });
    });
  }

  /* A page in every language; `rest` is its path without one. */
  function forget(rest) {
    return pages().then(function (kept) {
      return Promise.all(["/zh", "/en", "/ko"].map(function (language) { return kept["delete"](language + rest); }));
    });
  }

  function sendOne(box, request) {
    return box.match(request).then(function (kept) { return kept.json(); }).then(function (item) {
      if (item.outcome) return null;
      if (item.until && Date.now() > item.until) return box["delete"](request);
      return surveySending(item).then(function (outcome) {
        if (outcome.state === "waiting") throw new Error("not sent yet: the browser will ask again");
        return box.put(request, new Response(JSON.stringify({ id: item.id, outcome: outcome })));
      });
    });
  }

  function sendAll() {
    return caches.open("outbox").then(function (box) {
      return box.keys().then(function (all) { return Promise.all(all.map(function (one) { return sendOne(box, one); })); });
    });
  }

  self.addEventListener("install", function () { self.skipWaiting(); });
  self.addEventListener("activate", function (event) { event.waitUntil(self.clients.claim()); });
  self.addEventListener("sync", function (event) { if (event.tag === "outbox") event.waitUntil(sendAll()); });
  self.addEventListener("message", function (event) {
    if (event.data && event.data.page) event.waitUntil(keep(event.data));
    if (event.data && event.data.forget) event.waitUntil(forget(event.data.forget.slice(3)));
  });
  self.addEventListener("fetch", function (event) {
    var request = event.request, address = new URL(request.url), path = address.pathname;
    if (/\/reached$/.test(path)) event.respondWith(fetch(request));  // Its page is being left: nobody else would see it through.
    if (request.method !== "GET" || address.origin !== self.location.origin) return;
    if (request.mode === "navigate" && FORM.test(path)) event.respondWith(form(event, path));
    else if (request.mode === "navigate" && ENTRY.test(path)) event.respondWith(fetch(request)["catch"](function () { return anyForm(path); }));
    else if (path.indexOf("/assets/") === 0) event.respondWith(asset(request));
  });
}());
