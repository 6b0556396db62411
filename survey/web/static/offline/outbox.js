/* Finished interviews that wait for the network: on this phone only, each under its submission's id, sent again and
   again until the server has answered. A copy lies with the worker, which may send while no page is open.
   An item lies here until its day (`until`) at the latest. Answers that were sent or came too late leave at once: what
   stays of them is a note, a day or some days long. */
(function () {
  "use strict";

  var NAME = "outbox:", SOON = 2000, LATEST = 300000, DAY = 86400000;

  function read(key) {
    var item = null;
    try { item = JSON.parse(localStorage.getItem(key)); } catch (problem) { /* Nothing of ours. */ }
    if (item && item.until && Date.now() > item.until) { drop(item.id); return null; }
    return item;
  }

  function each(act) {
    var keys = [];
    try { keys = Object.keys(localStorage); } catch (problem) { /* No storage, no outbox. */ }
    keys.forEach(function (key) { var item = key.indexOf(NAME) === 0 ? read(key) : null; if (item) act(item); });
  }

  function copies(act) {
    if (!window.caches || !navigator.serviceWorker) return Promise.resolve(null);
    return caches.open("outbox").then(act)["catch"](function () { return null; });
  }

  function put(item) {
    try { localStorage.setItem(NAME + item.id, JSON.stringify(item)); return true; } catch (problem) { return false; }
  }

  function holds(id) { try { return localStorage.getItem(NAME + id) !== null; } catch (problem) { return false; } }

  function drop(id) {
    try { localStorage.removeItem(NAME + id); } catch (problem) { /* Nothing was kept. */ }
    forget(id);
  }

  function forget(id) { copies(function (box) { return box["delete"]("/outbox/" + id); }); }

  /* Copies of what is not here any more: one may have been on its way to the worker while its item was wiped. */
  function sweep() {
    copies(function (box) {
      return box.keys().then(function (all) {
        return Promise.all(all.map(function (request) {
          return holds(new URL(request.url).pathname.slice("/outbox/".length)) ? null : box["delete"](request);
        }));
      });
    });
  }

  /* The worker's copy, and a wish to be woken when the network is back. */
  function leave(item) {
    copies(function (box) { return box.put("/outbox/" + item.id, new Response(JSON.stringify(item))); }).then(function () {
      if (navigator.serviceWorker) navigator.serviceWorker.ready.then(function (found) {
        if (found.sync) found.sync.register("outbox")["catch"](function () { /* The page sends it. */ });
      });
    });
  }

  /* What the worker found out already; else a try of our own. */
  function attempt(item) {
    return copies(function (box) { return box.match("/outbox/" + item.id); })
      .then(function (copy) { return copy ? copy.json() : null; })
      .then(function (copy) { return (copy && copy.outcome) || surveySending(item); });
  }

  /* As a form without a script would send it: for the server's own page, which says what is wrong. */
  function post(item) {
    var form = document.createElement("form");
    form.method = "post";
    form.action = item.action;
    item.body.split("&").forEach(function (pair) {
      var field = document.createElement("input"), parts = pair.split("=").map(function (part) { return decodeURIComponent(part.replace(/\+/g, " ")); });
      field.type = "hidden";
      field.name = parts[0];
      field.value = parts[1];
      form.appendChild(field);
    });
    document.body.appendChild(form);
    form.submit();
  }

  /* The successful controls of a form, with the button that was pressed. */
  function encoded(form, mode) {
    var pairs = [["mode", mode]];
    Array.prototype.forEach.call(form.elements, function (one) {
      if (!one.name || one.disabled || one.type === "submit" || one.type === "button" || one.tagName === "FIELDSET") return;
      if ((one.type === "radio" || one.type === "checkbox") && !one.checked) return;
      pairs.push([one.name, one.value]);
    });
    return pairs.map(function (pair) { return pair.map(encodeURIComponent).join("="); }).join("&");
  }

  /* days: how long the note of answers that came too late stays. changed(item, outcome) is told what became of an item. */
  function Outbox(days, changed) {
    var timer = null, pause = SOON, busy = false, more = false;

    function settle(item, outcome) {
      if (!holds(item.id)) return;
      if (outcome.state === "waiting") { leave(item); changed(item, outcome); return; }
      forget(item.id);  // What became of it takes its place at once: an item that is gone was wiped, say other tabs.
      if (outcome.state === "sent") put({ id: item.id, state: "sent", address: outcome.address, code: outcome.code, until: Date.now() + DAY });
      else if (outcome.state === "late") put({ id: item.id, state: "late", until: Date.now() + days * DAY });
      else { item.state = "refused"; put(item); }
      changed(item, outcome);
    }

    function again() {
      clearTimeout(timer);
      timer = setTimeout(flush, pause);
      pause = Math.min(pause * 2, LATEST);
    }

    function flush() {
      var waiting = [], left = false;
      each(function (item) { if (!item.state) waiting.push(item); });
      more = busy;
      if (busy || !waiting.length) return;
      busy = true;
      waiting.reduce(function (before, item) {
        return before.then(function () { return attempt(item); }).then(function (outcome) {
          left = left || outcome.state === "waiting";
          settle(item, outcome);
        });
      }, Promise.resolve())["catch"](function () { left = true; }).then(function () {
        busy = false;
        if (more) flush(); else if (left) again();
      });
    }

    function now() { pause = SOON; flush(); }

    sweep();
    window.addEventListener("storage", function (event) {
      if (!event.key || event.key.indexOf(NAME) !== 0) return;
      var item = event.newValue ? JSON.parse(event.newValue) : { id: event.key.slice(NAME.length) };
      changed(item, { state: item.state || (event.newValue ? "waiting" : "gone"), address: item.address });
    });
    window.addEventListener("online", now);
    document.addEventListener("visibilitychange", function () { if (!document.hidden) now(); });
    return { now: now };
  }

  window.surveyOutbox = {
    able: !!(window.fetch && window.Promise), DAY: DAY, Outbox: Outbox, encoded: encoded, each: each, put: put, holds: holds, drop: drop, post: post
  };
}());
