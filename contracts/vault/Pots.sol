// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";

import {IPaymentVault} from "../interfaces/IPaymentVault.sol";
import {PotWord} from "../types/PotWord.sol";

/// Venues' rights, and the pots in which they hold what is entrusted to them.
abstract contract Pots is IPaymentVault, AccessManaged {
    enum Right {
        Unknown,
        Revoked, // may empty its pots and be paid into by other venues, nothing more
        Lock,
        Charge
    }

    /// More open pots of one venue would make taking its rights away too expensive; a venue has one a book.
    uint256 private constant MOST_OPEN_POTS = 768;

    mapping(uint256 venueAndKey => PotWord) internal _pots;
    mapping(address venue => Right) private _rights;
    mapping(address venue => uint96[] keys) private _openPots;

    // --- by anyone ----------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function preparePots(address venue, uint96 firstKey, uint256 count) external {
        for (uint256 i; i < count; ++i) {
            uint256 potId = _potId(venue, firstKey + uint96(i));
            _pots[potId] = _pots[potId].asKept();
        }
    }

    // --- administration -----------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function grantVenue(address venue, bool mayCharge) external restricted {
        _rights[venue] = mayCharge ? Right.Charge : Right.Lock;
        emit VenueGranted(venue, mayCharge);
    }

    /// @inheritdoc IPaymentVault
    function revokeVenue(address venue) external restricted {
        _requireKnown(venue);
        _rights[venue] = Right.Revoked;
        _closePots(venue);
        emit VenueRevoked(venue);
    }

    /// @inheritdoc IPaymentVault
    function closePot(address venue, uint96 key, uint40 until) external restricted {
        uint256 potId = _potId(venue, key);
        _pots[potId] = _pots[potId].closed(until);
        emit PotClosed(venue, key, until);
    }

    // --- views --------------------------------------------------------------------------------------------------

    /// @inheritdoc IPaymentVault
    function venueRights(address venue) external view returns (bool granted, bool mayCharge) {
        Right right = _rights[venue];
        return (right >= Right.Lock, right == Right.Charge);
    }

    /// @inheritdoc IPaymentVault
    function pot(address venue, uint96 key) external view returns (uint128 amount, uint40 closedUntil) {
        PotWord found = _pots[_potId(venue, key)];
        return (uint128(found.amount()), found.closedUntil());
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function _fill(uint256 potId, uint256 amount) internal {
        _pots[potId] = _pots[potId].plus(amount).asKept();
    }

    /// Out of the caller's pot; that is the only limit, so that no one can hold up money on its way back.
    function _drain(uint96 key, uint256 amount) internal {
        uint256 potId = _potId(msg.sender, key);
        PotWord from = _pots[potId];
        if (amount > from.amount()) revert PotTooSmall(msg.sender, key, from.amount(), amount);
        _pots[potId] = from.minus(amount);
    }

    /// The caller's right, once checked, stands in its pot's word, so that later locks needn't read it.
    function _opened(PotWord pot_, uint96 key) internal returns (PotWord) {
        _requireRight(Right.Lock);
        uint96[] storage keys = _openPots[msg.sender];
        if (keys.length == MOST_OPEN_POTS) return pot_; // checked again at its next lock
        keys.push(key);
        return pot_.asOpen();
    }

    function _closePots(address venue) private {
        uint96[] memory keys = _openPots[venue];
        delete _openPots[venue];
        for (uint256 i; i < keys.length; ++i) {
            uint256 potId = _potId(venue, keys[i]);
            _pots[potId] = _pots[potId].notOpen();
        }
    }

    // --- rules --------------------------------------------------------------------------------------------------

    function _requireRight(Right least) internal view {
        if (_rights[msg.sender] < least) revert NotVenue(msg.sender);
    }

    function _requireKnown(address venue) internal view {
        if (_rights[venue] == Right.Unknown) revert NotVenue(venue);
    }

    function _potId(address venue, uint96 key) internal pure returns (uint256) {
        return (uint256(uint160(venue)) << 96) | key;
    }
}
