/* The draft of an interview: on this device only, for some days, and gone as soon as the answers were received. */
(function () {
  "use strict";

  function Draft(key, days) { this.key = key; this.lasts = days * 86400000; }
  Draft.prototype.read = function () {
    try {
      var kept = JSON.parse(localStorage.getItem(this.key) || "null");
      if (kept && Math.abs(Date.now() - kept.at) < this.lasts) return kept;  // A clock may have run ahead.
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

  /* Whether there is anything in a draft that somebody would miss. */
  function begun(kept) {
    return kept.screen !== "opening" || Object.keys(kept.values || {}).some(function (name) { return name !== "consent"; });
  }

  /* Drafts that are too old go, and the kept page of their invitation. */
  function sweep(days) {
    try {
      Object.keys(localStorage).forEach(function (key) {
        var code = key.split("#")[0].split(":")[3];
        if (key.indexOf("survey:") !== 0 || new Draft(key, days).read()) return;
        if (code && window.surveyForget) window.surveyForget("/zh/i/" + code);
      });
    } catch (problem) { /* No storage. */ }
  }

  /* The wave whose keys begin like this has closed: its drafts end. Gives the submissions of those that had begun. */
  function end(wave) {
    var ended = [];
    try {
      Object.keys(localStorage).filter(function (key) { return key.indexOf(wave + ":") === 0; }).forEach(function (key) {
        var draft = new Draft(key, 0), kept = JSON.parse(localStorage.getItem(key));
        if (begun(kept)) ended.push(kept.submission);
        draft.wipe();
      });
    } catch (problem) { /* No storage. */ }
    return ended;
  }

  /* A key is "survey:wave:questionnaire", with ":code" of an invitation, with "#id" where another draft was there
     before. The newest draft for this wave and invitation, of this questionnaire or an older version of it. */
  function newest(key, days) {
    var found = null, own = key.split(":");
    function fits(other) {
      var parts = other.split("#")[0].split(":");
      return parts.length === own.length && parts[1] === own[1] && parts[3] === own[3];
    }
    try {
      Object.keys(localStorage).filter(fits).forEach(function (name) {
        var draft = new Draft(name, days), kept = draft.read();
        if (kept && begun(kept) && (!found || kept.at > found.kept.at)) found = { draft: draft, kept: kept, older: name.split("#")[0] !== key };
      });
    } catch (problem) { /* No storage. */ }
    return found;
  }

  /* The draft of a submission, whatever its key: an invitation that was used meanwhile leaves its code's behind. */
  function of(submission, days) {
    var found = null;
    try {
      Object.keys(localStorage).filter(function (key) { return key.indexOf("survey:") === 0; }).forEach(function (key) {
        var draft = new Draft(key, days), kept = draft.read();
        if (kept && kept.submission === submission) found = { draft: draft, kept: kept };
      });
    } catch (problem) { /* No storage. */ }
    return found;
  }

  /* The page after "send" does not know an invitation's code, which the key of its draft holds. */
  function sending(key) { try { sessionStorage.setItem("sent", key); } catch (problem) { /* The draft expires. */ } }
  function sent() { try { return sessionStorage.getItem("sent"); } catch (problem) { return null; } }

  var finished = document.getElementById("finished"), open = finished && finished.getAttribute("data-draft"), key = sent();
  if (finished) new Draft(key && key.indexOf(open) === 0 ? key : open, 0).wipe();

  /* A submission's id for an interview begun on a page that was kept: the server's own was used by the first. */
  function freshId(given) {
    var source = window.crypto || window.msCrypto, bytes = window.Uint8Array && new Uint8Array(16);
    if (!source || !source.getRandomValues || !bytes) return given;
    source.getRandomValues(bytes);
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var text = Array.prototype.map.call(bytes, function (one) { return (one + 256).toString(16).slice(1); }).join("");
    return text.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  window.surveyDraft = { Draft: Draft, begun: begun, sweep: sweep, end: end, of: of, newest: newest, sending: sending, freshId: freshId };
}());
