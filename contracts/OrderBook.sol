// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {BookBatches} from "./book/BookBatches.sol";
import {BookClaims} from "./book/BookClaims.sol";
import {BookStorage} from "./book/BookStorage.sol";
import {BookViews} from "./book/BookViews.sol";
import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IOrderBook} from "./interfaces/IOrderBook.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {AccountId} from "./types/AccountId.sol";
import {CalendarTimes} from "./types/Calendar.sol";
import {Market} from "./types/Market.sol";
import {Order} from "./types/Order.sol";
import {OrderRef} from "./types/OrderRef.sol";

/// The venue for continuous trading. Here: the doors for one order. `book/` holds the rest.
contract OrderBook is BookBatches, BookClaims, BookViews {
    constructor(CalendarTimes memory times, IPaymentVault vault, IGridOversight oversight, ISettlement settlement)
        BookStorage(times)
    {
        VAULT = vault;
        OVERSIGHT = oversight;
        SETTLEMENT = settlement;
    }

    // --- by the account's owner ---------------------------------------------------------------------------------

    /// @inheritdoc IOrderBook
    function placeOrder(Order order, OrderRef[] calldata own, uint256 maxTouches)
        external
        returns (OrderRef ref, uint256 restWh)
    {
        return _enter(order, own, maxTouches, msg.sender, false);
    }

    /// @inheritdoc IOrderBook
    function cancelOrder(Market market, OrderRef ref) external {
        _cancel(market, ref, ANY_ACCOUNT, msg.sender);
    }

    /// @inheritdoc IOrderBook
    function cancelAll(AccountId account, Market market, OrderRef[] calldata refs) external {
        _cancelAll(market, refs, account, msg.sender);
    }
}
