/* Text size and contrast, changed in place: the address keeps them for a reload, another language and the receipt. */
(function () {
  "use strict";

  window.surveyLook = function (form) {
    var root = document.documentElement;

    function all(selector) { return Array.prototype.slice.call(form.querySelectorAll(selector)); }

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

    function choose(button) {
      var contrast = root.classList.contains("contrast");
      var named = button.hasAttribute("data-contrast") ? look(size(), !contrast) : look(button.getAttribute("data-size"), contrast);
      history.replaceState(history.state, "", location.pathname + (named ? "?look=" + named : ""));
    }

    function named() { return [size(), root.classList.contains("contrast") ? "contrast" : ""].filter(Boolean).join("-"); }

    /* As the address says, since a page that was kept for the time without a network has the look it was kept in; where
       it says nothing, as somebody chose before. */
    function begin(before) {
      var wanted = (/[?&]look=([a-z-]+)/.exec(location.search) || [])[1] || before || "", parts = wanted.split("-");
      if (wanted !== named()) look(parts.indexOf("largest") >= 0 ? "largest" : parts.indexOf("large") >= 0 ? "large" : "", parts.indexOf("contrast") >= 0);
    }

    return { choose: choose, named: named, begin: begin };
  };
}());
