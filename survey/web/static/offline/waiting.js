/* Sending: the screen that shows while one's own finished interview waits for the network. */
(function () {
  "use strict";

  var outbox = window.surveyOutbox, build = window.surveyFurniture.build, put = window.surveyFurniture.put, PATIENCE = 8000;

  /* page: texts and times; shown.waiting(): show the screen #waiting; shown.back(item): its draft is one again;
     shown.gone(): its answers are no more on this phone. */
  window.surveyWaiting = function (form, page, shown) {
    var own = null, say = page.say, notes = window.surveyNotes(page, { changed: changed, refused: shown.back, own: function () { return own && own.id; } });
    var screen = build("section", { id: "waiting", "class": "waiting", hidden: "" }), status = build("p", { id: "waiting-status", role: "status" });
    put(screen, [
      build("h1", { tabindex: "-1" }, say.waiting), build("p", {}, say.waiting_text), build("p", {}, say.waiting_until), status,
      put(build("div", { "class": "actions" }), [notes.button(say.send_now, now, "main")]), notes.button(say.wipe, wipe, "text")
    ]);

    function buttons(sending) {
      Array.prototype.forEach.call(document.querySelectorAll("#send-actions button"), function (one) {
        one.disabled = sending;
        one.textContent = sending ? say.sending : say.send;
      });
    }

    function gone() { own = null; buttons(false); shown.gone(); }
    function wipe() { outbox.drop(own.id); notes.list(); gone(); }
    function now() { status.textContent = say.sending; notes.box.now(); }

    /* True: the item is the page's own. */
    function changed(item, outcome) {
      if (!own || own.id !== item.id) return false;
      if (outcome.state === "waiting") { status.textContent = navigator.onLine === false ? say.no_network : say.no_answer; shown.waiting(); return true; }
      own = null;
      if (outcome.state === "late") { location.assign(form.getAttribute("action")); return true; }  // The page that says so has the note.
      outbox.drop(item.id);
      if (outcome.state === "sent") location.assign(outcome.address);
      else if (outcome.state === "refused") notes.refused(item);
      else gone();
      return true;
    }

    function send(item) {
      if (!outbox.able || !outbox.put(item)) return false;
      own = item;
      setTimeout(function () { if (own === item) { status.textContent = say.no_answer; shown.waiting(); } }, PATIENCE);
      notes.box.now();
      return true;
    }

    /* Where nothing can be kept, or by an old browser, the form is sent as without a script. */
    function submit(event, draft) {
      var id = form.elements.submission.value, pressed = [];
      if (own) { event.preventDefault(); return; }
      pressed = Array.prototype.filter.call(document.querySelectorAll("#send-actions button"), function (one) { return one.offsetParent; });
      window.surveyDraft.sending(draft.key);
      if (send({
        id: id, action: form.getAttribute("action"), key: draft.key, draft: draft.read(), until: Math.max(page.until, Date.now() + page.days * outbox.DAY),
        body: outbox.encoded(form, pressed.length ? pressed[0].value : "phone")
      })) {
        event.preventDefault();
        draft.wipe();
      }
      setTimeout(function () { buttons(true); }, 0);
    }

    return { screen: screen, notes: notes.place, submit: submit };
  };
}());
