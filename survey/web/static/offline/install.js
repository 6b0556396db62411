/* Asks a browser that can to keep the page that is open, for when there is no network. Others go on as they did. */
(function () {
  "use strict";

  var workers = navigator.serviceWorker, form = document.getElementById("survey");
  if (!workers || !window.caches) return;

  function path(one) { return new URL(one.href || one.src, location.href).pathname; }

  function tell(said) {
    workers.ready.then(function (found) { if (found.active) found.active.postMessage(said); })["catch"](function () { /* Online only. */ });
  }

  /* After an invitation was answered or wiped its pages, and with them the code, leave the phone. */
  window.surveyForget = function (page) { if (/\/i\//.test(page)) tell({ forget: page }); };

  if (!form || document.getElementById("problems")) return;
  window.addEventListener("load", function () {
    var files = Array.prototype.map.call(document.querySelectorAll('link[rel="stylesheet"],script[src]'), path);
    var others = Array.prototype.map.call(form.querySelectorAll("[data-language]"), function (one) { return one.getAttribute("formaction").split("?")[0]; });
    var saves = navigator.connection && navigator.connection.saveData;
    var mark = JSON.parse(document.getElementById("rules").textContent).draft;  // Names wave and questionnaire.
    var also = [location.pathname.slice(0, 3)].concat(saves ? [] : others).map(function (one) { return one.slice(0, 3) + "/no-network"; });
    var said = { page: location.pathname, files: files, mark: mark, others: saves ? [] : others, also: also };
    workers.register("/sw.js").then(function () { tell(said); })["catch"](function () { /* Online only. */ });
  });
}());
