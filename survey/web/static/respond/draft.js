/* The draft of an interview: on this device only, for some days, and gone as soon as the answers were received. */
(function () {
  "use strict";

  function Draft(key, days) { this.key = key; this.lasts = days * 86400000; }
  Draft.prototype.read = function () {
    try {
      var kept = JSON.parse(localStorage.getItem(this.key) || "null");
      if (kept && Date.now() - kept.at < this.lasts) return kept;
      if (kept) this.wipe();
    } catch (problem) { /* No storage, or something that is no draft: there is nothing to go on with. */ }
    return null;
  };
  Draft.prototype.keep = function (draft) {
    draft.at = Date.now();
    try { localStorage.setItem(this.key, JSON.stringify(draft)); return true; } catch (problem) { return false; }
  };
  Draft.prototype.wipe = function () {
    try { localStorage.removeItem(this.key); sessionStorage.removeItem(this.key); } catch (problem) { /* Nothing was kept. */ }
  };

  function sweep(days) {
    try {
      Object.keys(localStorage).forEach(function (key) {
        if (key.indexOf("survey:") === 0) new Draft(key, days).read();
      });
    } catch (problem) { /* No storage. */ }
  }

  var finished = document.getElementById("finished");
  if (finished) new Draft(finished.getAttribute("data-draft"), 0).wipe();

  window.surveyDraft = { Draft: Draft, sweep: sweep };
}());
