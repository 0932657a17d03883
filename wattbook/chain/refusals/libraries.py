# SPDX-License-Identifier: MIT
"""What the errors of OpenZeppelin and Solady mean that our contracts pass on."""

from wattbook.chain.refusals.family import FORBIDDEN, INPUT, STATE

LIBRARIES = {
    "AccessManagedUnauthorized": (FORBIDDEN, "{caller} lacks the role for this: use a key that holds it."),
    "AccessManagedRequiredDelay": (STATE, "{caller} must schedule this {delay} s before: schedule it first."),
    "AccessManagedInvalidAuthority": (INPUT, "{authority} is no access manager: give its address."),
    "InsufficientBalance()": (STATE, "The token balance is too small: get more tokens first."),
    "InsufficientAllowance": (STATE, "The token's allowance is too small: approve more, or sign a permit."),
    "InvalidPermit": (
        FORBIDDEN,
        "The permit is not signed by the tokens' owner, or was used: sign it again.",
    ),
    "PermitExpired": (STATE, "The permit expired: sign one with a later deadline."),
    "NotOwnerNorApproved": (FORBIDDEN, "The certificates belong to somebody else: ask the owner to approve."),
}

# Those that only misuse by a program can cause; told by the error's name.
MISUSE = frozenset(
    {
        "AccountBalanceOverflow",
        "AddressEmptyCode",
        "AddressInsufficientBalance",
        "AllowanceOverflow",
        "AllowanceUnderflow",
        "ArrayLengthsMismatch",
        "CheckpointUnorderedInsertion",
        "FailedInnerCall",
        "Permit2AllowanceIsFixedAtInfinity",
        "ReentrancyGuardReentrantCall",
        "SafeCastOverflowedUintDowncast",
        "TotalSupplyOverflow",
        "TransferToNonERC1155ReceiverImplementer",
        "TransferToZeroAddress",
    }
)
