# SPDX-License-Identifier: MIT
"""What the errors of PaymentVault mean."""

from wattbook.chain.refusals.family import FORBIDDEN, INPUT, INTERNAL, STATE, UNKNOWN

MONEY = {
    "NotVenue": (FORBIDDEN, "{caller} is not an admitted venue: grant it rights in the vault first."),
    "NotAccountOwner": (FORBIDDEN, "{caller} does not own account {account}: use the owner's key."),
    "AccountTaken": (STATE, "Account {account} already has an owner: choose another number."),
    "AccountUnknown": (UNKNOWN, "There is no account {account}: have the participant admitted first."),
    "NotBuyer": (
        FORBIDDEN,
        "Account {account} may not buy: its admission does not hold, or lacks that role.",
    ),
    "NotSeller": (
        FORBIDDEN,
        "Account {account} may not sell: its admission does not hold, or lacks that role.",
    ),
    "InsufficientBalance": (
        STATE,
        "Account {account} has {available} cash units free and needs {needed}: deposit more, or order less.",
    ),
    "DebtAboveLimit": (
        STATE,
        "Account {account} owes its supplier {debt} cash units, more than {limit}: earn or sell first.",
    ),
    "NotWholeCashUnits": (
        INPUT,
        "{amount} token units are no whole cash units: choose a multiple of {tokenUnitsPerCashUnit}.",
    ),
    "PermitLapsed": (STATE, "The permit ended at {deadline:utc}: sign one with a later deadline."),
    "PermitRefused": (
        FORBIDDEN,
        "The token refused the permit of {owner}: it is used already, or signed by another key. Sign anew.",
    ),
    "PotTooSmall": (INTERNAL, "The pot of {venue} holds {available} cash units, not {needed}: report this."),
    "NotBrought": (INTERNAL, "{available} of {needed} cash units were brought to {venue}: report this."),
    "MarketHalted": (
        STATE,
        "The market is halted until {until:utc}: exits stay open, orders wait until then.",
    ),
    "NonceUsed": (STATE, "Nonce {nonce} of account {account} is used: sign again with {next} or higher."),
    "AmountTooLarge": (INPUT, "{amount} is more than an account can hold: choose a smaller amount."),
    "NonceTooLarge": (INPUT, "Nonce {nonce} doesn't fit into 28 bits: use the account's next one."),
    "TransferRefused": (STATE, "The payment token refused the transfer: check balance and allowance."),
    "TokenUnfit": (
        INPUT,
        "{token} can't be the payment token: use an ERC-20 of at most 18 decimals without fees.",
    ),
}
