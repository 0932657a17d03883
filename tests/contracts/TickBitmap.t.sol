// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Ticks} from "../../contracts/libraries/TickBitmap.sol";

import {Vm} from "./base/Vm.sol";

/// The marks of a book's ticks, beside a plain list of them.
contract TickBitmapTest {
    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bool public constant IS_TEST = true;
    uint256 private constant TICKS = 57_600;
    uint256 private constant COUNT = 12;
    uint256 private constant BOOK = 3;
    uint256 private constant TAG = 7;

    Ticks private _ticks;

    function testFuzz_TheNextMarkIsTheNearestThatStands(uint16[12] memory drawn, uint256 gone, uint16 from) public {
        uint256[] memory ticks = _spread(drawn);
        for (uint256 i; i < COUNT; ++i) {
            _ticks.mark(BOOK, TAG, ticks[i]);
        }
        for (uint256 i; i < COUNT; ++i) {
            if (_isGone(gone, i)) _ticks.unmark(BOOK, TAG, ticks[i]);
        }
        assertNext(ticks, gone, from % TICKS);
        for (uint256 i; i < COUNT; ++i) {
            assertNext(ticks, gone, ticks[i]);
        }
    }

    function testFuzz_AnotherBookAndAnotherTurnHaveMarksOfTheirOwn(uint16 some, uint16 other, bool isBook) public {
        (uint256 tick, uint256 second) = (some % (TICKS - 1), other % (TICKS - 1));
        (uint256 book, uint256 tag) = isBook ? (BOOK + 1, TAG) : (BOOK, TAG + 1);
        _ticks.mark(BOOK, TAG, tick);
        vm.assertEq(_ticks.below(book, tag, TICKS - 1), 0);
        vm.assertEq(_ticks.above(book, tag, 0), 0);
        _ticks.mark(book, tag, second);
        vm.assertEq(_ticks.below(book, tag, TICKS - 1), second + 1);
        if (isBook) vm.assertEq(_ticks.below(BOOK, TAG, TICKS - 1), tick + 1);
    }

    function testFuzz_APreparedWordHoldsNoMarkAndForgetsNone(uint16 some, uint8 leaf) public {
        uint256 tick = some % (TICKS - 1);
        _ticks.prepare(BOOK, TAG, leaf % 240);
        vm.assertEq(_ticks.below(BOOK, TAG, TICKS - 1), 0);
        _ticks.mark(BOOK, TAG, tick);
        _ticks.prepare(BOOK, TAG + 1, tick / 240);
        vm.assertEq(_ticks.below(BOOK, TAG, TICKS - 1), tick + 1);
    }

    function assertNext(uint256[] memory ticks, uint256 gone, uint256 from) private view {
        (uint256 below, uint256 above) = (0, 0);
        for (uint256 i; i < COUNT; ++i) {
            if (!_stands(ticks, gone, i)) continue;
            if (ticks[i] < from && ticks[i] + 1 > below) below = ticks[i] + 1;
            if (ticks[i] > from && (above == 0 || ticks[i] + 1 < above)) above = ticks[i] + 1;
        }
        vm.assertEq(_ticks.below(BOOK, TAG, from), below);
        vm.assertEq(_ticks.above(BOOK, TAG, from), above);
    }

    /// Half of them close together, in few words.
    function _spread(uint16[12] memory drawn) private pure returns (uint256[] memory ticks) {
        ticks = new uint256[](COUNT);
        for (uint256 i; i < COUNT; ++i) {
            ticks[i] = drawn[i] % (i % 2 == 0 ? TICKS : 700);
        }
    }

    function _isGone(uint256 gone, uint256 i) private pure returns (bool) {
        return (gone >> i) & 1 != 0;
    }

    /// A tick may be drawn twice.
    function _stands(uint256[] memory ticks, uint256 gone, uint256 i) private pure returns (bool) {
        for (uint256 j; j < COUNT; ++j) {
            if (ticks[j] == ticks[i] && _isGone(gone, j)) return false;
        }
        return true;
    }
}
