"""The page that shows the events. Invariant: drawn from ``/v1/asyncapi.json`` alone, and every text put in as text."""

from gateway.public_page import public_page

PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lontar: peristiwa</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/docs/events/style.css">
</head>
<body>
<main>
<h1>Peristiwa</h1>
<p>Yang diumumkan Lontar lewat antrean pesan, dari <a href="/v1/asyncapi.json">dokumen AsyncAPI</a>.
Operasi HTTP ada di <a href="/docs">dokumentasi API</a>.</p>
<label for="wanted">Cari</label>
<input id="wanted" type="search" autocomplete="off" spellcheck="false">
<p id="told" role="status" aria-live="polite">Memuat&hellip;</p>
<div id="events"></div>
<noscript>Halaman ini memerlukan JavaScript.</noscript>
</main>
<script src="/docs/events/start.js"></script>
</body>
</html>
"""
START = """(function () {
  "use strict";
  var events = document.getElementById("events");
  var wanted = document.getElementById("wanted");
  var told = document.getElementById("told");

  function put(into, kind, text) {
    var made = document.createElement(kind);
    if (text) { made.textContent = text; }
    into.appendChild(made);
    return made;
  }

  function readers(described, name) {
    return Object.keys(described.operations).map(function (key) { return described.operations[key]; })
      .filter(function (one) { return one.action === "receive" && one.channel.$ref === "#/channels/" + name; })
      .map(function (one) { return one.tags[0].name; });
  }

  function show(described, name) {
    var channel = described.channels[name];
    var message = described.components.messages[name];
    var section = put(events, "section");
    var hears = readers(described, name);
    section.dataset.words = (channel.address + " " + message.description).toLowerCase();
    put(section, "h2", channel.address);
    put(section, "p", message.description);
    put(section, "p", "Diumumkan oleh " + channel.tags[0].name + "; didengar oleh " +
      (hears.length ? hears.join(", ") : "siapa pun yang memasang antrean") + ".");
    message.examples.forEach(function (example) {
      var shown = put(section, "details");
      put(shown, "summary", "Contoh: " + example.name);
      put(shown, "pre", JSON.stringify(example.payload, null, 2));
    });
  }

  function narrow() {
    var words = wanted.value.toLowerCase();
    var left = 0;
    Array.prototype.forEach.call(events.children, function (section) {
      section.hidden = section.dataset.words.indexOf(words) < 0;
      if (!section.hidden) { left += 1; }
    });
    told.textContent = left + " peristiwa";
  }

  var request = new XMLHttpRequest();
  request.open("GET", "/v1/asyncapi.json");
  request.onload = function () {
    try {
      var described = JSON.parse(request.responseText);
      Object.keys(described.channels).forEach(function (name) { show(described, name); });
      narrow();
    } catch (ignored) {
      told.textContent = "Dokumen tidak dapat dibaca. Silakan coba lagi.";
    }
  };
  request.onerror = function () { told.textContent = "Tidak ada sambungan. Silakan coba lagi."; };
  request.send();
  wanted.addEventListener("input", narrow);
}());
"""
STYLE = """body { font: 1rem/1.5 system-ui, sans-serif; margin: 0; color: #1b1b1b; background: #fff; }
main { max-width: 56rem; margin: 0 auto; padding: 1rem; }
h2 { font: 600 1.1rem/1.4 ui-monospace, monospace; margin: 1.5rem 0 .25rem; overflow-wrap: anywhere; }
input { font: inherit; padding: .4rem; width: 100%; max-width: 24rem; box-sizing: border-box; }
section { border-top: 1px solid #ccc; }
p { margin: .25rem 0; }
pre { overflow-x: auto; background: #f4f4f4; padding: .5rem; font-size: .85rem; }
"""

router = public_page("/docs/events", PAGE, START, STYLE)
"""To be put before the router of ``/docs/{name}``, which would take ``/docs/events`` for a file."""
