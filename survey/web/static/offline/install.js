/* Asks a browser that can to keep the page that is open, for when there is no network. Others go on as they did. */
(function () {
  "use strict";

  var workers = navigator.serviceWorker, form = document.getElementById("survey");
  if (!workers || !window.caches) return;

  function path(one) { return new URL(one.href || one.src, location.href).pathname; }

  function tell(said) {
    workers.ready.then(function (found) { if (found.active) found.active.postMessage(said); })["catch"](function () { /* Online only. */ });
  }

  /* After an invitation was answered its page, and with it the code, leaves the phone. */
  window.surveyForget = function (page) { if (/\/i\//.test(page)) tell({ forget: page }); };

  if (!form || document.getElementById("problems")) return;
  window.addEventListener("load", function () {
    var files = Array.prototype.map.call(document.querySelectorAll('link[rel="stylesheet"],script[src]'), path);
    workers.register("/sw.js").then(function () { tell({ page: location.pathname, files: files }); })["catch"](function () { /* Online only. */ });
  });
}());
