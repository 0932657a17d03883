# SPDX-License-Identifier: MIT
"""Flags, environment and TOML files."""

from wattbook.errors.base import Exit, WattbookError


class SettingsError(WattbookError):
    code = "settings"
    exit_status = Exit.INPUT
    sentence = "The settings are wrong: {reason}."


class SettingUnknown(SettingsError):
    sentence = "{source} has the unknown setting {name!r}: the known ones are {known}."


class SettingMissing(SettingsError):
    sentence = "The setting {name} is missing: give --{flag}, set {variable}, or write it into the TOML file."


class SettingInvalid(SettingsError):
    sentence = "The setting {name} from {source} is {text!r}: give {expected}."


class ConfigUnreadable(SettingsError):
    sentence = "The configuration {path} can't be used: {reason}."
