// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookMain} from "../interfaces/IOrderBook.sol";
import {digestIn} from "../libraries/Domain.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {AccountId} from "../types/AccountId.sol";
import {Order} from "../types/Order.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {SignedOrder, firstSigned, orderBehind} from "../types/SignedOrder.sol";
import {Incoming} from "./BookMatching.sol";
import {Book} from "./BookStorage.sol";
import {BookTrading} from "./BookTrading.sol";

/// What the orders of one account in one pot lock together.
struct Locks {
    AccountId account;
    uint96 pot;
    bool bids;
    bool offers;
    uint256 bidsLock;
    uint256 offersLock;
}

/// Many orders in one transaction: signed ones that anyone relays, each of which may fail alone, and those of one owner.
abstract contract BookBatches is IOrderBookMain, BookTrading {
    // --- by the account's owner ---------------------------------------------------------------------------------

    /// @inheritdoc IOrderBookMain
    function placeMany(Order[] calldata orders, uint256 maxTouches) external {
        OrderRef[] calldata none = _noRefs();
        Book memory book;
        Locks memory locks;
        for (uint256 i; i < orders.length; ++i) {
            Order order = orders[i];
            _check(order);
            if (i == 0 || order.market() != book.market) {
                _save(book);
                book = _loadedBookOf(order.market());
            }
            Incoming memory incoming;
            _trade(book, incoming, order, none, maxTouches);
            _add(locks, order, _potOf(book), incoming.locked);
        }
        _save(book);
        _lockAll(locks);
    }

    /// Orders beside each other that lock from one account into one pot do so in one call.
    function _add(Locks memory locks, Order order, uint96 pot, uint256 amount) private {
        if (locks.account != order.account() || locks.pot != pot) {
            _lockAll(locks);
            (locks.account, locks.pot) = (order.account(), pot);
            (locks.bids, locks.offers, locks.bidsLock, locks.offersLock) = (false, false, 0, 0);
        }
        unchecked {
            // Sums of locks of 64 bits at most.
            if (order.isOffer()) (locks.offers, locks.offersLock) = (true, locks.offersLock + amount);
            else (locks.bids, locks.bidsLock) = (true, locks.bidsLock + amount);
        }
    }

    function _lockAll(Locks memory locks) private {
        if (locks.bids) _lock(locks.account, msg.sender, locks.pot, locks.bidsLock, false);
        if (locks.offers) _lock(locks.account, msg.sender, locks.pot, locks.offersLock, true);
    }

    function _noRefs() private pure returns (OrderRef[] calldata none) {
        assembly ("memory-safe") {
            none.offset := 0
            none.length := 0
        }
    }

    // --- relayed by anyone --------------------------------------------------------------------------------------

    /// @inheritdoc IOrderBookMain
    function placeSigned(bytes calldata batch, uint256 maxTouches) external {
        (SignedOrder signed, uint256 end) = firstSigned(batch);
        bytes32 domain = _domain();
        for (uint256 position; SignedOrder.unwrap(signed) < end;) {
            bytes calldata signature = signed.signature();
            SignedOrder next = orderBehind(signature);
            if (SignedOrder.unwrap(next) > end) revert BatchMalformed(position);
            _placeSigned(domain, signed, signature, position, maxTouches);
            signed = next;
            unchecked {
                ++position;
            }
        }
    }

    function _placeSigned(
        bytes32 domain,
        SignedOrder signed,
        bytes calldata signature,
        uint256 position,
        uint256 maxTouches
    ) private {
        Order order = signed.order();
        bytes32 digest = digestIn(domain, order.hash());
        address signer =
            signed.byWallet() ? _wallet(order.account(), digest, signature) : Signatures.recover(digest, signature);
        if (!_enterAlone(signer, order, maxTouches, signed.own())) emit OrderSkipped(position, order, _reason());
    }

    /// `enterSigned` in a call of its own, `own` behind its arguments. Encoded by hand: an encoder would cost every order of a batch
    /// some 1,000 gas.
    function _enterAlone(address signer, Order order, uint256 maxTouches, OrderRef[] calldata own)
        private
        returns (bool entered)
    {
        uint256 selector = uint32(this.enterSigned.selector);
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, selector)
            mstore(add(free, 0x20), signer)
            mstore(add(free, 0x40), order)
            mstore(add(free, 0x60), maxTouches)
            let ownSize := shl(5, own.length)
            calldatacopy(add(free, 0x80), own.offset, ownSize)
            entered := call(gas(), address(), 0, add(free, 28), add(0x64, ownSize), 0, 0)
        }
    }

    /// What the last call reverted with.
    function _reason() private pure returns (bytes memory reason) {
        assembly ("memory-safe") {
            reason := mload(0x40)
            mstore(reason, returndatasize())
            returndatacopy(add(reason, 0x20), 0, returndatasize())
            mstore(0x40, and(add(add(reason, returndatasize()), 0x3f), not(0x1f)))
        }
    }

    /// One order of a batch, in a call of its own, so that its failure undoes nothing else.
    function enterSigned(address signer, Order order, uint256 maxTouches) external {
        _requireSelf();
        if (signer == address(0)) revert SignatureInvalid(order.account());
        OrderRef[] calldata own;
        assembly ("memory-safe") {
            own.offset := 0x64
            own.length := shr(5, sub(calldatasize(), 0x64))
        }
        _enter(order, own, maxTouches, signer, true);
    }

    // --- typed data ---------------------------------------------------------------------------------------------

    /// @inheritdoc IOrderBookMain
    function orderHash(Order order) public view returns (bytes32) {
        return _digest(order.hash());
    }
}
