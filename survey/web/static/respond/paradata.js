/* How an interview goes: seconds in each section, breaks, how wide the screen is. Kept in the draft, sent with the
   answers only. And when the page is left, one number more for each section that was reached since: without a cookie
   and without saying who. */
(function () {
  "use strict";

  var A_BREAK = 60000;

  window.surveyParadata = function (address, wave) {
    var place = null, since = 0, away = 0, told = 0, course = { seconds: {}, breaks: 0, seen: [] };

    function stop() {
      if (place && since) course.seconds[place] = (course.seconds[place] || 0) + (Date.now() - since) / 1000;
      since = 0;
    }

    function tell() {
      var before = told, fresh = course.seen.slice(told);
      if (!window.fetch || !fresh.length) return;
      told = course.seen.length;
      var body = "wave=" + encodeURIComponent(wave) + fresh.map(function (one) { return "&place=" + encodeURIComponent(one); }).join("");
      var headers = { "Content-Type": "application/x-www-form-urlencoded" };
      fetch(address, { method: "POST", credentials: "omit", keepalive: true, headers: headers, body: body }).catch(function () { told = before; });
    }

    function at(reached) {
      stop();
      place = reached;
      since = reached && !document.hidden ? Date.now() : 0;
      if (reached && course.seen.indexOf(reached) < 0) course.seen.push(reached);
    }

    function carryOn(kept) {
      if (!kept || !kept.seconds || !kept.seen) return;
      course = { seconds: kept.seconds, breaks: kept.breaks || 0, seen: kept.seen };
      told = kept.seen.length;  // It was told when the page was left.
    }

    function kept() {
      stop();
      if (place && !document.hidden) since = Date.now();
      return course;
    }

    document.addEventListener("visibilitychange", function () {
      if (document.hidden) { stop(); tell(); away = Date.now(); return; }
      if (away && Date.now() - away > A_BREAK) course.breaks++;
      away = 0;
      if (place) since = Date.now();
    });

    window.addEventListener("pagehide", tell);

    return {
      at: at, kept: kept, carryOn: carryOn,
      resumed: function () { course.breaks++; },
      seen: function (reached) { course.seen.push(reached); told = course.seen.length; },
      forget: function () { course = { seconds: {}, breaks: 0, seen: course.seen }; },
      text: function () {
        var now = kept();
        return JSON.stringify({ width: screen.width, seconds: now.seconds, breaks: now.breaks });
      }
    };
  };
}());
