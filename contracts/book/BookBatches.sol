// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {EIP712} from "solady/utils/EIP712.sol";

import {IOrderBook, SignedCancel} from "../interfaces/IOrderBook.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {AccountId} from "../types/AccountId.sol";
import {cancellationHash} from "../types/Cancellation.sol";
import {Market} from "../types/Market.sol";
import {Order} from "../types/Order.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {SignedOrder, firstSigned} from "../types/SignedOrder.sol";
import {BookExits} from "./BookExits.sol";
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
abstract contract BookBatches is BookTrading, BookExits, EIP712 {
    // --- by the account's owner ---------------------------------------------------------------------------------

    /// @inheritdoc IOrderBook
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
            _add(locks, order, _potOf(book), _trade(book, order, none, maxTouches).locked);
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
        if (order.isOffer()) (locks.offers, locks.offersLock) = (true, locks.offersLock + amount);
        else (locks.bids, locks.bidsLock) = (true, locks.bidsLock + amount);
    }

    function _lockAll(Locks memory locks) private {
        if (locks.bids) VAULT.lock(locks.account, msg.sender, locks.pot, locks.bidsLock, false);
        if (locks.offers) VAULT.lock(locks.account, msg.sender, locks.pot, locks.offersLock, true);
    }

    function _noRefs() private pure returns (OrderRef[] calldata none) {
        assembly ("memory-safe") {
            none.offset := 0
            none.length := 0
        }
    }

    // --- relayed by anyone --------------------------------------------------------------------------------------

    /// @inheritdoc IOrderBook
    function placeSigned(bytes calldata batch, uint256 maxTouches) external {
        (SignedOrder signed, uint256 end) = firstSigned(batch);
        for (uint256 i; SignedOrder.unwrap(signed) < end; ++i) {
            SignedOrder next = signed.next();
            if (SignedOrder.unwrap(next) > end) revert BatchMalformed(i);
            _placeSigned(signed, i, maxTouches);
            signed = next;
        }
    }

    function _placeSigned(SignedOrder signed, uint256 position, uint256 maxTouches) private {
        Order order = signed.order();
        address signer = _signerOf(order.account(), orderHash(order), signed.signature(), signed.byWallet());
        (bool entered, bytes memory reason) =
            address(this).call(abi.encodeCall(this.enterFor, (signer, order, signed.own(), maxTouches)));
        if (!entered) emit OrderSkipped(position, order, reason);
    }

    /// @inheritdoc IOrderBook
    function cancelSigned(SignedCancel[] calldata cancels) external {
        for (uint256 i; i < cancels.length; ++i) {
            SignedCancel calldata wanted = cancels[i];
            bytes32 digest = cancelHash(wanted.account, wanted.market, wanted.ref, wanted.validUntil);
            bool byWallet = VAULT.ownerOf(wanted.account).code.length != 0;
            address signer = _signerOf(wanted.account, digest, wanted.signature, byWallet);
            (bool cancelled, bytes memory reason) = address(this)
                .call(
                    abi.encodeCall(
                        this.cancelFor, (signer, wanted.account, wanted.market, wanted.ref, wanted.validUntil)
                    )
                );
            if (!cancelled) emit CancelSkipped(i, wanted.account, wanted.ref, reason);
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

    /// Who signed, if anybody: a contract wallet is the signer only if it owns the account.
    function _signerOf(AccountId account, bytes32 digest, bytes calldata signature, bool byWallet)
        private
        view
        returns (address signer)
    {
        if (!byWallet) return Signatures.recover(digest, signature);
        signer = VAULT.ownerOf(account);
        if (!Signatures.isByWallet(signer, digest, signature)) signer = address(0);
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
