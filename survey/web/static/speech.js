/* Reads what is on the screen aloud, where the browser has a voice for the page's language. Only when asked to. */
(function () {
  "use strict";

  var speech = window.speechSynthesis, language = document.documentElement.lang.slice(0, 2);

  function voice() {
    return speech.getVoices().filter(function (one) { return one.lang.toLowerCase().replace("_", "-").slice(0, 2) === language; })[0];
  }

  function seen(one) { return one.offsetParent !== null && !one.classList.contains("part"); }

  /* Headings, questions, texts and answers of a place, in their order. */
  function words(place) {
    return Array.prototype.filter.call(place.querySelectorAll("h1,h2,legend,p,label"), seen)
      .map(function (one) { return one.textContent.trim(); }).filter(Boolean);
  }

  /* place(): the part of the page that is on the screen. */
  window.surveySpeech = function (say, place) {
    var button = window.surveyFurniture.build("button", { type: "button", id: "aloud", "class": "text", hidden: "" }, say.aloud), reading = false;

    function show() { button.hidden = !voice(); }
    function named() { button.textContent = reading ? say.aloud_stop : say.aloud; }
    function stop() { if (speech) speech.cancel(); reading = false; named(); }

    function read() {
      if (reading) { stop(); return; }
      var list = words(place());
      reading = true;
      named();
      list.forEach(function (text, at) {
        var spoken = new SpeechSynthesisUtterance(text);
        spoken.voice = voice();
        spoken.lang = spoken.voice.lang;
        if (at === list.length - 1) spoken.onend = function () { reading = false; named(); };
        speech.speak(spoken);
      });
    }

    if (speech && window.SpeechSynthesisUtterance) {
      button.addEventListener("click", read);
      if (speech.addEventListener) speech.addEventListener("voiceschanged", show); else speech.onvoiceschanged = show;
      window.addEventListener("pagehide", stop);
      show();
    }
    return { button: button, stop: stop };
  };
}());
