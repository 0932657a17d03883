# SPDX-License-Identifier: MIT
"""Device models: one YAML file each, loaded and checked by catalogue.py."""

from oracle.devices.catalogue import Catalogue, load_catalogue
from oracle.devices.definition import Device, Field, Kind, WordOrder

__all__ = ["Catalogue", "Device", "Field", "Kind", "WordOrder", "load_catalogue"]
