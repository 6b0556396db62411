/* One question on a screen, a draft on the phone, the same routing as the server's, from the same published rules.
   Written for old browsers too: where this script does not run, the page is a complete form. */
(function () {
  "use strict";

  function id(name) { return document.getElementById(name); }
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  var form = id("survey");
  if (!form) return;

  /* ---- The form ------------------------------------------------------------------------------------------------ */

  var page = JSON.parse(id("rules").textContent), rules = page.rules, say = page.say;
  var build = surveyFurniture.build, byId = {}, draft = new surveyDraft.Draft(page.draft, page.days), root = document.documentElement;
  var answers = surveyAnswers(form, rules), look = surveyLook(form);
  rules.questions.forEach(function (rule) { byId[rule.id] = rule; });
  var now = "opening", warned = null, canKeep = true, offered = null, switching = false, course = surveyParadata(page.reached, form.elements.wave.value);

  function save() {
    if (now === "stop") { draft.wipe(); return; }
    if (now === "waiting") return;
    canKeep = draft.keep({ values: answers.values(), screen: now, submission: form.elements.submission.value, course: course.kept() });
    id("kept-text").textContent = canKeep ? say.kept : say.not_kept;
  }

  /* ---- What shows ---------------------------------------------------------------------------------------------- */

  function screens() {
    var way = surveyRouting.path(rules, answers.given());
    var asked = way.asked.filter(function (one) { return !id("q-" + one).hasAttribute("data-fixed"); });
    return ["opening"].concat(asked, [way.screened_out_by ? "stop" : "send"]);
  }

  function show(screen, quietly) {
    now = screen;
    speech.stop();
    course.at(byId[screen] ? byId[screen].section : screen === "stop" || screen === "waiting" ? null : screen);
    warn(null);
    id("opening").hidden = screen !== "opening";
    id("s-send").hidden = screen !== "send";
    id("stop").hidden = screen !== "stop";
    id("title").hidden = screen !== "send" && !byId[screen];
    id("waiting").hidden = screen !== "waiting";
    all("[data-section]").forEach(function (section) { section.hidden = true; });
    all("[data-question]").forEach(function (question) {
      question.hidden = question.getAttribute("data-question") !== screen;
      if (!question.hidden) question.parentNode.hidden = false;
    });
    refresh();
    if (!quietly) { window.scrollTo(0, 0); title().focus(); }
  }

  function title() {
    if (now === "opening") return id("opening").querySelector("h1");
    if (now === "send") return id("h-send");
    return now === "stop" || now === "waiting" ? id(now).querySelector("h1") : id("q-" + now).querySelector("legend");
  }

  /* Parts of a question that depend on other answers, the progress and the buttons. */
  function refresh() {
    var rule = byId[now], given = answers.given();
    if (rule) {
      var place = id("q-" + now);
      all("[data-when]", place).forEach(function (group) {
        group.hidden = group.getAttribute("data-when").split(" ").map(Number).indexOf(given[rule.filter_by]) < 0;
      });
      all(".write-in", place).forEach(function (one) { one.hidden = !place.querySelector("[data-write-in]:checked"); });
      all(".consented", place).forEach(function (one) { one.hidden = form.elements["consent_" + now].value !== "yes"; });
    }
    var list = screens(), at = list.indexOf(now), sections = all("[data-section]");
    var part = sections.filter(function (one) { return !one.hidden; })[0] || (now === "send" && sections[sections.length - 1]);
    surveyFurniture.frame(form, say, now, part && { number: sections.indexOf(part) + 1, count: sections.length, at: at, last: list.length - 1 });
  }

  function warn(text) { surveyFurniture.warn(id("q-" + now), text, text === say.skip); }

  /* ---- Moving -------------------------------------------------------------------------------------------------- */

  function go(screen) {
    show(screen);
    history.pushState({ screen: screen }, "");
    save();
  }

  function next() {
    if (now === "opening") {
      id("consent").checked = true;
      id("resume").hidden = true;
      if (offered) aside();
    }
    var rule = byId[now], wrong = rule && answers.problem(rule, say, warned !== now);
    if (wrong) { warned = now; warn(wrong); return; }
    var list = screens();
    go(list[list.indexOf(now) + 1]);
  }

  /* Somebody began anew beside a draft that waits: it stays, to be offered again. */
  function aside() {
    offered = null;
    draft = new surveyDraft.Draft(page.draft + "#" + form.elements.submission.value, page.days);
  }

  function anew() {
    answers.restore({});
    form.elements.submission.value = surveyDraft.freshId(form.elements.submission.value);
    show("opening");
    history.replaceState({ screen: "opening" }, "");
  }

  function tell(text) {
    id("told").textContent = text || "";
    id("told").hidden = !text;
  }

  function back() {
    var list = screens(), at = list.indexOf(now);
    go(at > 0 ? list[at - 1] : "opening");
  }

  function wipe() {
    if (offered) offered.draft.wipe();
    offered = null;
    draft.wipe();
    course.forget();
    id("resume").hidden = true;
    id("wiped").hidden = false;
    tell("");
    anew();
  }

  /* ---- Sending, and other tabs ----------------------------------------------------------------------------------- */

  var waiting = surveyWaiting(form, say, {
    waiting: function () { if (now !== "waiting") { show("waiting"); history.replaceState({ screen: "waiting" }, ""); } },
    back: function (item) { if (item.draft && !draft.read()) new surveyDraft.Draft(item.key, page.days).keep(item.draft); },
    gone: function () { id("wiped").hidden = false; anew(); }
  });

  var speech = surveySpeech(say, function () { return byId[now] ? id("q-" + now) : id(now === "send" ? "s-send" : now); });

  function send(event) {
    if (switching) return;
    form.elements.paradata.value = course.text();
    waiting.submit(event, draft);
  }

  /* The same interview went on in another tab, another one was begun there, or this one was sent or wiped there. */
  function elsewhere(event) {
    if (event.key !== draft.key || now === "waiting" || surveyOutbox.holds(form.elements.submission.value) && event.newValue) return;
    var kept = event.newValue && JSON.parse(event.newValue);
    if (kept && kept.submission === form.elements.submission.value) { take(kept, true); tell(say.other_tab); }
    else if (kept && now !== "opening") { aside(); save(); tell(say.other_interview); }
    else if (!kept && now !== "opening") { anew(); tell(say.gone_elsewhere); }
  }

  /* ---- Another language ------------------------------------------------------------------------------------------ */

  function chooseLanguage(button) {
    var language = button.getAttribute("data-language");
    save();
    if (!canKeep) return false;
    try { sessionStorage.setItem(page.draft, "resume"); } catch (problem) { return false; }
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
    form.addEventListener("change", function (event) { answers.settle(event.target); warned = null; warn(null); refresh(); save(); });
    form.addEventListener("input", function (event) { if (event.target.classList.contains("entry")) { answers.settle(event.target); save(); } });
    form.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT" || now === "send") return;
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
    window.addEventListener("popstate", function (event) { if (now !== "waiting") { show((event.state && event.state.screen) || "opening"); save(); } });
    all("#problems a").forEach(function (link) {
      link.addEventListener("click", function (event) {
        var screen = link.getAttribute("href").replace(/^#(q-)?/, "");
        event.preventDefault();
        go(byId[screen] ? screen : "opening");
      });
    });
  }

  function take(kept, quietly) {
    course.carryOn(kept.course);
    answers.restore(kept.values);
    form.elements.submission.value = kept.submission;
    show(screens().indexOf(kept.screen) >= 0 ? kept.screen : "opening", quietly);
    history.replaceState({ screen: now }, "");
  }

  /* A draft of an older version: what still fits is kept, under a new id, from the first question without an answer. */
  function mend(kept) {
    answers.restore(kept.values);
    var list = screens(), given = answers.given();
    show(list.filter(function (one) { return one !== "opening" && given[one] === undefined; })[0]);
    history.replaceState({ screen: now }, "");
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
    look.asAddressed();
    listen();
    found = surveyDraft.newest(page.draft, page.days);
    try { resuming = sessionStorage.getItem(page.draft); sessionStorage.setItem(page.draft, "resume"); } catch (problem) { /* Offered instead. */ }
    if (resuming || found) course.seen("opening");
    if (wrong) {
      if (found && found.kept.submission === form.elements.submission.value) { draft = found.draft; course.carryOn(found.kept.course); }
      id("q-consent").hidden = false;
      show("opening", true);
      wrong.focus();
      return;
    }
    form.elements.submission.value = surveyDraft.freshId(form.elements.submission.value);
    offered = found && found.kept.screen !== "opening" ? found : null;
    if (offered && resuming) { carryOn(); return; }
    show("opening", true);
    history.replaceState({ screen: "opening" }, "");
    id("resume").hidden = !offered;
  }

  begin();
}());
