"""The page a receipt's QR leads to. Invariant: what the sender types goes to this origin alone, and the check word
never into an address. The tracking code comes after the ``#``, which browsers do not send.
"""

from gateway.public_page import public_page

PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Lacak surat</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/lacak/style.css">
</head>
<body>
<main>
<h1>Lacak surat</h1>
<p>Isikan kode lacak dan kata kunci yang tercetak pada tanda terima.</p>
<form id="ask">
<label for="code">Kode lacak</label>
<input id="code" required maxlength="64" autocomplete="off" autocapitalize="characters" spellcheck="false">
<label for="word">Kata kunci</label>
<input id="word" required maxlength="100" autocomplete="off" autocapitalize="none" spellcheck="false">
<button>Lacak</button>
</form>
<p id="answer" role="status" aria-live="polite"></p>
<noscript>Halaman ini memerlukan JavaScript.</noscript>
</main>
<script src="/lacak/start.js"></script>
</body>
</html>
"""
STYLE = """body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 0; color: #1a1a1a; background: #fff; }
main { max-width: 28rem; margin: 0 auto; padding: 1rem; }
label { display: block; margin-top: 1rem; }
input, button { box-sizing: border-box; width: 100%; padding: .7rem; font: inherit; border: 1px solid #555; }
button { margin-top: 1.2rem; background: #0b4a6f; color: #fff; border: 0; }
#answer { margin-top: 1.2rem; font-weight: 600; white-space: pre-line; }
"""
START = """(function () {
  "use strict";
  var code = document.getElementById("code");
  var word = document.getElementById("word");
  var answer = document.getElementById("answer");
  var months = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember"];

  function fill() {
    try { code.value = decodeURIComponent(location.hash.slice(1)); } catch (ignored) { code.value = ""; }
  }

  function told(status) {
    var day = status.changed_on.split("-");
    var lines = [status.label + " (" + Number(day[2]) + " " + months[day[1] - 1] + " " + day[0] + ")"];
    if (status.units.length) { lines.push(status.units.join(", ")); }
    return lines.join("\\n");
  }

  function ask(event) {
    event.preventDefault();
    answer.textContent = "Mencari\\u2026";
    var request = new XMLHttpRequest();
    request.open("POST", "/v1/public/track/" + encodeURIComponent(code.value.trim()));
    request.setRequestHeader("Content-Type", "application/json");
    request.onload = function () {
      try {
        var said = JSON.parse(request.responseText);
        answer.textContent = request.status === 200 ? told(said) : said.detail;
      } catch (ignored) {
        answer.textContent = "Jawaban tidak dapat dibaca. Silakan coba lagi.";
      }
    };
    request.onerror = function () { answer.textContent = "Tidak ada sambungan. Silakan coba lagi."; };
    request.send(JSON.stringify({ check_word: word.value }));
  }

  fill();
  window.addEventListener("hashchange", fill);
  document.getElementById("ask").addEventListener("submit", ask);
}());
"""

router = public_page("/lacak", PAGE, START, STYLE)
