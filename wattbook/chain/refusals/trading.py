# SPDX-License-Identifier: MIT
"""What the errors of OrderBook mean."""

from wattbook.chain.refusals.family import FORBIDDEN, INPUT, INTERNAL, STATE

TRADING = {
    "TradingNotOpen": (
        STATE,
        "Trading for period {period} is not open: try again later, or a nearer period.",
    ),
    "GateClosed": (STATE, "Trading for period {period} has ended: choose a later period."),
    "GateNotClosed": (STATE, "The gate of period {period} is still open: try again once it has closed."),
    "DeliveryNotStarted": (STATE, "Delivery of period {period} has not started: try again once it has."),
    "OrderMalformed": (INPUT, "The order's bits make no sense: build it with Wattbook's typed data."),
    "OrderExpired": (STATE, "The order expired at {validUntil:utc}: sign one with a later validUntil."),
    "PriceOutOfRange": (
        INPUT,
        "{priceTicks} ticks, fees included, is out of range: stay within 0 and 57,599.",
    ),
    "EnergyOutOfRange": (INPUT, "An order of {energyWh} Wh is out of range: order 10 to 8,388,607 Wh."),
    "PriceAboveRetail": (INPUT, "{priceTicks} ticks is above the retail tariff: bid at most {retailTicks}."),
    "FeeTooHigh": (
        STATE,
        "The fee of {feeTicks} ticks is above the order's maxFeeTicks {maxFeeTicks}: raise it.",
    ),
    "FeeAbovePrice": (INPUT, "The fee of {feeTicks} ticks eats the price of {priceTicks}: raise the price."),
    "NotFilled": (STATE, "Only {availableWh} of {wantedWh} Wh could be filled: order less, or pay more."),
    "WouldTrade": (STATE, "The order would trade at {tick} ticks: choose a price that only rests."),
    "AreaNotConnected": (
        INPUT,
        "Area {accountArea} isn't connected to area {marketArea}: trade in one that is.",
    ),
    "OwnOrderInTheWay": (
        STATE,
        "Your own opposite order at {tick} ticks is in the way: list it, or cancel it.",
    ),
    "TooManyOwnOrders": (
        STATE,
        "The account has 64 open orders in this market: cancel or collect some first.",
    ),
    "TouchLimit": (STATE, "The order needs more than {maxTouches} touches: allow more, or order less."),
    "LevelFull": (STATE, "The price level {tick} is full: choose another price."),
    "PositionTooLarge": (STATE, "The account's position would be too large to record: order less."),
    "NotYourOrder": (FORBIDDEN, "Order {ref} is not one of account {account}: cancel with its owner's key."),
    "OrderNotLive": (STATE, "Order {ref} is already filled or cancelled: nothing is left to cancel."),
    "SignatureInvalid": (FORBIDDEN, "The signature is not by the key that must sign: sign with that key."),
    "PeriodUnfinished": (
        STATE,
        "Period {period}, whose storage this needs, is not finished: collect it first.",
    ),
    "MarketVoided": (STATE, "The market was voided and takes no more orders: order in another period."),
    "MarketNotVoid": (STATE, "The market is not void: nothing is to be noted."),
    "BatchMalformed": (INPUT, "The batch ends within its order {position}: pack it anew."),
    "SelfOnly": (INTERNAL, "This function is for the contract's own use: call the public one."),
    "FunctionUnknown": (INTERNAL, "The contract has no function {selector}: use this release's ABI."),
}
