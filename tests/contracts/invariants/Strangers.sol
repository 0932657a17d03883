// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {MeterExchange} from "../../../contracts/interfaces/IMeterReadings.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Community} from "./Community.sol";

/// Somebody without any right, at every door that moves money, energy or rights.
abstract contract Strangers is Community {
    address private constant STRANGER = address(0xBAD);

    function actIntrude(uint256 seed) external drawn(seed) {
        _intrude(address(vault), _vaultsDoors());
        _intrude(address(settlement), _settlementsDoors());
        _intrude(address(readings), _readingsDoors());
        _intrude(address(certificates), _certificatesDoors());
        _intrude(address(oversight), _oversightsDoors());
    }

    function _intrude(address target, bytes[] memory calls) private {
        bytes memory data = calls[_draw(calls.length)];
        vm.prank(STRANGER);
        (bool done,) = target.call(data);
        if (done) _blame(1, "a stranger was let in");
    }

    function _vaultsDoors() private returns (bytes[] memory calls) {
        calls = new bytes[](9);
        AccountId account = members[_draw(MEMBERS)];
        uint96 key = uint96(AREA) << 8;
        calls[0] = abi.encodeCall(vault.release, (account, key, 1));
        calls[1] = abi.encodeCall(vault.lock, (account, vault.ownerOf(account), key, _draw(FUNDS), true));
        calls[2] = abi.encodeCall(vault.charge, (account, key, _draw(FUNDS)));
        calls[3] = abi.encodeCall(vault.move, (key, address(this), key, 1));
        calls[4] = abi.encodeCall(vault.setRights, (account, false, false));
        calls[5] = abi.encodeCall(vault.withdraw, (account, 1, STRANGER));
        calls[6] = abi.encodeCall(vault.lockGuarantee, (backstop(), key, _draw(FUNDS)));
        calls[7] = abi.encodeCall(vault.cancelUpTo, (account, 1 << 20));
        calls[8] = abi.encodeCall(vault.setDebtLimit, (account, 1));
    }

    function _settlementsDoors() private returns (bytes[] memory calls) {
        calls = new bytes[](6);
        calls[0] = abi.encodeCall(settlement.openMarket, (market));
        calls[1] = abi.encodeCall(settlement.closeMarket, (market));
        calls[2] = abi.encodeCall(settlement.bookFills, (market, new uint256[](1), 0));
        calls[3] = abi.encodeCall(settlement.noteCorrection, (_anyone(), ELECTRICITY, period));
        calls[4] = abi.encodeCall(settlement.openArea, (AREA, ELECTRICITY, period));
        calls[5] = abi.encodeCall(settlement.grantVenue, (STRANGER));
    }

    function _readingsDoors() private returns (bytes[] memory calls) {
        calls = new bytes[](5);
        uint24 point = points[_draw(points.length)];
        calls[0] = abi.encodeCall(readings.bookDefault, (_anyone(), ELECTRICITY, period, _draw(2000)));
        calls[1] = abi.encodeCall(readings.postSubstitute, (point, period, 0, 1));
        calls[2] = abi.encodeCall(readings.correct, (point, period, 0, 0, "mine"));
        calls[3] = abi.encodeCall(readings.setDisputed, (point, period, true));
        calls[4] = abi.encodeCall(readings.exchangeMeter, (MeterExchange(point, period, 0, 0, 0, 0, 0, 0), "", ""));
    }

    function _certificatesDoors() private view returns (bytes[] memory calls) {
        calls = new bytes[](3);
        calls[0] = abi.encodeCall(certificates.mint, (STRANGER, market, 1));
        calls[1] = abi.encodeCall(certificates.mintTo, (STRANGER, 1, 1));
        calls[2] = abi.encodeCall(certificates.connectMinter, (STRANGER));
    }

    function _oversightsDoors() private view returns (bytes[] memory calls) {
        calls = new bytes[](4);
        calls[0] = abi.encodeCall(oversight.haltTrading, (address(book), AREA, ELECTRICITY, uint40(timeNow + 1), ""));
        calls[1] = abi.encodeCall(oversight.voidMarket, (address(book), market, ""));
        calls[2] = abi.encodeCall(oversight.scheduleTerms, (AREA, ELECTRICITY, firstUntradable(), usualTerms()));
        calls[3] = abi.encodeCall(oversight.grantVenue, (STRANGER));
    }
}
