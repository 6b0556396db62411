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

  /* The page after "send" does not know an invitation's code, which the key of its draft holds. */
  function sending(key) { try { sessionStorage.setItem("sent", key); } catch (problem) { /* The draft expires. */ } }
  function sent() { try { return sessionStorage.getItem("sent"); } catch (problem) { return null; } }

  var finished = document.getElementById("finished"), open = finished && finished.getAttribute("data-draft"), key = sent();
  if (finished) new Draft(key && key.indexOf(open) === 0 ? key : open, 0).wipe();

  window.surveyDraft = { Draft: Draft, sweep: sweep, sending: sending };
}());
