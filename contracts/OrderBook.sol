// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";

import {BookClaims} from "./book/BookClaims.sol";
import {BookExits} from "./book/BookExits.sol";
import {BookStorage} from "./book/BookStorage.sol";
import {BookTrading} from "./book/BookTrading.sol";
import {BookViews} from "./book/BookViews.sol";
import {IGridOversight} from "./interfaces/IGridOversight.sol";
import {IOrderBook, SignedCancel, SignedOrder} from "./interfaces/IOrderBook.sol";
import {IPaymentVault} from "./interfaces/IPaymentVault.sol";
import {ISettlement} from "./interfaces/ISettlement.sol";
import {Signatures} from "./libraries/Signatures.sol";
import {AccountId} from "./types/AccountId.sol";
import {CalendarTimes} from "./types/Calendar.sol";
import {cancellationHash} from "./types/Cancellation.sol";
import {Market} from "./types/Market.sol";
import {Order} from "./types/Order.sol";
import {OrderRef} from "./types/OrderRef.sol";

/// The venue for continuous trading. Here: the doors of participants, direct and signed. `book/` holds the rest.
contract OrderBook is BookTrading, BookExits, BookClaims, BookViews, EIP712 {
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

    // --- relayed by anyone --------------------------------------------------------------------------------------

    /// @inheritdoc IOrderBook
    function placeSigned(SignedOrder[] calldata orders, uint256 maxTouches) external {
        for (uint256 i; i < orders.length; ++i) {
            SignedOrder calldata wanted = orders[i];
            address signer = Signatures.recover(orderHash(wanted.order), wanted.signature);
            try this.enterFor(signer, wanted.order, wanted.own, maxTouches) {}
            catch (bytes memory reason) {
                emit OrderSkipped(i, wanted.order, reason);
            }
        }
    }

    /// @inheritdoc IOrderBook
    function cancelSigned(SignedCancel[] calldata cancels) external {
        for (uint256 i; i < cancels.length; ++i) {
            SignedCancel calldata wanted = cancels[i];
            bytes32 digest = cancelHash(wanted.account, wanted.market, wanted.ref, wanted.validUntil);
            address signer = Signatures.recover(digest, wanted.signature);
            try this.cancelFor(signer, wanted.account, wanted.market, wanted.ref, wanted.validUntil) {}
            catch (bytes memory reason) {
                emit CancelSkipped(i, wanted.account, wanted.ref, reason);
            }
        }
    }

    /// One order of a batch, in a call of its own, so that its failure undoes nothing else.
    function enterFor(address signer, Order order, OrderRef[] calldata own, uint256 maxTouches) external {
        _requireSelf();
        if (signer == address(0)) revert SignatureInvalid(order.account());
        _enter(order, own, maxTouches, signer, true);
    }

    /// One cancellation of a batch.
    function cancelFor(address signer, AccountId account, Market market, OrderRef ref, uint40 validUntil) external {
        _requireSelf();
        if (signer == address(0)) revert SignatureInvalid(account);
        _requireValid(validUntil);
        _cancel(market, ref, account, signer);
    }

    function _requireSelf() private view {
        if (msg.sender != address(this)) revert SelfOnly();
    }

    // --- typed data ---------------------------------------------------------------------------------------------

    /// @inheritdoc IOrderBook
    function orderHash(Order order) public view returns (bytes32) {
        return _hashTypedData(order.hash());
    }

    /// @inheritdoc IOrderBook
    function cancelHash(AccountId account, Market market, OrderRef ref, uint40 validUntil)
        public
        view
        returns (bytes32)
    {
        return _hashTypedData(cancellationHash(account, market, ref, validUntil));
    }

    function _domainNameAndVersion() internal pure override returns (string memory name, string memory version) {
        return ("Wattbook", "1");
    }
}
