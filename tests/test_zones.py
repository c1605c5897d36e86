import zoneinfo

import pytest

from bot.refusal import Refusal
from bot.zones import read_zone

ZONES = sorted(zoneinfo.available_timezones() - {"localtime", "posixrules", "Factory"})


@pytest.mark.parametrize(
    ("given", "zone"),
    [
        ("Europe/Paris", "Europe/Paris"),
        (" europe/PARIS ", "Europe/Paris"),
        ("america/new york", "America/New_York"),
        ("paris", "Europe/Paris"),
        ("New York", "America/New_York"),
        ("new_york", "America/New_York"),
        ("seoul", "Asia/Seoul"),
        ("서울", "Asia/Seoul"),
        ("파리", "Europe/Paris"),
        ("한국", "Asia/Seoul"),
        ("KST", "Asia/Seoul"),
        ("utc", "UTC"),
        ("Singapore", "Singapore"),
        ("Etc/GMT+9", "Etc/GMT+9"),
    ],
)
def test_a_zone_is_found_by_its_name_or_its_city(given: str, zone: str) -> None:
    assert read_zone(given) == zone


def test_every_zone_is_found_by_its_own_name() -> None:
    assert [read_zone(zone.upper()) for zone in ZONES] == ZONES


def test_a_city_with_two_names_for_one_zone_is_found() -> None:
    assert read_zone("buenos aires") in {"America/Buenos_Aires", "America/Argentina/Buenos_Aires"}
    assert read_zone("istanbul") == "Europe/Istanbul"


@pytest.mark.parametrize(
    ("given", "nearest"),
    [("Asia/Soeul", "Asia/Seoul"), ("pariss", "Europe/Paris"), ("뉴옥", "America/New_York")],
)
def test_a_misspelled_zone_is_refused_with_the_three_nearest(given: str, nearest: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_zone(given)
    assert caught.value.choices[0] == nearest
    assert len(caught.value.choices) == 3
    assert caught.value.phrase.values["nearest"] == " · ".join(caught.value.choices)


@pytest.mark.parametrize(
    "given", ["", "Mars", "x" * 5000, "GMT+9:00", "../etc/passwd", "localtime"]
)
def test_what_is_no_zone_is_refused_with_zones_that_are(given: str) -> None:
    with pytest.raises(Refusal) as caught:
        read_zone(given)
    assert len(caught.value.choices) == 3
    assert set(caught.value.choices) <= set(ZONES)


def test_a_word_that_means_several_zones_is_refused_with_those() -> None:
    with pytest.raises(Refusal) as caught:
        read_zone("Eastern")
    assert set(caught.value.choices) == {"US/Eastern", "Canada/Eastern"}


@pytest.mark.parametrize("given", ["GMT+9", "gmt-5"])
def test_an_offset_is_never_taken_for_the_zone_of_the_opposite_sign(given: str) -> None:
    with pytest.raises(Refusal):
        read_zone(given)
