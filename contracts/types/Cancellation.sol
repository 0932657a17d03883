// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "./AccountId.sol";
import {Market} from "./Market.sol";
import {OrderRef} from "./OrderRef.sol";

// A wish to cancel one resting order, as it is signed. A place in the book is never given twice in one market, so a
// cancellation can't be replayed against another order.
bytes32 constant CANCELLATION_TYPEHASH = keccak256(
    "Cancellation(uint24 account,uint8 area,uint8 carrier,uint32 period,uint16 tick,uint16 index,uint40 validUntil)"
);

/// EIP-712 struct hash.
function cancellationHash(AccountId account, Market market, OrderRef ref, uint40 validUntil) pure returns (bytes32) {
    return keccak256(
        abi.encode(
            CANCELLATION_TYPEHASH,
            account,
            market.area(),
            market.carrier(),
            market.period(),
            ref.tick(),
            ref.index(),
            validUntil
        )
    );
}
