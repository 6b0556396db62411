/* The questionnaire without a network: pages that were opened are kept, answers in the outbox are sent when it is back.
   The network comes first; what is kept helps when it fails, or lets somebody wait. */
(function () {
  "use strict";

  var FORM = /^\/(zh|en|ko)(\/i\/[^/]+)?$/, ENTRY = /^\/(i(\/[^/]+)?)?$|^\/(zh|en|ko)\/i$/, PATIENCE = 5000;

  function pages() { return caches.open("pages"); }

  function put(path, reply) {
    return pages().then(function (kept) { return reply.ok ? kept.put(path, reply) : kept["delete"](path); });
  }

  /* What was kept that fits an address: an invitation's page for the same invitation only, in whichever language; the
     open questionnaire for everything else; else a page that says that there is no network. */
  function instead(path) {
    var parts = /^(?:\/(zh|en|ko))?(\/i\/[^/]+)?/.exec(path), wanted = parts[1] || navigator.language.slice(0, 2), rest = parts[2] || "";
    var languages = ["zh", "en", "ko"].filter(function (one) { return one !== wanted; });
    if (languages.length < 3) languages.unshift(wanted);
    function first(kept, last) {
      return Promise.all(languages.map(function (one) { return kept.match("/" + one + last); })).then(function (found) {
        return languages.map(function (one, at) { return found[at] && { path: "/" + one + last, reply: found[at] }; }).filter(Boolean)[0];
      });
    }
    return pages().then(function (kept) {
      return first(kept, rest).then(function (fits) {
        if (fits) return Response.redirect(fits.path + "#no-network");
        return first(kept, "/no-network").then(function (page) { return page ? page.reply : Response.error(); });
      });
    });
  }

  function form(event, path) {
    return pages().then(function (kept) { return kept.match(path); }).then(function (old) {
      var fresh = fetch(event.request).then(function (reply) {
        if (reply.status >= 500 && old) return old;
        if (reply.type === "basic" && !reply.redirected && reply.status < 500) event.waitUntil(put(path, reply.clone()));
        return reply;
      });
      if (!old) return fresh["catch"](function () { return instead(path); });
      var late = new Promise(function (done) { setTimeout(function () { done(old); }, PATIENCE); });
      return Promise.race([fresh["catch"](function () { return old; }), late]);
    });
  }

  function asset(request) {
    return caches.match(request).then(function (old) { return old || fetch(request); });
  }

  /* What the page that was just opened needs, then the same page in the other languages, as it is now: with the same
     files and of the same wave (`marks` in their text). Files of an older program go. */
  function keep(said) {
    var files = said.files, sheets = files.filter(function (one) { return /css$/.test(one); });
    return pages().then(function (kept) {
      function add(one) { return kept.match(one).then(function (old) { return old ? null : kept.add(one); }); }
      function renew(one, marks) {
        return kept.match(one).then(function (old) { return old ? old.text() : ""; }).then(function (text) {
          return marks.every(function (mark) { return text.indexOf(mark) >= 0; }) ? null : kept.add(one);
        });
      }
      return Promise.all([said.page].concat(files).map(add)).then(function () {
        return Promise.all(
          said.others.map(function (one) { return renew(one, files.concat(said.mark)); })
            .concat(said.also.map(function (one) { return renew(one, sheets); }))
        )["catch"](function () { /* This language only. */ });
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
    else if (request.mode === "navigate" && ENTRY.test(path)) event.respondWith(fetch(request)["catch"](function () { return instead(path); }));
    else if (path.indexOf("/assets/") === 0) event.respondWith(asset(request));
  });
}());
