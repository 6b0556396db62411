/* One question on a screen, a draft on the phone, the same routing as the server's, from the same published rules.
   Written for old browsers too: where this script does not run, the page is a complete form. */
(function () {
  "use strict";

  /* ---- Routing: pure, and tested against the server's ---------------------------------------------------------- */

  function holds(given, anyOf) {
    var list = Array.isArray(given) ? given : [given];
    return list.some(function (code) { return anyOf.indexOf(code) >= 0; });
  }

  function allWhen(rule) {
    if (!rule.filter_by || !rule.codes.every(function (code) { return rule.when && rule.when[code]; })) return null;
    return rule.codes.reduce(function (all, code) { return all.concat(rule.when[code]); }, []);
  }

  /* answers: question id -> code, list of codes, or text. Gives the questions asked, and the one that ended it. */
  function path(rules, answers) {
    var asked = [], given = {};
    for (var i = 0; i < rules.questions.length; i++) {
      var rule = rules.questions[i], offeredTo = allWhen(rule);
      var needed = (rule.ask_if || []).every(function (one) { return holds(given[one.question], one.any_of); });
      if (!needed || (offeredTo && !holds(given[rule.filter_by], offeredTo))) continue;
      asked.push(rule.id);
      if (answers[rule.id] === undefined) continue;
      given[rule.id] = answers[rule.id];
      if (holds(given[rule.id], rule.ends_if || [])) return { asked: asked, screened_out_by: rule.id };
    }
    return { asked: asked, screened_out_by: null };
  }

  function offered(rule, code, answers) {
    var when = rule.when && rule.when[code];
    return !when || when.indexOf(answers[rule.filter_by]) >= 0;
  }

  window.surveyRouting = { path: path, offered: offered };

  /* ---- The draft: kept on this device only --------------------------------------------------------------------- */

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

  function id(name) { return document.getElementById(name); }
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  function build(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text) made.textContent = text;
    return made;
  }

  var finished = id("finished");
  if (finished) { new Draft(finished.getAttribute("data-draft"), 0).wipe(); return; }
  var form = id("survey");
  if (!form) return;

  /* ---- The form ------------------------------------------------------------------------------------------------ */

  var page = JSON.parse(id("rules").textContent), rules = page.rules, say = page.say;
  var byId = {}, draft = new Draft(page.draft, page.days), root = document.documentElement;
  rules.questions.forEach(function (rule) { byId[rule.id] = rule; });
  var now = "opening", warned = null, canKeep = true;

  function inputs() {
    return all("input,textarea", form).filter(function (one) { return one.type !== "hidden"; });
  }

  function fill(text, values) { return text.replace(/%\((\w+)\)s/g, function (_, name) { return values[name]; }); }

  function checked(name) {
    return all('input[name="' + name + '"]:checked', form).map(function (one) { return Number(one.value); });
  }

  /* The answer to a question as the routing wants it; undefined when there is none. */
  function answer(rule) {
    if (rule.sensitive && !(form.elements["consent_" + rule.id] || {}).value) return undefined;
    if (rule.sensitive && form.elements["consent_" + rule.id].value !== "yes") return -2;
    if (rule.kind === "text" || rule.kind === "number") {
      var missing = checked(rule.id + "_missing");
      if (missing.length) return missing[0];
      var text = form.elements[rule.id].value.trim();
      return text === "" ? undefined : rule.kind === "number" && /^-?\d+$/.test(text) ? Number(text) : text;
    }
    var codes = checked(rule.id);
    if (!codes.length) return undefined;
    return rule.kind === "multiple" && !(codes.length === 1 && codes[0] < 0) ? codes : codes[0];
  }

  function answers() {
    var given = {};
    rules.questions.forEach(function (rule) {
      var one = answer(rule);
      if (one !== undefined) given[rule.id] = one;
    });
    return given;
  }

  function save() {
    var values = {};
    if (now === "stop") { draft.wipe(); return; }
    inputs().forEach(function (one) {
      if (one.type === "checkbox" || one.type === "radio") {
        if (one.checked) (values[one.name] = values[one.name] || []).push(one.value);
      } else if (one.value) values[one.name] = [one.value];
    });
    canKeep = draft.keep({ values: values, screen: now, submission: form.elements.submission.value });
    id("kept-text").textContent = canKeep ? say.kept : say.not_kept;
  }

  function restore(kept) {
    inputs().forEach(function (one) {
      var values = kept.values[one.name] || [];
      if (one.type === "checkbox" || one.type === "radio") one.checked = values.indexOf(one.value) >= 0;
      else one.value = values[0] || "";
    });
    form.elements.submission.value = kept.submission;
  }

  /* ---- What shows ---------------------------------------------------------------------------------------------- */

  function screens() {
    var way = path(rules, answers());
    return ["opening"].concat(way.asked, [way.screened_out_by ? "stop" : "send"]);
  }

  function show(screen, quietly) {
    now = screen;
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
    var rule = byId[now], given = answers();
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
    var one = answer(rule);
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
    inputs().forEach(function (one) { if ("checked" in one) one.checked = false; if (one.type === "text" || one.tagName === "TEXTAREA") one.value = ""; });
    id("resume").hidden = true;
    id("wiped").hidden = false;
    show("opening");
    history.replaceState({ screen: "opening" }, "");
  }

  /* Choices that rule others out, choices of another district, the other way of answering: cleared as one chooses. */
  function settle(changed) {
    var question = changed.closest ? changed.closest("[data-question]") : null;
    if (question && changed.type === "checkbox" && changed.checked) {
      all("input[type=checkbox]:checked", question).forEach(function (one) {
        if (one !== changed && (changed.hasAttribute("data-exclusive") || one.hasAttribute("data-exclusive"))) one.checked = false;
      });
      if (/_missing$/.test(changed.name)) all(".entry", question).forEach(function (one) { one.value = ""; });
    }
    if (question && changed.classList.contains("entry") && changed.value) {
      all("input[name$=_missing]:checked", question).forEach(function (one) { one.checked = false; });
    }
    var given = answers();
    rules.questions.forEach(function (rule) {
      if (!rule.when) return;
      all('input[name="' + rule.id + '"]:checked', form).forEach(function (one) {
        if (Number(one.value) >= 0 && !offered(rule, one.value, given)) one.checked = false;
      });
    });
  }

  /* ---- Text size and contrast ---------------------------------------------------------------------------------- */

  function look(size, contrast) {
    ["large", "largest"].forEach(function (name) { root.classList.toggle(name, name === size); });
    root.classList.toggle("contrast", contrast);
    all("[data-size]").forEach(function (one) { one.setAttribute("aria-pressed", String(one.getAttribute("data-size") === size)); });
    all("[data-contrast]").forEach(function (one) { one.setAttribute("aria-pressed", String(contrast)); });
    var named = [size, contrast ? "contrast" : ""].filter(Boolean).join("-");
    [[form, "action"]].concat(all("[data-language]").map(function (one) { return [one, "formaction"]; })).forEach(function (pair) {
      pair[0].setAttribute(pair[1], pair[0].getAttribute(pair[1]).split("?")[0] + (named ? "?look=" + named : ""));
    });
    return named;
  }

  function size() { return root.classList.contains("largest") ? "largest" : root.classList.contains("large") ? "large" : ""; }

  function chooseLook(button) {
    var contrast = root.classList.contains("contrast");
    var named = button.hasAttribute("data-contrast") ? look(size(), !contrast) : look(button.getAttribute("data-size"), contrast);
    history.replaceState(history.state, "", location.pathname + (named ? "?look=" + named : ""));
  }

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
      if (kept) resume(kept);
    });
    form.addEventListener("change", function (event) { settle(event.target); warned = null; warn(null); refresh(); save(); });
    form.addEventListener("input", function (event) { if (event.target.classList.contains("entry")) { settle(event.target); save(); } });
    form.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.target.tagName !== "INPUT" || now === "send") return;
      event.preventDefault();
      next();
    });
    form.addEventListener("click", function (event) {
      var button = event.target.closest ? event.target.closest("button[name=switch]") : null;
      if (!button) return;
      if (button.hasAttribute("data-language")) { if (chooseLanguage(button)) event.preventDefault(); }
      else { event.preventDefault(); chooseLook(button); save(); }
    });
    form.addEventListener("submit", function () {
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
    restore(kept);
    var list = screens();
    show(list.indexOf(kept.screen) >= 0 ? kept.screen : "opening");
    history.replaceState({ screen: now }, "");
    save();
  }

  function begin() {
    sweep(page.days);
    furnish();
    root.classList.remove("plain");
    root.classList.add("js");
    listen();
    var kept = draft.read(), resuming = null, wrong = id("problems");
    try { resuming = sessionStorage.getItem(page.draft); sessionStorage.setItem(page.draft, "resume"); } catch (problem) { /* Offered instead. */ }
    if (wrong) { id("q-consent").hidden = false; show("opening", true); wrong.focus(); return; }
    if (kept && resuming) { resume(kept); return; }
    show("opening", true);
    history.replaceState({ screen: "opening" }, "");
    id("resume").hidden = !kept || kept.screen === "opening";
    look(size(), root.classList.contains("contrast"));
  }

  begin();
}());
