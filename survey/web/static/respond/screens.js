/* One question on a screen, a draft on the phone, the same routing as the server's, from the same published rules.
   Written for old browsers too: where this script does not run, the page is a complete form. */
(function () {
  "use strict";

  function id(name) { return document.getElementById(name); }

  var form = id("survey");
  if (!form) return;

  var page = JSON.parse(id("rules").textContent), say = page.say, root = document.documentElement;
  var draft = new surveyDraft.Draft(page.draft, page.days), course = surveyParadata(page.reached, form.elements.wave.value);
  var answers = surveyAnswers(form, page.rules), look = surveyLook(form), warned = null, canKeep = true, offered = null, switching = false;
  var PATIENCE = 1000, emptied = 0;  // Milliseconds in which a tap may still be meant for what another tab has just sent.
  var DOUBLE_TAP = 400, since = 0;  // Milliseconds in which the second of two quick taps is none, and when the screen opened.
  var reached = null;  // The last screen but the opening, where somebody who went back to it goes on.
  var shown = surveyShown(form, page, answers, function (section) { speech.stop(); course.at(section); });
  var speech = surveySpeech(say, function () {
    var now = shown.now();
    return shown.rule(now) ? id("q-" + now) : id(now === "send" ? "s-send" : now);
  });

  function ours(kept) { return kept.submission === form.elements.submission.value; }

  function save() {
    var now = shown.now(), there;
    if (now === "stop") { draft.wipe(); return; }
    if (now === "waiting") return;
    if (now !== "opening") reached = now;
    if (!reached && !answers.begun()) return;
    there = draft.read();
    if (there && !ours(there) && surveyDraft.begun(there)) aside();
    canKeep = draft.keep({ values: answers.values(), screen: reached || now, submission: form.elements.submission.value, look: look.named(), course: course.kept() });
    id("kept-text").textContent = canKeep ? say.kept : say.not_kept;
  }

  /* ---- Moving -------------------------------------------------------------------------------------------------- */

  function go(screen) {
    shown.show(screen);
    since = Date.now();
    history.pushState({ screen: screen }, "");
    save();
  }

  function next() {
    if (Date.now() - since < DOUBLE_TAP) return;
    var now = shown.now(), rule = shown.rule(now), wrong = rule && answers.problem(rule, say, warned !== now), list;
    if (now === "opening") {
      id("consent").checked = true;
      id("resume").hidden = true;
      if (offered) aside();
    }
    if (wrong) { warned = now; shown.warn(wrong); return; }
    list = shown.screens();
    go(list[list.indexOf(now) + 1]);
  }

  /* Somebody began anew beside a draft that waits: it stays, to be offered again. */
  function aside() {
    offered = null;
    draft = new surveyDraft.Draft(page.draft + "#" + form.elements.submission.value, page.days);
  }

  function anew() {
    reached = null;
    answers.restore({});
    form.elements.submission.value = surveyDraft.freshId(form.elements.submission.value);
    shown.show("opening");
    history.replaceState({ screen: "opening" }, "");
  }

  function tell(text) {
    id("told").textContent = text || "";
    id("told").hidden = !text;
  }

  function back() {
    var list = shown.screens(), at = list.indexOf(shown.now());
    go(at > 0 ? list[at - 1] : "opening");
  }

  function wipe() {
    if (offered) offered.draft.wipe();
    offered = null;
    draft.wipe();
    if (window.surveyForget) window.surveyForget(location.pathname);
    course.forget();
    id("resume").hidden = true;
    id("wiped").hidden = false;
    tell("");
    anew();
  }

  /* ---- Sending, and other tabs ----------------------------------------------------------------------------------- */

  var waiting = surveyWaiting(form, page, {
    waiting: function () { if (shown.now() !== "waiting") { shown.show("waiting"); history.replaceState({ screen: "waiting" }, ""); } },
    back: function (item) { if (item.draft && !draft.read()) new surveyDraft.Draft(item.key, page.days).keep(item.draft); },
    gone: function () { id("wiped").hidden = false; anew(); }
  });

  function send(event) {
    if (switching) return;
    if (Date.now() - emptied < PATIENCE) { event.preventDefault(); return; }
    form.elements.paradata.value = course.text();
    waiting.submit(event, draft);
  }

  /* The same interview went on in another tab, another one was begun there, or this one was sent or wiped there. */
  function elsewhere(event) {
    var now = shown.now(), kept;
    if (event.key !== draft.key || now === "waiting" || surveyOutbox.holds(form.elements.submission.value) && event.newValue) return;
    kept = event.newValue && JSON.parse(event.newValue);
    if (kept && ours(kept)) { take(kept, true); tell(say.other_tab); }
    else if (kept && now !== "opening") { aside(); save(); tell(say.other_interview); }
    else if (!kept && now !== "opening") { anew(); emptied = Date.now(); tell(say.gone_elsewhere); }
  }

  /* ---- Another language ------------------------------------------------------------------------------------------ */

  function chooseLanguage(button) {
    var language = button.getAttribute("data-language");
    save();
    try { if (canKeep) sessionStorage.setItem(page.draft, "resume"); } catch (problem) { canKeep = false; }
    if (!canKeep) {  // The answers go along in the form, the screen in the address.
      button.setAttribute("formaction", button.getAttribute("formaction").split("#")[0] + "#at-" + shown.now());
      return false;
    }
    document.cookie = "language=" + language + ";path=/;max-age=31536000;samesite=lax";
    location.assign(button.getAttribute("formaction"));
    return true;
  }

  /* ---- Beginning ----------------------------------------------------------------------------------------------- */

  function listen() {
    id("next").addEventListener("click", next);
    id("back").addEventListener("click", back);
    id("wipe").addEventListener("click", wipe);
    id("resume-wipe").addEventListener("click", wipe);
    id("resume-go").addEventListener("click", function () {
      id("resume").hidden = true;
      if (offered) { carryOn(); course.resumed(); }
    });
    form.addEventListener("change", function (event) { answers.settle(event.target); warned = null; since = 0; shown.warn(null); shown.refresh(); save(); });
    form.addEventListener("input", function (event) { if (event.target.classList.contains("entry")) { since = 0; answers.settle(event.target); save(); } });
    form.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT" || shown.now() === "send") return;
      event.preventDefault();
      next();
    });
    form.addEventListener("click", function (event) {
      var button = event.target.closest ? event.target.closest("button[name=switch]") : null;
      if (!button) return;
      if (button.hasAttribute("data-language")) { if (chooseLanguage(button)) event.preventDefault(); else switching = true; }
      else { event.preventDefault(); look.choose(button); save(); }
    });
    form.addEventListener("submit", send);
    window.addEventListener("storage", elsewhere);
    window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
    window.addEventListener("popstate", function (event) {
      if (shown.now() !== "waiting") { shown.show((event.state && event.state.screen) || "opening"); save(); }
    });
    Array.prototype.forEach.call(document.querySelectorAll("#problems a"), function (link) {
      link.addEventListener("click", function (event) {
        var screen = link.getAttribute("href").replace(/^#(q-)?/, "");
        event.preventDefault();
        go(shown.rule(screen) ? screen : "opening");
      });
    });
  }

  function take(kept, quietly) {
    course.carryOn(kept.course);
    answers.restore(kept.values);
    form.elements.submission.value = kept.submission;
    shown.show(kept.screen !== "opening" && shown.screens().indexOf(kept.screen) >= 0 ? kept.screen : shown.unanswered(), quietly);
    history.replaceState({ screen: shown.now() }, "");
  }

  /* A draft of an older version: what still fits is kept, under a new id, from the first question without an answer. */
  function mend(kept) {
    answers.restore(kept.values);
    shown.show(shown.unanswered());
    history.replaceState({ screen: shown.now() }, "");
    tell(say.older);
  }

  function carryOn() {
    var found = offered;
    offered = null;
    if (found.older) { mend(found.kept); save(); if (canKeep) found.draft.wipe(); return; }
    draft = found.draft;
    take(found.kept);
    save();
  }

  function begin() {
    var wrong = id("problems"), resuming = null, found;
    surveyDraft.sweep(page.days);
    surveyFurniture.furnish(form, page, waiting, speech.button);
    root.classList.remove("plain");
    root.classList.add("js");
    listen();
    found = surveyDraft.newest(page.draft, page.days);
    look.begin(found && found.kept.look);
    try { resuming = sessionStorage.getItem(page.draft); sessionStorage.setItem(page.draft, "resume"); } catch (problem) { /* Offered instead. */ }
    if (resuming || found) course.seen("opening");
    if (location.hash === "#no-network") tell(say.needs_network);
    if (wrong) {
      found = surveyDraft.of(form.elements.submission.value, page.days);
      if (found) { draft = found.draft; course.carryOn(found.kept.course); }
      id("q-consent").hidden = false;
      shown.show("opening", true);
      wrong.focus();
      return;
    }
    form.elements.submission.value = surveyDraft.freshId(form.elements.submission.value);
    offered = found;
    if (offered && resuming) { carryOn(); return; }
    shown.show(answers.begun() && shown.screens().indexOf(location.hash.slice(4)) > 0 ? location.hash.slice(4) : "opening", true);
    history.replaceState({ screen: shown.now() }, "");
    id("resume").hidden = !offered;
  }

  begin();
}());
