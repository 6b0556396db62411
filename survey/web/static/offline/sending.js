/* One attempt to send finished answers, by the page or by the worker. The server knows a submission by its id: sent
   again it is kept once and has the same receipt, so that whoever is in doubt may try again. */
(function (all) {
  "use strict";

  function outcome(reply) {
    var receipt = /\/receipt\/[^/]+\/([^/?#]+)/.exec(reply.url), status = reply.status;
    if (receipt) return { state: "sent", address: reply.url, code: decodeURIComponent(receipt[1]) };
    var final = status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429;
    return { state: status === 410 ? "late" : final ? "refused" : "waiting" };
  }

  all.surveySending = function (item) {
    var headers = { "Content-Type": "application/x-www-form-urlencoded" };
    return fetch(item.action, { method: "POST", credentials: "omit", headers: headers, body: item.body })
      .then(outcome, function () { return { state: "waiting" }; });
  };
}(self));
