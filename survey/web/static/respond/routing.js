/* Who is asked what: the server's rules, run on the phone. Pure, and tested against the server's own routing. */
(function () {
  "use strict";

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
}());
