// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {PageSums} from "../types/PageSums.sol";

/// Who waits.
enum Patience {
    Wait,
    Missing, // only who has readings that never came: anyone may book their default
    None
}

/// A page while it is settled. UsualAccounts knows where its first words stand.
struct Page {
    uint256 lanesAt; // where in memory the metered lanes of account id 0 would stand
    uint256 positionsAt; // where in storage its position stands; that of account i is i << 24 further
    uint256 tag;
    int256 retailTicks;
    int256 feedInTicks;
    PageSums sums;
    uint256 resultsAt; // where in memory the result of account id 0 would stand
    uint256 nextPayment; // where in memory the next one goes
    uint8 area;
    uint8 carrier;
    uint32 period;
    Patience patience;
    bool hasGuarantee;
    int256 means; // without a guarantee: what surpluses can be paid from, cash units
    uint256 owed; // Σ new debts, cash units
    uint256 first; // account index of the first result
    uint256[] results;
    uint256[] debts;
    uint256[] payments;
}

/// The short way through a page for accounts as most are: their readings final, their backstop's guarantee behind them. It does
/// what Pages does with an account, without a call: a call here costs every member's settlement 25 gas.
library UsualAccounts {
    /// Settles accounts from `account` on up to the first word of lanes that aren't all final, at most to `end`. Returns where it
    /// stopped. The caller sees to it that the page has a guarantee and that none of them has settled before.
    function settle(Page memory page, uint256 account, uint256 end) internal view returns (uint256) {
        assembly ("memory-safe") {
            let from := account
            let final := 0x100000000000000100000000000000100000000000000100000000000000 // of all four lanes
            let lane := mload(add(mload(page), shl(5, shr(2, account))))
            if xor(and(lane, final), final) { end := 0 }
            lane := shr(mul(and(account, 3), 60), lane)
            let positionAt := add(mload(add(page, 0x20)), shl(24, account))
            let resultAt := add(mload(add(page, 0xc0)), shl(4, account))
            let paymentAt := mload(add(page, 0xe0))
            let sums := mload(add(page, 0xa0))
            for {} lt(account, end) { account := add(account, 1) } {
                if iszero(and(account, 3)) {
                    lane := mload(add(mload(page), shl(3, account)))
                    if xor(and(lane, final), final) { break }
                }
                let position := sload(positionAt)
                position := mul(position, eq(shr(240, position), mload(add(page, 0x40))))
                let due := sub(shr(228, shl(200, lane)), shr(228, shl(228, lane))) // as MeteredLane.net
                {
                    let contracted := sub(shr(218, shl(218, position)), shr(218, shl(180, position)))
                    // as PageSums.plus
                    switch slt(contracted, 0)
                    case 1 { sums := sub(sums, shl(56, contracted)) }
                    default {
                        let least := xor(due, mul(xor(due, contracted), slt(contracted, due)))
                        sums := add(sums, mul(least, sgt(least, 0)))
                    }
                    due := sub(due, contracted)
                }
                {
                    let ticks := mload(add(page, 0x80))
                    if slt(due, 0) { ticks := mload(add(page, 0x60)) }
                    due := mul(due, ticks)
                }
                sums := sub(sums, shl(128, due))
                due := add(due, shr(202, shl(126, position))) // what it received
                let payout := add(due, shr(202, shl(72, position))) // and its lock
                mstore(resultAt, shl(128, or(shr(199, shl(199, lane)), shl(64, payout)))) // as PageResults.put
                // as Pages._pay
                switch slt(due, 0)
                case 0 { due := or(shl(24, due), shl(88, sub(payout, due))) }
                default {
                    switch slt(payout, 0)
                    case 0 { due := shl(88, payout) }
                    default { due := shl(152, sub(0, payout)) }
                }
                mstore(paymentAt, or(account, due))
                if due { paymentAt := add(paymentAt, 32) }
                lane := shr(60, lane)
                positionAt := add(positionAt, 0x1000000)
                resultAt := add(resultAt, 16)
            }
            mstore(add(page, 0xa0), add(sums, shl(112, sub(account, from))))
            mstore(add(page, 0xe0), paymentAt)
        }
        return account;
    }
}
