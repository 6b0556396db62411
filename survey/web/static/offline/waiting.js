/* What is told of finished interviews: a screen while one's own waits, and a note on the first screen for any other. */
(function () {
  "use strict";

  var outbox = window.surveyOutbox, build = window.surveyFurniture.build, put = window.surveyFurniture.put, PATIENCE = 8000;

  function button(text, act, kind) {
    var made = build("button", { type: "button", "class": kind || "" }, text);
    made.addEventListener("click", act);
    return made;
  }

  /* say: texts; shown.waiting(): show the screen #waiting; shown.back(item): its draft is one again;
     shown.gone(): its answers are no more on this phone. */
  window.surveyWaiting = function (form, say, shown) {
    var own = null, post = new outbox.Outbox(changed), screen = build("section", { id: "waiting", "class": "waiting", hidden: "" });
    var notes = build("div", { id: "outbox", role: "status" }), status = build("p", { id: "waiting-status", role: "status" });
    var actions = build("div", { "class": "actions" });
    put(screen, [
      build("h1", { tabindex: "-1" }, say.waiting), build("p", {}, say.waiting_text), status,
      put(actions, [button(say.send_now, now, "main")]), button(say.wipe, wipe, "text")
    ]);

    function buttons(sending) {
      Array.prototype.forEach.call(document.querySelectorAll("#send-actions button"), function (one) {
        one.disabled = sending;
        one.textContent = sending ? say.sending : say.send;
      });
    }

    function gone() { own = null; buttons(false); shown.gone(); }
    function wipe() { remove(own); gone(); }
    function now() { status.textContent = say.sending; post.now(); }
    function remove(item) { outbox.drop(item.id); list(); }

    function refused(item) { remove(item); shown.back(item); outbox.post(item); }

    function changed(item, outcome) {
      if (outcome.state === "sent" && item.action && window.surveyForget) window.surveyForget(item.action.split("?")[0]);
      if (!own || own.id !== item.id) { list(); return; }
      if (outcome.state === "waiting") { status.textContent = navigator.onLine === false ? say.no_network : say.no_answer; shown.waiting(); return; }
      var mine = own;
      own = null;
      outbox.drop(item.id);
      if (outcome.state === "sent") location.assign(outcome.address);
      else if (outcome.state === "refused") refused(mine);
      else gone();
    }

    function note(item) {
      var place = build("div", { "class": item.state === "sent" ? "done" : item.state ? "wrong" : "note" }), row = build("div", { "class": "actions" });
      place.appendChild(build("p", {}, say["item_" + (item.state || "waiting")]));
      if (item.state === "sent") place.appendChild(build("p", { "class": "receipt-code", translate: "no" }, item.code));
      else if (item.state) row.appendChild(button(say.see_why, function () { refused(item); }, "main"));
      else row.appendChild(button(say.send_now, post.now, "main"));
      if (item.state === "sent") row.appendChild(build("a", { href: item.address, "class": "button" }, say.receipt));
      row.appendChild(button(say.remove, function () { remove(item); }));
      place.appendChild(row);
      return place;
    }

    function list() {
      while (notes.firstChild) notes.removeChild(notes.firstChild);
      outbox.each(function (item) { if (!own || own.id !== item.id) notes.appendChild(note(item)); });
    }

    function send(item) {
      if (!outbox.able || !outbox.put(item)) return false;
      own = item;
      setTimeout(function () { if (own === item) { status.textContent = say.no_answer; shown.waiting(); } }, PATIENCE);
      post.now();
      return true;
    }

    /* Where nothing can be kept, or by an old browser, the form is sent as without a script. */
    function submit(event, draft) {
      var id = form.elements.submission.value, pressed = [];
      if (own) { event.preventDefault(); return; }
      pressed = Array.prototype.filter.call(document.querySelectorAll("#send-actions button"), function (one) { return one.offsetParent; });
      window.surveyDraft.sending(draft.key);
      if (send({
        id: id, action: form.getAttribute("action"), key: draft.key, draft: draft.read(),
        body: outbox.encoded(form, pressed.length ? pressed[0].value : "phone")
      })) {
        event.preventDefault();
        draft.wipe();
      }
      setTimeout(function () { buttons(true); }, 0);
    }

    if (outbox.able) { list(); post.now(); }
    return { screen: screen, notes: notes, submit: submit };
  };
}());
