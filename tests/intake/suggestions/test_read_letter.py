"""What is read off a letter: each field, where it stands, and what is left alone."""

from datetime import date, datetime

import pytest

from services.intake.domain.suggestions.suggested import Suggestions
from tests.intake.suggestions.pages import INVITATION, page, read


@pytest.fixture(scope="module")
def invitation() -> Suggestions:
    """Of the whole invitation."""
    return read(INVITATION)


class TestInvitation:
    def test_number_date_and_subject(self, invitation: Suggestions) -> None:
        assert invitation.letter_number
        assert invitation.letter_number.value == "005/117/DISHUB/V/2025"
        assert invitation.letter_date
        assert invitation.letter_date.value == date(2025, 5, 12)
        assert invitation.subject
        assert invitation.subject.value == "Undangan rapat penataan parkir pasar"

    def test_sender_is_the_regencys_own_office(self, invitation: Suggestions) -> None:
        assert invitation.sender
        assert invitation.sender.value.unit_id == "dishub"

    def test_kind_category_and_urgency(self, invitation: Suggestions) -> None:
        assert invitation.kind
        assert invitation.category
        assert invitation.urgency
        found = (invitation.kind.value, invitation.category.value, invitation.urgency.value)
        assert found == ("Surat Undangan", "invitation", "urgent")

    def test_addressees_and_copies_are_kept_apart(self, invitation: Suggestions) -> None:
        assert [one.value.unit_id for one in invitation.addressees] == ["dinkes"]
        assert [one.value.unit_id for one in invitation.copies] == ["kec-dawan"]

    def test_occasion_without_an_end(self, invitation: Suggestions) -> None:
        assert invitation.occasion_starts_at
        assert invitation.occasion_starts_at.value == datetime.fromisoformat("2025-05-19T09:00+08:00")
        assert invitation.occasion_ends_at is None
        assert invitation.occasion_place
        assert invitation.occasion_place.value == "Ruang Rapat Praja Mandala"

    def test_every_suggestion_says_where_it_stands(self, invitation: Suggestions) -> None:
        (first,) = [word for word in page(INVITATION).words if word.text == "005/117/DISHUB/V/2025"]
        assert invitation.letter_number
        spot = invitation.letter_number.spot
        assert (spot.page, spot.left, spot.top, spot.right, spot.bottom) == (
            1,
            first.left,
            first.top,
            first.right,
            first.bottom,
        )

    @pytest.mark.parametrize("lean", [-0.06, -0.03, 0.03, 0.06])
    def test_crooked_page_says_the_same(self, invitation: Suggestions, lean: float) -> None:
        crooked = read(INVITATION, lean=lean)
        for name in ("letter_number", "letter_date", "sender", "subject", "occasion_starts_at", "occasion_place"):
            assert getattr(crooked, name).value == getattr(invitation, name).value, name


class TestDate:
    def test_date_of_another_letter_is_not_its_own(self) -> None:
        found = read("Menindaklanjuti surat Bupati Nomor 12 tanggal 3 Mei 2025 perihal parkir,")
        assert found.letter_date is None

    def test_date_where_it_was_signed(self) -> None:
        found = read(
            "SURAT TUGAS\nNOMOR : 094/12/ST/2025\n\nUntuk hadir.\n\nDitetapkan di Semarapura\npada tanggal 4 Juni 2025"
        )
        assert found.letter_date
        assert found.letter_date.value == date(2025, 6, 4)
        assert found.kind
        assert found.kind.value == "Surat Tugas"
        assert found.letter_number
        assert found.letter_number.value == "094/12/ST/2025"

    def test_date_on_the_second_page(self) -> None:
        found = read("Nomor : 005/1/A/2025\n\nIsi surat ini panjang sekali.", "Semarapura, 7 Juli 2025\nKepala,")
        assert found.letter_date
        assert (found.letter_date.value, found.letter_date.spot.page) == (date(2025, 7, 7), 2)

    def test_day_that_was_left_blank_is_not_guessed(self) -> None:
        assert read("                 Semarapura,      Mei 2025\nNomor : 005/1/A/2025").letter_date is None


class TestNumber:
    @pytest.mark.parametrize(
        ("printed", "meant"),
        [
            ("Nomor : 6OO.1.2/345/PUPR/2O25", "600.1.2/345/PUPR/2025"),
            ("Nomor: 005 / 117 / SKT / 2025", "005/117/SKT/2025"),
            ("No. : 12/PAN-HUT/Xl/2025", "12/PAN-HUT/XI/2025"),
            ("Nomor ; B-123/Kk.18.5/2/PP.00/05/2025", "B-123/Kk.18.5/2/PP.00/05/2025"),
            ("Nomor:005/117/SKT/2025", "005/117/SKT/2025"),
        ],
    )
    def test_misread_figures_and_spaces(self, printed: str, meant: str) -> None:
        found = read(f"{printed}\nLampiran : -\nPerihal : Permohonan alat berat").letter_number
        assert found
        assert found.value == meant

    def test_roman_month_is_that_of_the_date(self) -> None:
        found = read("             Semarapura, 3 Februari 2025\nNomor : 12/ABC/TI/2025\nHal   : Laporan bulanan")
        assert found.letter_number
        assert found.letter_number.value == "12/ABC/II/2025"

    def test_number_of_another_letter_is_not_its_own(self) -> None:
        assert (
            read("Dengan hormat,\nberdasarkan surat Bupati\nNomor 12 Tahun 2025 tentang parkir").letter_number is None
        )


class TestSender:
    def test_office_of_the_province_is_not_the_regencys(self) -> None:
        found = read("PEMERINTAH PROVINSI BALI\nDINAS KESEHATAN\nJalan Melati Denpasar\n\nNomor : 1/A/2025").sender
        assert found
        assert (found.value.unit_id, found.value.name) == (None, "Dinas Kesehatan Provinsi Bali")

    def test_office_of_another_regency_is_not_the_regencys(self) -> None:
        found = read("PEMERINTAH KABUPATEN GIANYAR\nDINAS PARIWISATA\nJalan Raya\n\nNomor : 1/A/2025").sender
        assert found
        assert (found.value.unit_id, found.value.name) == (None, "Dinas Pariwisata Kabupaten Gianyar")

    def test_village_is_its_last_line(self) -> None:
        found = read("PEMERINTAH KABUPATEN KLUNGKUNG\nKECAMATAN DAWAN\nDESA KUSAMBA\n\nNomor : 1/A/2025").sender
        assert found
        assert found.value.unit_id == "desa-kusamba"

    def test_company_by_name(self) -> None:
        found = read("PT MAJU BERSAMA\nJl. Raya 1\n\nNomor : 1/A/2025").sender
        assert found
        assert found.value.name == "PT Maju Bersama"


class TestNature:
    @pytest.mark.parametrize(
        ("said", "urgency", "confidentiality"),
        [
            ("Biasa", "normal", None),
            ("Segera", "urgent", None),
            ("Sangat Segera", "very_urgent", None),
            ("Rahasia", None, "secret"),
            ("Sangat Rahasia", None, "top_secret"),
            ("Segera/Rahasia", "urgent", "secret"),
            ("Terbatas", None, "restricted"),
            ("Penting", None, None),
            ("-", None, None),
        ],
    )
    def test_urgency_and_confidentiality_are_told_apart(
        self, said: str, urgency: str | None, confidentiality: str | None
    ) -> None:
        found = read(f"Nomor : 1/A/2025\nSifat : {said}\nHal   : Laporan bulanan")
        assert (found.urgency.value if found.urgency else None) == urgency
        assert (found.confidentiality.value if found.confidentiality else None) == confidentiality


class TestAddressees:
    def test_list_of_them_each_once(self) -> None:
        found = read(
            "Nomor : 1/A/2025\nYth.\n1. Kepala Dinas Kesehatan\n2. Camat Dawan\n3. Kadis Kesehatan\n"
            "di - Tempat\n\nDengan hormat,"
        )
        assert [one.value.unit_id for one in found.addressees] == ["dinkes", "kec-dawan"]

    def test_name_over_two_lines(self) -> None:
        found = read("Yth. Kepala Dinas Kependudukan dan\n     Pencatatan Sipil\n     di Semarapura\n\nDengan hormat,")
        assert [one.value.unit_id for one in found.addressees] == ["dukcapil"]

    def test_attached_list_names_nobody(self) -> None:
        assert read("Yth. (daftar terlampir)\ndi - Tempat\n\nDengan hormat,").addressees == ()


class TestOccasion:
    @pytest.mark.parametrize(
        ("hours", "start", "end"),
        [
            ("09.00 - 12.00 WITA", "2025-05-19T09:00+08:00", "2025-05-19T12:00+08:00"),
            ("09.00 WIB s.d. 12.30 WIB", "2025-05-19T09:00+07:00", "2025-05-19T12:30+07:00"),
            ("09.00 WIT", "2025-05-19T09:00+09:00", None),
            ("09.00", "2025-05-19T09:00+08:00", None),
        ],
    )
    def test_hours_zone_and_end(self, hours: str, start: str, end: str | None) -> None:
        found = read(f"Hari/tanggal : Senin, 19 Mei 2025\nPukul        : {hours}\nTempat       : Balai Desa")
        assert found.occasion_starts_at
        assert found.occasion_starts_at.value == datetime.fromisoformat(start)
        ends = found.occasion_ends_at.value if found.occasion_ends_at else None
        assert ends == (datetime.fromisoformat(end) if end else None)

    def test_in_a_sentence(self) -> None:
        found = read(
            "Kami mohon kehadiran Saudara pada hari Senin, tanggal 19 Mei 2025,\n"
            "pukul 09.00 WITA, bertempat di Balai Desa Kusamba. Demikian."
        )
        assert found.occasion_starts_at
        assert found.occasion_starts_at.value == datetime.fromisoformat("2025-05-19T09:00+08:00")
        assert found.occasion_place
        assert found.occasion_place.value == "Balai Desa Kusamba"

    def test_several_days(self) -> None:
        found = read("Hari/tanggal : Senin s.d. Rabu, 19 s.d. 21 Mei 2025\nPukul : 08.00 - 16.00 WITA\nTempat : Aula")
        assert found.occasion_starts_at
        assert found.occasion_starts_at.value.day == 19
        assert found.occasion_ends_at
        assert found.occasion_ends_at.value.day == 21

    def test_day_without_its_year_is_the_first_after_the_letter(self) -> None:
        found = read(
            "     Semarapura, 28 Desember 2025\n\nHari/tanggal : Senin, 5 Januari\nPukul : 09.00 WITA\nTempat : Aula"
        )
        assert found.occasion_starts_at
        assert found.occasion_starts_at.value.date() == date(2026, 1, 5)

    def test_wrong_day_of_the_week_makes_it_unsure(self) -> None:
        right = read("Hari/tanggal : Senin, 19 Mei 2025\nPukul : 09.00 WITA\nTempat : Aula").occasion_starts_at
        wrong = read("Hari/tanggal : Rabu, 19 Mei 2025\nPukul : 09.00 WITA\nTempat : Aula").occasion_starts_at
        assert right
        assert wrong
        assert wrong.confidence < 0.7 < right.confidence

    def test_plain_letter_invites_to_nothing(self) -> None:
        found = read("Nomor : 1/A/2025\nHal : Laporan\n\nRapat diadakan pukul 09.00 kemarin.")
        assert found.occasion_starts_at is None
        assert found.occasion_place is None


class TestNothing:
    def test_empty_page_suggests_nothing(self) -> None:
        assert read("") == Suggestions()

    def test_no_page_suggests_nothing(self) -> None:
        assert read() == Suggestions()
