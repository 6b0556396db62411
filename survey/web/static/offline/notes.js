/* What is told of finished interviews that waited here, on the first screen and on pages without a form: they wait
   still, were sent, were refused, or came when the survey had closed. */
(function () {
  "use strict";

  var outbox = window.surveyOutbox, furniture = window.surveyFurniture, build = furniture.build;
  var LOOKS = { sent: "done", refused: "wrong", late: "wrong" };

  function button(text, act, kind) {
    var made = build("button", { type: "button", "class": kind || "" }, text);
    made.addEventListener("click", act);
    return made;
  }

  /* shown.refused(item): the server shall say why; shown.own(): the id of what the page itself is sending; all optional. */
  window.surveyNotes = function (page, shown) {
    var say = page.say, place = build("div", { id: "outbox", role: "status" }), box = new outbox.Outbox(page.days, changed);

    function remove(item) {
      outbox.each(function (one) { if (one.id === item.id || item.state === "late" && one.state === "late") outbox.drop(one.id); });
      list();
    }
    function refused(item) { remove(item); if (shown.refused) shown.refused(item); outbox.post(item); }

    function changed(item, outcome) {
      if ((outcome.state === "sent" || outcome.state === "late") && item.action && window.surveyForget) window.surveyForget(item.action.split("?")[0]);
      if (!shown.changed || !shown.changed(item, outcome)) list();
    }

    function note(item) {
      var whole = build("div", { "class": LOOKS[item.state] || "note" }), row = build("div", { "class": "actions" });
      whole.appendChild(build("p", {}, say["item_" + (item.state || "waiting")]));
      if (item.state === "sent") whole.appendChild(build("p", { "class": "receipt-code", translate: "no" }, item.code));
      if (item.state === "sent") row.appendChild(build("a", { href: item.address, "class": "button" }, say.receipt));
      if (item.state === "refused") row.appendChild(button(say.see_why, function () { refused(item); }, "main"));
      if (!item.state) row.appendChild(button(say.send_now, box.now, "main"));
      row.appendChild(button(item.state === "late" ? say.noted : say.remove, function () { remove(item); }));
      whole.appendChild(row);
      return whole;
    }

    function list() {
      var late = false;  // Said once, however many there are.
      while (place.firstChild) place.removeChild(place.firstChild);
      outbox.each(function (item) {
        if (shown.own && shown.own() === item.id || late && item.state === "late") return;
        late = late || item.state === "late";
        place.appendChild(note(item));
      });
    }

    if (outbox.able) { list(); box.now(); }
    return { place: place, list: list, box: box, button: button, refused: refused };
  };

  /* A page without a form: what waits is sent from here too, drafts expire, and those of a wave that has closed end. */
  var said = document.getElementById("said"), page, closed;
  if (!said) return;
  page = JSON.parse(said.textContent);
  closed = said.getAttribute("data-closed");
  window.surveyDraft.sweep(page.days);
  if (closed) window.surveyDraft.end(closed).forEach(function (id) { outbox.put({ id: id, state: "late", until: Date.now() + page.days * outbox.DAY }); });
  document.getElementById("main").appendChild(window.surveyNotes(page, {}).place);
}());
