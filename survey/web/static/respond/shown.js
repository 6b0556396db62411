/* Which screen of the interview shows, and what on it depends on other answers: groups, progress, the ways on. */
(function () {
  "use strict";

  function id(name) { return document.getElementById(name); }
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }

  /* left(section): is told with each change of screen in which section it is, null in none. */
  window.surveyShown = function (form, page, answers, left) {
    var say = page.say, byId = {}, now = "opening";
    page.rules.questions.forEach(function (rule) { byId[rule.id] = rule; });

    /* All screens of this respondent's way, in order. */
    function screens() {
      var way = surveyRouting.path(page.rules, answers.given());
      var asked = way.asked.filter(function (one) { return !id("q-" + one).hasAttribute("data-fixed"); });
      return ["opening"].concat(asked, [way.screened_out_by ? "stop" : "send"]);
    }

    /* The first that was not answered: where somebody goes on whose screen is not there any more. */
    function unanswered() {
      var given = answers.given();
      return screens().filter(function (one) { return one !== "opening" && given[one] === undefined; })[0];
    }

    function show(screen, quietly) {
      now = screen;
      left(byId[screen] ? byId[screen].section : screen === "stop" || screen === "waiting" ? null : screen);
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

    return {
      now: function () { return now; }, rule: function (screen) { return byId[screen]; },
      screens: screens, unanswered: unanswered, show: show, refresh: refresh, warn: warn
    };
  };
}());
