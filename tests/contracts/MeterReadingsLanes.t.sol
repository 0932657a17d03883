// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Quality} from "../../contracts/interfaces/IMeterReadings.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {MeteredWord} from "../../contracts/types/MeteredWord.sol";

import {MeteredTest} from "./base/MeteredTest.sol";

/// Settlement reads four accounts a word. Whichever way MeterReadings takes to a lane, it is the lane's account's: as its points
/// stand in a row, in another order, in other words, or not all with a final reading.
contract MeterReadingsLanesTest is MeteredTest {
    uint256 private constant ACCOUNTS = 16; // the first at index 16, so four whole words
    uint256 private constant FIRST = 16;

    AccountId[] private _accounts;
    uint24[] private _points; // by account
    uint32 private _period;

    function setUp() public override {
        super.setUp();
        for (uint256 i; i < ACCOUNTS; ++i) {
            _accounts.push(admit(1000 + i));
        }
        _points = new uint24[](ACCOUNTS);
    }

    function test_PointsInTheirAccountsOrderAreFound() public {
        _register(_inOrder());
        _meter("");
        _assertLanes();
        _assertSameAsOneByOne();
    }

    function test_PointsInAnotherOrderAreFound() public {
        uint256[] memory order = _inOrder();
        (order[0], order[3]) = (order[3], order[0]); // within a word
        (order[4], order[9], order[14]) = (order[9], order[14], order[4]); // across three
        (order[1], order[13]) = (order[13], order[1]); // same lane, another word
        _register(order);
        _meter("");
        _assertLanes();
        _assertSameAsOneByOne();
    }

    function test_ARowOneWordFurtherIsNotTakenForTheNearest() public {
        uint256[] memory order = _inOrder();
        for (uint256 i; i < 4; ++i) {
            (order[i], order[4 + i]) = (order[4 + i], order[i]);
        }
        _register(order);
        _meter("");
        _assertLanes();
    }

    function test_AMissingReadingIsItsAccountsAlone() public {
        _register(_inOrder());
        _meter(abi.encodePacked(_points[6], _points[8]));
        uint256[] memory words = _lanes();
        for (uint256 i; i < ACCOUNTS; ++i) {
            bool isMissing = i == 6 || i == 8;
            vm.assertEq((words[i >> 2] >> ((i & 3) * 60 + 56)) & 3, isMissing ? 2 : 1);
        }
        _assertSameAsOneByOne();
    }

    function test_AnAccountsPointsAddUpInItsLane() public {
        _register(_inOrder());
        registerPoint(_accounts[5]);
        registerPoint(_accounts[10]);
        registerPoint(_accounts[10]);
        _meter("");
        _assertSameAsOneByOne();
        vm.assertEq(_importOf(5), _importWh(6) + _importWh(ACCOUNTS + 1));
        vm.assertEq(_importOf(10), _importWh(11) + _importWh(ACCOUNTS + 2) + _importWh(ACCOUNTS + 3));
    }

    function test_NobodysReadingsAreFinalBeforeTheirTime() public {
        _register(_inOrder());
        _meter("");
        vm.warp(endsAt(_period) + calendarTimes().finalAfter - 1);
        _assertSameAsOneByOne();
        vm.assertEq((_lanes()[0] >> 56) & 1, 0);
    }

    /// Any order of registration, any points without a reading.
    function testFuzz_LanesAreTheirAccounts(uint256 seed, uint16 silent) public {
        uint256[] memory order = _inOrder();
        for (uint256 i = ACCOUNTS - 1; i > 0; --i) {
            uint256 j = uint256(keccak256(abi.encode(seed, i))) % (i + 1);
            (order[i], order[j]) = (order[j], order[i]);
        }
        _register(order);
        bytes memory left;
        for (uint256 i; i < ACCOUNTS; ++i) {
            if ((silent >> i) & 1 == 1) left = abi.encodePacked(left, _points[i]);
        }
        _meter(left);
        _assertSameAsOneByOne();
        if (silent == 0) _assertLanes();
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function _inOrder() private pure returns (uint256[] memory order) {
        order = new uint256[](ACCOUNTS);
        for (uint256 i; i < ACCOUNTS; ++i) {
            order[i] = i;
        }
    }

    /// A point each, in this order.
    function _register(uint256[] memory order) private {
        for (uint256 i; i < ACCOUNTS; ++i) {
            _points[order[i]] = registerPoint(_accounts[order[i]]);
        }
        vm.assertEq(_accounts[0].index(), FIRST);
    }

    /// Everyone's readings of one period, without those of the points in `left`, three bytes each; then they are final.
    function _meter(bytes memory left) private {
        (bytes memory starts, bytes memory ends) = ("", "");
        uint24 last = uint24(registry.pointCount());
        _period = registry.point(last).firstPeriod;
        for (uint24 point = 1; point <= last; ++point) {
            (uint256 importWh, uint256 exportWh) = (uint256(point) * 268_000_001, uint256(point) * 77_777_777);
            starts = bytes.concat(starts, base(point, importWh, exportWh));
            if (_has(left, point)) continue;
            bytes memory reading = point % 3 == 0
                ? lane(point, importWh + _importWh(point), exportWh + _exportWh(point), Quality.Estimated)
                : measured(point, importWh + _importWh(point), exportWh + _exportWh(point));
            ends = bytes.concat(ends, reading);
        }
        vm.warp(startsAt(_period));
        post(_period - 1, starts);
        vm.warp(endsAt(_period));
        if (ends.length != 0) post(_period, ends);
        vm.warp(endsAt(_period) + calendarTimes().finalAfter);
    }

    function _has(bytes memory points, uint24 point) private pure returns (bool) {
        for (uint256 i; i < points.length; i += 3) {
            uint256 found =
                (uint256(uint8(points[i])) << 16) | (uint256(uint8(points[i + 1])) << 8) | uint8(points[i + 2]);
            if (found == point) return true;
        }
        return false;
    }

    function _importWh(uint256 point) private pure returns (uint256) {
        return 4_999 - point * 101;
    }

    function _exportWh(uint256 point) private pure returns (uint256) {
        return point * 57;
    }

    // --- results ------------------------------------------------------------------------------------------------

    function _lanes() private view returns (uint256[] memory) {
        return readings.meteredLanes(AREA, ELECTRICITY, _period, FIRST >> 2, ACCOUNTS >> 2);
    }

    function _importOf(uint256 account) private view returns (uint256) {
        return (_lanes()[account >> 2] >> ((account & 3) * 60)) & (2 ** 28 - 1);
    }

    function _assertLanes() private view {
        uint256[] memory words = _lanes();
        vm.assertEq(words.length, ACCOUNTS >> 2);
        for (uint256 i; i < ACCOUNTS; ++i) {
            uint256 lane_ = (words[i >> 2] >> ((i & 3) * 60)) & (2 ** 60 - 1);
            vm.assertEq(lane_ & (2 ** 28 - 1), _importWh(_points[i]), "import");
            vm.assertEq((lane_ >> 28) & (2 ** 28 - 1), _exportWh(_points[i]), "export");
            vm.assertEq(lane_ >> 56, 1, "final");
        }
    }

    /// `metered` takes no short way.
    function _assertSameAsOneByOne() private view {
        uint256[] memory expected = readings.metered(AREA, ELECTRICITY, _period, FIRST, ACCOUNTS);
        uint256[] memory words = _lanes();
        for (uint256 i; i < ACCOUNTS; ++i) {
            MeteredWord word = MeteredWord.wrap(expected[i]);
            vm.assertEq((words[i >> 2] >> ((i & 3) * 60)) & (2 ** 60 - 1), word.toLane());
        }
    }
}
