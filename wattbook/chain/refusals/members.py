# SPDX-License-Identifier: MIT
"""What the errors of Registry mean."""

from wattbook.chain.refusals.family import FORBIDDEN, INPUT, STATE, UNKNOWN

MEMBERS = {
    "AdmissionExpired": (
        STATE,
        "The admission expired at {validUntil:utc}: ask the authority for a new one.",
    ),
    "AdmissionUsed": (STATE, "Admission {number} was already presented: ask the authority for a new one."),
    "AdmissionIsRevoked": (FORBIDDEN, "Admission {number} is revoked: ask the authority for a new one."),
    "NotTheAuthority": (
        FORBIDDEN,
        "{signer} is not the admission authority: have the admission signed by it.",
    ),
    "AreaUnknown": (UNKNOWN, "There is no grid area {area}: open it first, or choose another."),
    "AreaAlreadyOpen": (STATE, "Grid area {area} is already open: nothing is left to do."),
    "AreaFull": (STATE, "Grid area {area} has no account number left: open another area."),
    "PointUnknown": (UNKNOWN, "There is no metering point {point}: register it first."),
    "TooManyPoints": (STATE, "Account {account} already has 16 metering points: use another account."),
    "GatewayUnknown": (UNKNOWN, "There is no gateway {gateway}, or its key is withdrawn: register it first."),
    "ResolutionTooCoarse": (
        INPUT,
        "A meter that resolves {resolutionWh} Wh is too coarse: use a finer one, or have it refined.",
    ),
    "ResolutionTooFine": (
        INPUT,
        "No meter of this type resolves {resolutionWh} Wh: the finest is {finestWh} Wh.",
    ),
    "DeviceTypeNotApproved": (
        STATE,
        "The device type {deviceType} isn't approved: have the regulator approve it, or use another meter.",
    ),
    "PowerRegisterMissing": (
        INPUT,
        "Meters of type {deviceType} have no power register to refine with: use another meter.",
    ),
    "PointLimitUnusable": (
        INPUT,
        "The connection limit can't be used: give a limit above 0 that fits the field.",
    ),
    "ExportCapacityExceeded": (
        STATE,
        "Area {area} would export up to {wanted} W of {capacity}: raise the scheduled capacity first.",
    ),
}
