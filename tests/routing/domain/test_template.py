"""H1: templates, and what grows of them."""

import pytest

from services.chassis.errors import ServiceError
from services.routing.domain.flaws import settled
from services.routing.domain.organisation import Position
from services.routing.domain.picture import Picture
from services.routing.domain.template import Arguments, Grown, Item, Place, UnitForm, grow
from services.routing.templates import templates
from tests.routing.domain.test_picture import TODAY

TOP = Place(None, None, ("", "kabupaten", "klungkung"))
BINA_MARGA = Item.model_validate({"name": "Bidang Bina Marga", "seksi": ["Seksi Jalan"]})
PU = Item.model_validate({"name": "Dinas Pekerjaan Umum", "bidang": [BINA_MARGA]})
NUSA_PENIDA = Item.model_validate(
    {"name": "Nusa Penida", "desa": [{"name": "Sekartaji", "kepala": "Perbekel"}, "Batununggul"], "kelurahan": ["Kota"]}
)


def regency() -> Grown:
    return grow(templates(), "kabupaten", "Klungkung", {"dinas": [PU], "kecamatan": [NUSA_PENIDA]}, TOP)


def chain(grown: Grown, title: str) -> list[str]:
    """The titles above a position, nearest first."""
    known = {one.id: one for one in grown.positions}
    at = next(one for one in grown.positions if one.title == title)
    titles = []
    while at.superior_id:
        at = known[at.superior_id]
        titles.append(at.title)
    return titles


class TestTheTemplates:
    def test_H1_those_of_a_regency_are_there(self) -> None:
        codes = {"bupati", "wakil-bupati", "setda", "asisten", "staf-ahli", "bagian", "dinas", "badan", "kecamatan"}
        assert codes | {"desa", "kelurahan", "kabupaten"} <= set(templates())

    @pytest.mark.parametrize("code", sorted(templates()))
    def test_each_grows_a_sound_organisation_as_it_comes(self, code: str) -> None:
        grown = grow(templates(), code, "Klungkung", {}, TOP)
        wanted = Picture().having(*grown.units, *grown.positions)
        found = settled(Picture(), wanted, TODAY)
        assert len(found.made) == len(grown.units) + len(grown.positions)
        assert {one.unit_id for one in grown.positions} == {one.id for one in grown.units}

    @pytest.mark.parametrize("code", sorted(templates()))
    def test_each_gives_to_others_what_they_know(self, code: str) -> None:
        template = templates()[code]

        def check(form: UnitForm) -> None:
            if form.use:
                theirs = {one.name for one in templates()[form.use].parameters}
                assert set(form.give) <= theirs
                assert set(form.give.values()) <= {one.name for one in template.parameters}
            for below in form.units:
                check(below)

        check(template.unit)


class TestGrow:
    def test_H1_sekda_asisten_staf_ahli_heads_and_camat_stand_where_they_belong(self) -> None:
        grown = regency()
        bupati = "Bupati Klungkung"
        assert chain(grown, "Sekretaris Daerah") == [bupati]
        assert chain(grown, "Asisten Administrasi Umum") == ["Sekretaris Daerah", bupati]
        assert chain(grown, "Staf Ahli Bidang Pemerintahan, Hukum dan Politik") == [bupati]
        assert chain(grown, "Kepala Bagian Hukum") == ["Sekretaris Daerah", bupati]
        head = ["Kepala Dinas Pekerjaan Umum", "Sekretaris Daerah", bupati]
        assert chain(grown, "Kepala Seksi Jalan") == ["Kepala Bidang Bina Marga", *head]
        camat = ["Camat Nusa Penida", "Sekretaris Daerah", bupati]
        assert chain(grown, "Operator Desa Sekartaji") == ["Sekretaris Desa Sekartaji", "Perbekel Sekartaji", *camat]
        assert chain(grown, "Sekretaris Desa Batununggul")[0] == "Kepala Desa Batununggul"
        assert chain(grown, "Lurah Kota") == camat

    def test_who_handles_an_agencys_letters_sits_in_the_agency_itself(self) -> None:
        agency = next(one for one in regency().units if one.name == "Dinas Pekerjaan Umum")
        roles = {one.role for one in regency().positions if one.unit_id == agency.id}
        assert {"head", "secretary", "registrar"} <= roles

    def test_the_same_grows_the_same_ids_and_another_place_others(self) -> None:
        assert regency() == regency()
        elsewhere = grow(templates(), "kabupaten", "Klungkung", {}, Place(None, None, ("", "kabupaten", "lain")))
        assert not {one.id for one in regency().units} & {one.id for one in elsewhere.units}

    def test_villages_of_one_name_in_two_districts_are_two(self) -> None:
        districts: list[str | Item] = [
            Item.model_validate({"name": name, "desa": ["Kutampi"]}) for name in ("Nusa Penida", "Dawan")
        ]
        grown = grow(templates(), "kabupaten", "Klungkung", {"kecamatan": districts}, TOP)
        assert len({one.id for one in grown.units if one.name == "Desa Kutampi"}) == 2

    def test_it_hangs_under_who_stands_above_the_place(self) -> None:
        grown = grow(templates(), "desa", "Sekartaji", {}, Place("kecamatan", "camat", ("kecamatan", "desa", "x")))
        head: Position = grown.positions[0]
        assert (head.superior_id, grown.units[0].parent_id) == ("camat", "kecamatan")

    def test_braces_in_a_name_are_just_braces(self) -> None:
        grown = grow(templates(), "desa", "{kepala} {0}", {"kepala": "{name}"}, TOP)
        assert grown.positions[0].title == "{name} {kepala} {0}"

    def test_what_it_does_not_know_and_what_is_of_the_wrong_kind_is_refused(self) -> None:
        wrong: tuple[tuple[Arguments, str], ...] = (
            ({"warna": "biru"}, "unknown_parameter"),
            ({"kepala": ["A"]}, "wrong_parameter"),
        )
        for given, code in wrong:
            with pytest.raises(ServiceError) as refused:
                grow(templates(), "desa", "Sekartaji", given, TOP)
            assert (refused.value.status, refused.value.code) == (422, code)

    def test_an_item_named_twice_is_refused(self) -> None:
        with pytest.raises(ServiceError) as refused:
            grow(templates(), "kecamatan", "Dawan", {"desa": ["Kutampi", "kutampi"]}, TOP)
        assert refused.value.code == "named_twice"

    def test_more_than_any_regency_has_is_refused(self) -> None:
        villages: list[str | Item] = [f"Desa {number}" for number in range(2001)]
        with pytest.raises(ServiceError) as refused:
            grow(templates(), "kecamatan", "Dawan", {"desa": villages}, TOP)
        assert refused.value.code == "too_many_units"
