// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookExtension, SignedCancel} from "../interfaces/IOrderBook.sol";
import {Signatures} from "../libraries/Signatures.sol";
import {AccountId} from "../types/AccountId.sol";
import {cancellationHash} from "../types/Cancellation.sol";
import {Market} from "../types/Market.sol";
import {OrderRef} from "../types/OrderRef.sol";
import {BookExits} from "./BookExits.sol";
import {BookSignatures} from "./BookSignatures.sol";

/// Cancellations that their owners signed and anyone relays.
abstract contract BookSignedCancels is IOrderBookExtension, BookExits, BookSignatures {
    /// @inheritdoc IOrderBookExtension
    function cancelSigned(SignedCancel[] calldata cancels) external {
        for (uint256 i; i < cancels.length; ++i) {
            SignedCancel calldata wanted = cancels[i];
            bytes32 digest = cancelHash(wanted.account, wanted.market, wanted.ref, wanted.validUntil);
            address signer = VAULT.ownerOf(wanted.account).code.length == 0
                ? Signatures.recover(digest, wanted.signature)
                : _wallet(wanted.account, digest, wanted.signature);
            (bool cancelled, bytes memory reason) = address(this)
                .call(
                    abi.encodeCall(
                        this.cancelFor, (signer, wanted.account, wanted.market, wanted.ref, wanted.validUntil)
                    )
                );
            if (!cancelled) emit CancelSkipped(i, wanted.account, wanted.ref, reason);
        }
    }

    /// One cancellation of a batch.
    function cancelFor(address signer, AccountId account, Market market, OrderRef ref, uint40 validUntil) external {
        _requireSelf();
        if (signer == address(0)) revert SignatureInvalid(account);
        _requireValid(validUntil);
        _cancel(market, ref, account, signer);
    }

    /// @inheritdoc IOrderBookExtension
    function cancelHash(AccountId account, Market market, OrderRef ref, uint40 validUntil)
        public
        view
        returns (bytes32)
    {
        return _digest(cancellationHash(account, market, ref, validUntil));
    }
}
