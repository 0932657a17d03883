// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {OrderBookExtension} from "./OrderBookExtension.sol";
import {BookBatches} from "./book/BookBatches.sol";
import {BookClaims} from "./book/BookClaims.sol";
import {BookExits} from "./book/BookExits.sol";
import {BookStorage} from "./book/BookStorage.sol";
import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IOrderBookMain} from "./interfaces/IOrderBook.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Extended} from "./libraries/Extended.sol";
import {AccountId} from "./types/AccountId.sol";
import {CalendarTimes} from "./types/Calendar.sol";
import {Market} from "./types/Market.sol";
import {Order} from "./types/Order.sol";
import {OrderRef} from "./types/OrderRef.sol";

/// The venue for continuous trading. Here: the doors for one order. `book/` holds the rest, of which views and what needn't be
/// cheap stand in OrderBookExtension.
contract OrderBook is BookBatches, BookExits, BookClaims, Extended {
    constructor(CalendarTimes memory times, IPaymentVault vault, IGridOversight oversight, ISettlement settlement)
        BookStorage(times, vault, oversight, settlement)
        Extended(address(new OrderBookExtension(times, vault, oversight, settlement)))
    {}

    // --- by the account's owner ---------------------------------------------------------------------------------

    /// @inheritdoc IOrderBookMain
    function placeOrder(Order order, OrderRef[] calldata own, uint256 maxTouches)
        external
        returns (OrderRef ref, uint256 restWh)
    {
        return _enter(order, own, maxTouches, msg.sender, false);
    }

    /// @inheritdoc IOrderBookMain
    function cancelOrder(Market market, OrderRef ref) external {
        _cancel(market, ref, ANY_ACCOUNT, msg.sender);
    }

    /// @inheritdoc IOrderBookMain
    function cancelAll(AccountId account, Market market, OrderRef[] calldata refs) external {
        _cancelAll(market, refs, account, msg.sender);
    }
}
