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

  window.surveyFurniture = { build: build, fill: fill, furnish: furnish, put: put, warn: warn };
}());
