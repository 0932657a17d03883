# SPDX-License-Identifier: MIT
"""Makes days.csv: Wh a quarter hour of households, a shop and photovoltaics, UTC days of four seasons.

Run once, by hand, in an environment of its own (README.md has the command); nothing imports it. Its libraries
compute in floats: the last step, `apportion`, makes whole Wh whose sum is the day's rounded total.
"""

import csv
import random
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy
import pandas
import pvlib
import richardsonpy.classes.electric_load as electric_load
import richardsonpy.classes.occupancy as occupancy
import richardsonpy.functions.change_resolution as change_resolution
import richardsonpy.functions.load_radiation as load_radiation
from demandlib import bdew

YEAR = 2025
SEED = 2025
QUARTERS = 96
# A Wednesday each, and the hours by which local time is ahead of UTC.
SEASONS = {
    "winter": ("2025-01-15", 1),
    "spring": ("2025-04-16", 2),
    "summer": ("2025-07-16", 2),
    "autumn": ("2025-10-15", 2),
}
OCCUPANTS = (1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5)
KWH_A_YEAR = {1: 1900, 2: 2900, 3: 3700, 4: 4400, 5: 5200}
SHOP_KWH_A_YEAR = 24_000
LATITUDE, LONGITUDE, ALTITUDE = 51.3, 9.5, 170
# Azimuth from north, tilt: the roofs of a village.
ROOFS = {
    "south": (180, 35),
    "southeast": (135, 30),
    "southwest": (225, 30),
    "east": (90, 20),
    "west": (270, 20),
}
LINKE_TURBIDITY = {"winter": 2.4, "spring": 3.0, "summer": 3.5, "autumn": 2.9}
AIR_CELSIUS = {"winter": 1.0, "spring": 9.0, "summer": 19.0, "autumn": 10.0}

Row = tuple[str, str, str, str, Sequence[int]]


def apportion(values: Sequence[float]) -> list[int]:
    """Whole numbers by largest remainder; their sum is the rounded sum of `values`."""
    floors = [int(value) for value in values]
    missing = round(sum(values)) - sum(floors)
    by_remainder = sorted(range(len(values)), key=lambda i: (floors[i] - values[i], i))
    for i in by_remainder[:missing]:
        floors[i] += 1
    return floors


def household_days(number: int, occupants: int) -> list[Row]:
    """Richardson's model of one household for a year of minutes; four days are kept."""
    random.seed(SEED * 1000 + number)
    numpy.random.seed(SEED + number)
    direct, diffuse = (
        change_resolution.change_resolution(q, 3600, 60) for q in load_radiation.get_rad_from_try_path()
    )
    load = electric_load.ElectricLoad(
        occ_profile=occupancy.Occupancy(number_occupants=occupants).occupancy,
        total_nb_occ=occupants,
        q_direct=direct,
        q_diffuse=diffuse,
        annual_demand=KWH_A_YEAR[occupants],
        do_normalization=True,
        prev_heat_dev=True,
        timestep=60,
        initial_day=pandas.Timestamp(YEAR, 1, 1).dayofweek + 1,
    )
    watts = numpy.asarray(load.loadcurve)
    return [
        ("household", f"{number:02d}-{occupants}p", season, day, apportion(utc_day(watts, day, ahead)))
        for season, (day, ahead) in SEASONS.items()
    ]


def utc_day(watts: numpy.ndarray, day: str, ahead: int) -> list[float]:
    """Wh of 96 quarter hours of a UTC day, from a year of local minutes."""
    first = (pandas.Timestamp(day).dayofyear - 1) * 1440 + ahead * 60
    return list(watts[first : first + 1440].reshape(QUARTERS, 15).mean(axis=1) / 4)


def shop_days() -> list[Row]:
    """BDEW's standard profile G0 (commerce in general)."""
    share = bdew.ElecSlp(YEAR).get_profiles("g0")["g0"].to_numpy()  # of a year's energy, each quarter hour
    rows: list[Row] = []
    for season, (day, ahead) in SEASONS.items():
        first = (pandas.Timestamp(day).dayofyear - 1) * QUARTERS + ahead * 4
        wh = share[first : first + QUARTERS] * SHOP_KWH_A_YEAR * 1000
        rows.append(("shop", "g0", season, day, apportion(list(wh))))
    return rows


def solar_days(roof: str) -> list[Row]:
    """Clear-sky production of 1 kWp on a roof: Ineichen, isotropic sky, PVWatts, 14 % losses."""
    place = pvlib.location.Location(LATITUDE, LONGITUDE, "UTC", ALTITUDE)
    azimuth, tilt = ROOFS[roof]
    rows: list[Row] = []
    for season, (day, _) in SEASONS.items():
        minutes = pandas.date_range(f"{day} 00:00:30", periods=1440, freq="1min", tz="UTC")
        sky = place.get_clearsky(minutes, linke_turbidity=LINKE_TURBIDITY[season])
        sun = place.get_solarposition(minutes)
        plane = pvlib.irradiance.get_total_irradiance(
            tilt, azimuth, sun["apparent_zenith"], sun["azimuth"], sky["dni"], sky["ghi"], sky["dhi"]
        )["poa_global"].fillna(0)
        cell = pvlib.temperature.faiman(plane, AIR_CELSIUS[season])
        watts = pvlib.pvsystem.pvwatts_dc(plane, cell, 1000, -0.0035).clip(lower=0) * 0.86
        wh = watts.to_numpy().reshape(QUARTERS, 15).mean(axis=1) / 4
        rows.append(("pv", roof, season, day, apportion(list(wh))))
    return rows


def all_rows() -> list[Row]:
    rows: list[Row] = []
    for number, occupants in enumerate(OCCUPANTS, start=1):
        rows += household_days(number, occupants)
    rows += shop_days()
    for roof in ROOFS:
        rows += solar_days(roof)
    return rows


def write(rows: list[Row], path: Path) -> None:
    with path.open("w", newline="") as stream:
        out = csv.writer(stream, lineterminator="\n")
        out.writerow(["kind", "name", "season", "day", "total_wh", *(f"q{i:02d}" for i in range(QUARTERS))])
        for kind, name, season, day, wh in rows:
            out.writerow([kind, name, season, day, sum(wh), *wh])


if __name__ == "__main__":
    write(all_rows(), Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).with_name("days.csv"))
