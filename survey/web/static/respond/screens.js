/* One question on a screen, a draft on the phone, the same routing as the server's, from the same published rules.
   Written for old browsers too: where this script does not run, the page is a complete form. */
(function () {
  "use strict";

  function id(name) { return document.getElementById(name); }
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  function build(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text) made.textContent = text;
    return made;
  }

  var form = id("survey");
  if (!form) return;

  /* ---- The form ------------------------------------------------------------------------------------------------ */

  var page = JSON.parse(id("rules").textContent), rules = page.rules, say = page.say;
  var byId = {}, draft = new surveyDraft.Draft(page.draft, page.days), root = document.documentElement;
  var answers = surveyAnswers(form, rules), look = surveyLook(form);
  rules.questions.forEach(function (rule) { byId[rule.id] = rule; });
  var now = "opening", warned = null, canKeep = true, course = surveyParadata(page.reached, form.elements.wave.value);

  function fill(text, values) { return text.replace(/%\((\w+)\)s/g, function (_, name) { return values[name]; }); }

  function save() {
    if (now === "stop") { draft.wipe(); return; }
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
    course.at(byId[screen] ? byId[screen].section : screen === "stop" ? null : screen);
    warn(null);
    id("opening").hidden = screen !== "opening";
    id("s-send").hidden = screen !== "send";
    id("stop").hidden = screen !== "stop";
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
    return now === "stop" ? id("stop").querySelector("h1") : id("q-" + now).querySelector("legend");
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
    id("progress").hidden = !part;
    if (part) {
      id("progress-words").textContent = fill(say.part, { number: sections.indexOf(part) + 1, count: sections.length });
      id("progress-bar").max = list.length - 1;
      id("progress-bar").value = at;
    }
    id("back").hidden = now === "opening";
    id("next").hidden = now === "send" || now === "stop";
    id("next").textContent = now === "opening" ? say.start : say.next;
    id("way").classList.toggle("still", now === "opening");
    (now === "opening" ? id("opening") : form).appendChild(id("way"));
    id("kept").hidden = now === "opening" || now === "stop";
  }

  function warn(text) {
    var old = id("gentle");
    if (old) old.parentNode.removeChild(old);
    if (!text) return;
    var note = build("p", { id: "gentle", "class": text === say.skip ? "error mild" : "error", role: "alert" });
    note.appendChild(build("span", { "class": "sign", "aria-hidden": "true" }, "!"));
    note.appendChild(build("span", {}, text));
    var place = id("q-" + now), inner = all("fieldset", place).filter(function (one) { return one.offsetParent; });
    var legend = inner.length ? inner[inner.length - 1].querySelector("legend") : null;
    if (legend) legend.parentNode.insertBefore(note, legend.nextSibling); else place.appendChild(note);
    note.scrollIntoView({ block: "center" });
  }

  /* What keeps the reader here, in words; null when nothing does. */
  function problem(rule) {
    var one = answers.of(rule);
    if (one === undefined || (Array.isArray(one) && !one.length)) {
      if (rule.required) return say.choose;
      if (rule.sensitive || rule.kind === "text" || warned === rule.id) return null;
      warned = rule.id;
      return say.skip;
    }
    if (Array.isArray(one) && rule.most && one.length > rule.most) return fill(say.most, { most: rule.most });
    if (rule.bounds && !(one < 0 && (rule.missing || []).indexOf(one) >= 0)) {
      var fits = typeof one === "number" && one >= rule.bounds[0] && one <= rule.bounds[1];
      if (!fits) return fill(say.number, { low: rule.bounds[0], high: rule.bounds[1] });
    }
    return null;
  }

  /* ---- Moving -------------------------------------------------------------------------------------------------- */

  function go(screen) {
    show(screen);
    history.pushState({ screen: screen }, "");
    save();
  }

  function next() {
    if (now === "opening") id("consent").checked = true;
    var rule = byId[now], wrong = rule && problem(rule);
    if (wrong) { warn(wrong); return; }
    var list = screens();
    go(list[list.indexOf(now) + 1]);
  }

  function back() {
    var list = screens(), at = list.indexOf(now);
    go(at > 0 ? list[at - 1] : "opening");
  }

  function wipe() {
    draft.wipe();
    course.forget();
    answers.restore({});
    id("resume").hidden = true;
    id("wiped").hidden = false;
    show("opening");
    history.replaceState({ screen: "opening" }, "");
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

  function furnish() {
    var main = id("main"), stop = build("section", { id: "stop" }), progress = build("div", { id: "progress", "class": "progress" });
    progress.appendChild(build("p", { id: "progress-words" }));
    progress.appendChild(build("progress", { id: "progress-bar", "aria-labelledby": "progress-words" }));
    main.insertBefore(progress, main.firstChild);
    stop.appendChild(build("h1", { tabindex: "-1" }, say.not_asked));
    stop.appendChild(build("p", {}, page.screened_out));
    main.appendChild(stop);
    var kept = build("div", { id: "kept", "class": "kept" });
    kept.appendChild(build("span", { id: "kept-text" }));
    kept.appendChild(build("button", { type: "button", "class": "text", id: "wipe" }, say.wipe));
    main.appendChild(kept);
    id("opening").insertBefore(build("p", { id: "wiped", "class": "note", role: "status", hidden: "" }, say.wiped), id("opening").firstChild);
    var way = build("div", { id: "way", "class": "way" }), column = build("div", { "class": "column" });
    column.appendChild(build("button", { type: "button", id: "back", "class": "back" }, say.back));
    column.appendChild(build("button", { type: "button", id: "next", "class": "main" }, say.next));
    way.appendChild(column);
    form.appendChild(way);
    id("q-consent").hidden = true;
  }

  function listen() {
    id("next").addEventListener("click", next);
    id("back").addEventListener("click", back);
    id("wipe").addEventListener("click", wipe);
    id("resume-wipe").addEventListener("click", wipe);
    id("resume-go").addEventListener("click", function () {
      var kept = draft.read();
      id("resume").hidden = true;
      if (kept) { resume(kept); course.resumed(); }
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
      if (button.hasAttribute("data-language")) { if (chooseLanguage(button)) event.preventDefault(); }
      else { event.preventDefault(); look.choose(button); save(); }
    });
    form.addEventListener("submit", function () {
      surveyDraft.sending(page.draft);
      form.elements.paradata.value = course.text();
      setTimeout(function () {
        all("#send-actions button").forEach(function (one) { one.disabled = true; one.textContent = say.sending; });
      }, 0);
    });
    window.addEventListener("pageshow", function (event) { if (event.persisted) location.reload(); });
    window.addEventListener("popstate", function (event) { show((event.state && event.state.screen) || "opening"); save(); });
    all("#problems a").forEach(function (link) {
      link.addEventListener("click", function (event) {
        var screen = link.getAttribute("href").replace(/^#(q-)?/, "");
        event.preventDefault();
        go(byId[screen] ? screen : "opening");
      });
    });
  }

  function resume(kept) {
    course.carryOn(kept.course);
    answers.restore(kept.values);
    form.elements.submission.value = kept.submission;
    var list = screens();
    show(list.indexOf(kept.screen) >= 0 ? kept.screen : "opening");
    history.replaceState({ screen: now }, "");
    save();
  }

  function begin() {
    surveyDraft.sweep(page.days);
    furnish();
    root.classList.remove("plain");
    root.classList.add("js");
    listen();
    var kept = draft.read(), resuming = null, wrong = id("problems");
    try { resuming = sessionStorage.getItem(page.draft); sessionStorage.setItem(page.draft, "resume"); } catch (problem) { /* Offered instead. */ }
    if (resuming || kept) course.seen("opening");
    if (wrong) { course.carryOn(kept && kept.course); id("q-consent").hidden = false; show("opening", true); wrong.focus(); return; }
    if (kept && resuming) { resume(kept); return; }
    show("opening", true);
    history.replaceState({ screen: "opening" }, "");
    id("resume").hidden = !kept || kept.screen === "opening";
  }

  begin();
}());
