/* What a script adds to the form: progress, back and next, the notes about what is kept. */
(function () {
  "use strict";

  function id(name) { return document.getElementById(name); }

  function build(tag, attributes, text) {
    var made = document.createElement(tag);
    Object.keys(attributes || {}).forEach(function (name) { made.setAttribute(name, attributes[name]); });
    if (text) made.textContent = text;
    return made;
  }

  function put(parent, children) {
    children.forEach(function (one) { parent.appendChild(one); });
    return parent;
  }

  /* waiting: screen and notes of the outbox; aloud: the button that reads. */
  function furnish(form, page, waiting, aloud) {
    var main = id("main"), say = page.say, first = main.firstChild, opening = id("opening");
    main.insertBefore(build("h1", { id: "title", "class": "unseen" }, opening.querySelector("h1").textContent), first);
    main.insertBefore(put(build("div", { id: "progress", "class": "progress" }), [
      build("p", { id: "progress-words" }), build("progress", { id: "progress-bar", "aria-labelledby": "progress-words" })
    ]), first);
    main.insertBefore(aloud, first);
    main.insertBefore(build("p", { id: "told", "class": "note", role: "status", hidden: "" }), first);
    put(main, [
      put(build("section", { id: "stop" }), [build("h1", { tabindex: "-1" }, say.not_asked), build("p", {}, page.screened_out)]),
      waiting.screen,
      put(build("div", { id: "kept", "class": "kept" }), [
        build("span", { id: "kept-text" }), build("button", { type: "button", "class": "text", id: "wipe" }, say.wipe)
      ])
    ]);
    opening.insertBefore(build("p", { id: "wiped", "class": "note", role: "status", hidden: "" }, say.wiped), opening.firstChild);
    opening.insertBefore(waiting.notes, id("resume"));
    put(form, [put(build("div", { id: "way", "class": "way" }), [put(build("div", { "class": "column" }), [
      build("button", { type: "button", id: "back", "class": "back" }, say.back),
      build("button", { type: "button", id: "next", "class": "main" }, say.next)
    ])])]);
    id("q-consent").hidden = true;
  }

  function fill(text, values) { return text.replace(/%\((\w+)\)s/g, function (_, name) { return values[name]; }); }

  /* What is wrong, above the answers of the question in `place`; none takes the last one away. */
  function warn(place, text, mild) {
    var old = id("gentle");
    if (old) old.parentNode.removeChild(old);
    if (!text) return;
    var note = put(build("p", { id: "gentle", "class": mild ? "error mild" : "error", role: "alert" }), [
      build("span", { "class": "sign", "aria-hidden": "true" }, "!"), build("span", {}, text)
    ]);
    var inner = Array.prototype.filter.call(place.querySelectorAll("fieldset"), function (one) { return one.offsetParent; });
    var legend = inner.length ? inner[inner.length - 1].querySelector("legend") : null;
    if (legend) legend.parentNode.insertBefore(note, legend.nextSibling); else place.appendChild(note);
    note.scrollIntoView({ block: "center" });
  }

  /* Progress and the ways on from a screen; part: its number of count, and how far it is (at of last). */
  function frame(form, say, now, part) {
    var opening = now === "opening", waits = now === "waiting", stops = now === "stop", way = id("way");
    id("progress").hidden = !part;
    if (part) {
      id("progress-words").textContent = fill(say.part, part);
      id("progress-bar").max = part.last;
      id("progress-bar").value = part.at;
    }
    id("back").hidden = opening || waits;
    id("next").hidden = now === "send" || stops || waits;
    id("next").textContent = opening ? say.start : say.next;
    id("kept").hidden = opening || stops || waits;
    way.hidden = waits;
    (opening ? id("opening") : form).appendChild(way);
  }

  window.surveyFurniture = { build: build, fill: fill, frame: frame, furnish: furnish, put: put, warn: warn };
}());
