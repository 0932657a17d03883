// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Apportion} from "../../contracts/libraries/Apportion.sol";
import {Sharing} from "../../contracts/libraries/Sharing.sol";

import {Vm} from "./base/Vm.sol";

/// How a register's difference is shared over substituted periods, and a default over an account's points.
contract SharingTest {
    using Sharing for Sharing.Share;

    Vm private constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    bool public constant IS_TEST = true;
    uint256 private constant NO_LIMIT = type(uint24).max;

    // --- vectors ------------------------------------------------------------------------------------------------

    function test_SharesAreInProportionToTheSubstitutes() public pure {
        assertShares(list(300, 100, 0), 503, NO_LIMIT, list(377, 126, 0));
    }

    function test_SharesAreEqualWhereAllSubstitutesAreZero() public pure {
        assertShares(list(0, 0, 0), 500, NO_LIMIT, list(166, 167, 167));
    }

    function test_WhatALimitCutsOffGoesToTheFollowingPeriods() public pure {
        assertShares(list(900, 100), 1300, 1000, list(1000, 300));
    }

    // --- more ---------------------------------------------------------------------------------------------------

    function test_WhatTheFollowingPeriodsCannotTakeGoesToTheFirst() public pure {
        assertShares(list(100, 900), 1300, 1000, list(300, 1000));
        assertShares(list(0, 100, 900), 2500, 1000, list(1000, 500, 1000));
    }

    function test_NothingIsSharedOfNoDifference() public pure {
        assertShares(list(300, 100, 0), 0, NO_LIMIT, list(0, 0, 0));
    }

    function testFuzz_SharesSumToTheDifferenceAndKeepTheLimit(uint16[6] memory substitutes, uint256 limit, uint256 raw)
        public
        pure
    {
        uint256[] memory run = new uint256[](6);
        for (uint256 i; i < 6; ++i) {
            run[i] = substitutes[i];
        }
        limit = limit % 70_000;
        uint256 difference = raw % (6 * limit + 1);
        uint256[] memory shares = share(run, difference, limit);
        uint256 sum;
        for (uint256 i; i < 6; ++i) {
            vm.assertLe(shares[i], limit);
            sum += shares[i];
        }
        vm.assertEq(sum, difference);
    }

    // --- defaults -----------------------------------------------------------------------------------------------

    function test_EachMissingPointGetsItsRegisteredDefault() public pure {
        vm.assertEq(Apportion.imports(list(100, 200), list(500, 500), 0), list(100, 200));
    }

    function test_WhatWasBoughtBeyondTheDefaultsFillsThePointsInOrder() public pure {
        vm.assertEq(Apportion.imports(list(100, 200, 0), list(500, 500, 500), 950), list(500, 450, 0));
    }

    function test_WhatNoLimitHoldsIsDropped() public pure {
        vm.assertEq(Apportion.imports(list(100, 200), list(500, 500), 5000), list(500, 500));
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function assertShares(uint256[] memory substitutes, uint256 difference, uint256 limit, uint256[] memory expected)
        private
        pure
    {
        vm.assertEq(share(substitutes, difference, limit), expected);
    }

    /// Both passes over a run, as MeterReadings makes them.
    function share(uint256[] memory substitutes, uint256 difference, uint256 limit)
        private
        pure
        returns (uint256[] memory shares)
    {
        uint256 length = substitutes.length;
        shares = new uint256[](length);
        Sharing.Share memory left;
        left.difference = uint48(difference);
        for (uint256 i; i < length; ++i) {
            left.substitutes += uint48(substitutes[i]);
        }
        for (uint256 i; i < length; ++i) {
            shares[i] = left.take(substitutes[i], i, length, limit);
        }
        for (uint256 i; i < length; ++i) {
            shares[i] = left.takeMore(shares[i], limit);
        }
    }

    function list(uint256 a, uint256 b) private pure returns (uint256[] memory values) {
        values = new uint256[](2);
        (values[0], values[1]) = (a, b);
    }

    function list(uint256 a, uint256 b, uint256 c) private pure returns (uint256[] memory values) {
        values = new uint256[](3);
        (values[0], values[1], values[2]) = (a, b, c);
    }
}
