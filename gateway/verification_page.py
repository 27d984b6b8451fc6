"""The page the QR of a lembar disposisi leads to. Invariant: the code goes to this origin alone and never into an
address that is sent (it comes after the ``#``); a file that is checked never leaves the reader's own machine.
"""

from gateway.public_page import public_page
from gateway.tracking_page import STYLE

PAGE = """<!doctype html>
<html lang="id">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Periksa lembar disposisi</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/verifikasi/style.css">
</head>
<body>
<main>
<h1>Periksa lembar disposisi</h1>
<p>Isikan kode yang tercetak di sebelah kode QR. Isi disposisi tidak ditampilkan di sini.</p>
<form id="ask">
<label for="code">Kode verifikasi</label>
<input id="code" required maxlength="64" autocomplete="off" autocapitalize="characters" spellcheck="false">
<div id="with-file" hidden>
<label for="file">Berkas PDF (bila ada; berkas tidak dikirim)</label>
<input id="file" type="file" accept="application/pdf">
</div>
<button>Periksa</button>
</form>
<p id="answer" role="status" aria-live="polite"></p>
<noscript>Halaman ini memerlukan JavaScript.</noscript>
</main>
<script src="/verifikasi/start.js"></script>
</body>
</html>
"""
START = """(function () {
  "use strict";
  var code = document.getElementById("code");
  var file = document.getElementById("file");
  var answer = document.getElementById("answer");
  var subtle = window.crypto && window.crypto.subtle;
  var largest = 26214400;
  var months = ["Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
    "Oktober", "November", "Desember"];

  function fill() {
    try { code.value = decodeURIComponent(location.hash.slice(1)); } catch (ignored) { code.value = ""; }
    return code.value !== "";
  }

  function day(text) {
    var parts = text.split("-");
    return Number(parts[2]) + " " + months[parts[1] - 1] + " " + parts[0];
  }

  function told(said) {
    var lines = [said.label, said.kind_label + " ini diberikan oleh " + said.signed_by + " (" + said.unit + ") pada " +
      day(said.signed_on) + "."];
    if (said.genuine_file === true) { lines.push("Berkas ini sama persis dengan yang dicetak oleh sistem."); }
    if (said.genuine_file === false) { lines.push("Awas: berkas ini berbeda dari yang dicetak oleh sistem."); }
    return lines.join("\\n");
  }

  function send(sha256) {
    var request = new XMLHttpRequest();
    request.open("POST", "/v1/public/dispositions/verify");
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
    request.send(JSON.stringify(sha256 ? { code: code.value.trim(), sha256: sha256 } : { code: code.value.trim() }));
  }

  function hex(digest) {
    return Array.prototype.map.call(new Uint8Array(digest), function (one) {
      return ("0" + one.toString(16)).slice(-2);
    }).join("");
  }

  function ask(event) {
    if (event) { event.preventDefault(); }
    answer.textContent = "Memeriksa\\u2026";
    var chosen = subtle && file.files && file.files[0];
    if (!chosen) { send(null); return; }
    if (chosen.size > largest) { answer.textContent = "Berkas terlalu besar untuk diperiksa."; return; }
    var reader = new FileReader();
    reader.onload = function () {
      subtle.digest("SHA-256", reader.result).then(function (digest) { send(hex(digest)); });
    };
    reader.onerror = function () { answer.textContent = "Berkas tidak dapat dibaca."; };
    reader.readAsArrayBuffer(chosen);
  }

  document.getElementById("with-file").hidden = !subtle;
  window.addEventListener("hashchange", fill);
  document.getElementById("ask").addEventListener("submit", ask);
  if (fill()) { ask(null); }
}());
"""

router = public_page("/verifikasi", PAGE, START, STYLE)
