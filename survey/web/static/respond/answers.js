/* The answers as they stand in the form: read for the routing, kept and brought back for the draft, set right as one chooses. */
(function () {
  "use strict";

  window.surveyAnswers = function (form, rules) {
    function all(selector, within) { return Array.prototype.slice.call((within || form).querySelectorAll(selector)); }

    function inputs() {
      return all("input,textarea", form).filter(function (one) { return one.type !== "hidden"; });
    }

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

    /* Everything that was touched or typed, by the name of its input. */
    function values() {
      var found = {};
      inputs().forEach(function (one) {
        if (one.hasAttribute("data-fixed")) return;
        if (one.type === "checkbox" || one.type === "radio") {
          if (one.checked) (found[one.name] = found[one.name] || []).push(one.value);
        } else if (one.value) found[one.name] = [one.value];
      });
      return found;
    }

    /* Set the form to such values; to none it is empty. */
    function restore(kept) {
      inputs().forEach(function (one) {
        var given = kept[one.name] || [];
        if (one.hasAttribute("data-fixed")) return;
        if (one.type === "checkbox" || one.type === "radio") one.checked = given.indexOf(one.value) >= 0;
        else one.value = given[0] || "";
      });
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
          if (Number(one.value) >= 0 && !surveyRouting.offered(rule, one.value, given)) one.checked = false;
        });
      });
    }

    /* What keeps the reader at a question, in words; null when nothing does. */
    function problem(rule, say, gently) {
      var one = answer(rule), fill = surveyFurniture.fill;
      if (one === undefined || (Array.isArray(one) && !one.length)) {
        if (rule.required) return say.choose;
        return rule.optional || rule.sensitive || rule.kind === "text" || !gently ? null : say.skip;
      }
      if (Array.isArray(one) && rule.most && one.length > rule.most) return fill(say.most, { most: rule.most });
      if (rule.bounds && !(one < 0 && (rule.missing || []).indexOf(one) >= 0)) {
        var fits = typeof one === "number" && one >= rule.bounds[0] && one <= rule.bounds[1];
        if (!fits) return fill(say.number, { low: rule.bounds[0], high: rule.bounds[1] });
      }
      return null;
    }

    function begun() { return Object.keys(values()).some(function (name) { return name !== "consent"; }); }

    return { problem: problem, begun: begun, of: answer, given: answers, values: values, restore: restore, settle: settle };
  };
}());
