"""The catalogue a regency begins with. Invariant: codes, words and effects are those of the printed lembar disposisi in
use in regencies; what a regency has changed of an entry stands in its database and wins over this.
"""

from services.contracts.disposition import Effect
from services.disposition.domain.catalogue import InstructionEntry, Labels, QuickReplyEntry

STEP = 10
"""Between two entries there is room for others."""

_INSTRUCTIONS: tuple[tuple[str, Effect, str, str, str], ...] = (
    ("diketahui", "closes_on_read", "Untuk diketahui", "For your information", "Mangda kauningin"),
    ("perhatian", "closes_on_read", "Untuk menjadi perhatian", "For your attention", "Mangda kauratiang"),
    ("pedoman", "closes_on_read", "Jadikan pedoman", "Use as guidance", "Anggén sesuluh"),
    ("pelajari", "reply", "Pelajari / telaah", "Study and review", "Plajahin / telitinin"),
    ("sosialisasikan", "completion", "Sosialisasikan", "Make it known", "Sosialisasiang"),
    ("tindaklanjuti", "completion", "Tindak lanjuti", "Follow up", "Lanturang"),
    ("laksanakan", "completion", "Untuk dilaksanakan", "Carry out", "Laksanayang"),
    ("selesaikan", "completion", "Selesaikan sesuai ketentuan", "Settle as the rules say", "Puputang manut ketentuan"),
    ("proses_lanjut", "completion", "Proses lebih lanjut", "Process further", "Proses selanturnyané"),
    ("tanggapan_saran", "reply", "Tanggapan dan saran", "Give your view and advice", "Panampén miwah saran"),
    ("jawab_tertulis", "outgoing_letter", "Siapkan jawaban tertulis", "Prepare a reply", "Cawisang pasaur katulis"),
    (
        "koordinasikan",
        "coordination",
        "Koordinasikan / konfirmasikan",
        "Coordinate or confirm",
        "Koordinasiang / konfirmasiang",
    ),
    ("hadiri", "agenda_and_report", "Hadiri dan laporkan", "Attend and report", "Rauhin tur aturang laporan"),
    ("wakili", "agenda_and_report", "Wakili dan laporkan", "Represent me and report", "Wakilin tur aturang laporan"),
    ("hadir_bersama", "agenda", "Dampingi", "Accompany me", "Sarengin"),
    ("jadwalkan", "schedule_request", "Jadwalkan / agendakan", "Put on the schedule", "Jadwalang / agendayang"),
    (
        "siapkan_bahan",
        "completion_with_file",
        "Siapkan bahan / sambutan",
        "Prepare material or a speech",
        "Cawisang bahan / sambrama wacana",
    ),
    ("siapkan_surat", "outgoing_letter", "Siapkan surat", "Prepare a letter", "Cawisang surat"),
    ("fasilitasi", "completion", "Fasilitasi / penuhi", "Facilitate or grant", "Fasilitasi / dagingin"),
    ("pantau", "periodic_report", "Pantau", "Monitor", "Pantau"),
    ("ingatkan", "reminder", "Ingatkan", "Remind me", "Élingang"),
    (
        "menghadap",
        "reply",
        "Menghadap / bicarakan dengan saya",
        "See me about this",
        "Tangkil / bebaosang sareng tiang",
    ),
    (
        "sesuai_disposisi",
        "inherits",
        "Sesuai disposisi pimpinan",
        "As instructed from above",
        "Manut disposisi pimpinan",
    ),
    ("arsipkan", "closes", "Catat dan arsipkan", "Record and file", "Catet tur arsipang"),
    ("lainnya", "reply", "Lain-lain", "Other", "Sané lianan"),
)
_QUICK_REPLIES: tuple[tuple[str, str, str, str], ...] = (
    ("siap", "Siap!", "On it!", "Sayaga!"),
    ("dilaksanakan", "Dilaksanakan", "Will be done", "Kalaksanayang"),
    ("mohon_arahan", "Mohon arahan", "Please advise", "Nunas pituduh"),
)

FIRST_INSTRUCTIONS: dict[str, InstructionEntry] = {
    code: InstructionEntry(code=code, effect=effect, labels=Labels(id=label, en=en, ban=ban), order=STEP * number)
    for number, (code, effect, label, en, ban) in enumerate(_INSTRUCTIONS, start=1)
}
FIRST_QUICK_REPLIES: dict[str, QuickReplyEntry] = {
    code: QuickReplyEntry(code=code, labels=Labels(id=words, en=en, ban=ban), order=STEP * number)
    for number, (code, words, en, ban) in enumerate(_QUICK_REPLIES, start=1)
}
