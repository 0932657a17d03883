// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

/// One participant's balance in one grid area: `area << 16 | index`.
/// The area stands inside the id, so that no contract reads storage to learn where an account belongs.
/// Indices 1 to 15 of every area are reserved: 1 is the backstop, 2 the fee account. Members count from 16, densely.
type AccountId is uint24;

using AccountIdLibrary for AccountId global;
using {sameAccount as ==, otherAccount as !=} for AccountId global;

uint256 constant FIRST_MEMBER = 16;

function sameAccount(AccountId a, AccountId b) pure returns (bool) {
    return AccountId.unwrap(a) == AccountId.unwrap(b);
}

function otherAccount(AccountId a, AccountId b) pure returns (bool) {
    return AccountId.unwrap(a) != AccountId.unwrap(b);
}

function accountId(uint8 area, uint256 index) pure returns (AccountId) {
    return AccountId.wrap(uint24((uint256(area) << 16) | index));
}

library AccountIdLibrary {
    function area(AccountId self) internal pure returns (uint8) {
        return uint8(AccountId.unwrap(self) >> 16);
    }

    function index(AccountId self) internal pure returns (uint256) {
        return uint16(AccountId.unwrap(self));
    }

    /// The supplier that takes every imbalance of the account's area.
    function backstop(AccountId self) internal pure returns (AccountId) {
        return accountId(area(self), 1);
    }

    function isMember(AccountId self) internal pure returns (bool) {
        return index(self) >= FIRST_MEMBER;
    }
}

/// The account that network fees and levies of an area's markets flow to.
function feeAccount(uint8 area) pure returns (AccountId) {
    return accountId(area, 2);
}

/// The backstop supplier's account of an area.
function backstopAccount(uint8 area) pure returns (AccountId) {
    return accountId(area, 1);
}
