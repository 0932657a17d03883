// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Market} from "../../contracts/types/Market.sol";

import {DayMetering} from "./base/DayMetering.sol";

/// The shared day on the contracts, to the unit: 20 accounts in two areas, 1,467 orders and cancellations, readings that are
/// missing, substituted and corrected, debts, fees, certificates.
contract SharedDayTest is DayMetering {
    uint256 private constant MOST = 256;

    function setUp() public override {
        super.setUp();
        for (uint32 period; period < PERIODS; ++period) {
            this.enterAll(period);
        }
    }

    function test_EveryPositionIsAsTheDirectCalculationSays() public {
        vm.warp(startsAt(first + PERIODS));
        for (uint32 period; period < PERIODS; ++period) {
            this.claimAll(period);
            this.comparePositions(period);
        }
    }

    function test_TheWholeDayComesOutToTheUnit() public {
        spareGas();
        _liveThroughTheDay();
        for (uint32 period; period < PERIODS; ++period) {
            vm.warp(endsAt(first + period) + calendarTimes().substitutesUntil);
            bookDefaults(period);
            this.settleAndCompare(period);
            closeOutages(period);
        }
        vm.warp(block.timestamp + 1 days);
        correctAll();
        this.settleCorrections();
        for (uint32 period; period < PERIODS; ++period) {
            vm.warp(endsAt(first + period) + calendarTimes().correctionsUntil);
            this.handOutAndCompare(period);
        }
        _compareBalances();
    }

    // --- the day ------------------------------------------------------------------------------------------------

    /// Substitutes come two hours late.
    function _liveThroughTheDay() private {
        vm.warp(startsAt(first));
        postBases();
        for (uint32 period; period < PERIODS; ++period) {
            this.claimAll(period);
            vm.warp(endsAt(first + period));
            this.postReadings(period);
            if (period >= 8) postSubstitutes(period - 8);
        }
    }

    function comparePositions(uint32 period) external view {
        int256[][] memory positions = rowsOf("positions", period);
        uint256 next;
        for (uint256 i; i < accounts.length; ++i) {
            bool traded = next < positions.length && accountOf(positions[next][0]) == accounts[i];
            _comparePosition(accounts[i], period, traded ? positions[next++] : new int256[](6));
        }
        vm.assertTrue(next == positions.length, "who traded");
        int256[] memory fees = rowOf("fees", period);
        for (uint8 area = 1; area <= 2; ++area) {
            vm.assertEq(int256(settlement.areaOf(area, ELECTRICITY, first + period).fees), fees[area - 1], "fees");
        }
    }

    function settleAndCompare(uint32 period) external {
        int256[][] memory expected = rowsOf("settled", period);
        int256[] memory before = _wealths();
        for (uint8 area = 1; area <= 2; ++area) {
            settlement.settle(area, ELECTRICITY, first + period, 0, MOST);
        }
        for (uint256 i; i < accounts.length; ++i) {
            ISettlementFacts.Position memory position = settlement.position(accounts[i], ELECTRICITY, first + period);
            vm.assertTrue(position.settled, "settled");
            int256 cash = _wealth(accounts[i]) - before[i] - int256(position.paid) - int256(position.locked);
            vm.assertEq(cash, expected[i][4], "cash");
        }
        int256[] memory backstops = rowOf("backstopCash", period);
        for (uint8 area = 1; area <= 2; ++area) {
            int256 cash = settlement.areaOf(area, ELECTRICITY, first + period).backstopCash;
            vm.assertEq(cash, backstops[area - 1], "backstop");
            settlement.payFees(marketOf(area, period));
        }
        (uint256 left,) = vault.pot(address(settlement), (uint96(ELECTRICITY) << 32) | (first + period));
        vm.assertEq(left, 0, "pot");
    }

    function settleCorrections() external {
        int256[][] memory corrected = rows(".corrected");
        for (uint256 i; i < corrected.length; ++i) {
            AccountId account = accountOf(corrected[i][1]);
            int256 before = _wealth(account);
            settlement.settleCorrection(account, ELECTRICITY, first + uint32(uint256(corrected[i][0])));
            vm.assertEq(_wealth(account) - before, corrected[i][4], "correction");
        }
    }

    function handOutAndCompare(uint32 period) external {
        for (uint8 area = 1; area <= 2; ++area) {
            settlement.handOut(area, ELECTRICITY, first + period, 0, MOST);
        }
        int256[][] memory expected = rowsOf("certificates", period);
        uint256[2] memory minted;
        for (uint256 i; i < expected.length; ++i) {
            Market market = marketOf(uint256(expected[i][1]), period);
            address owner = vault.ownerOf(accountOf(expected[i][0]));
            vm.assertEq(int256(certificates.balanceOf(owner, Market.unwrap(market))), expected[i][2], "certificates");
            minted[uint256(expected[i][1]) - 1] += uint256(expected[i][2]);
        }
        for (uint256 area = 1; area <= 2; ++area) {
            uint256 total = certificates.totalSupply(marketOf(area, period));
            vm.assertEq(total, minted[area - 1], "minted");
        }
    }

    // --- comparing ----------------------------------------------------------------------------------------------

    function _comparePosition(AccountId account, uint32 period, int256[] memory expected) private view {
        ISettlementFacts.Position memory found = settlement.position(account, ELECTRICITY, first + period);
        vm.assertEq(int256(found.soldWh), expected[1], "sold");
        vm.assertEq(int256(found.boughtWh), expected[2], "bought");
        vm.assertEq(int256(found.received), expected[3], "received");
        vm.assertEq(int256(found.paid), expected[4], "paid");
        vm.assertEq(int256(found.locked), expected[5], "locked");
    }

    function _compareBalances() private view {
        int256[][] memory expected = rows(".final");
        for (uint256 i; i < expected.length; ++i) {
            AccountId account = accountOf(expected[i][0]);
            vm.assertEq(int256(uint256(vault.balanceOf(account))), expected[i][1], "balance");
            vm.assertEq(int256(uint256(vault.debtOf(account))), expected[i][2], "debt");
        }
    }

    function _wealths() private view returns (int256[] memory wealths) {
        wealths = new int256[](accounts.length);
        for (uint256 i; i < wealths.length; ++i) {
            wealths[i] = _wealth(accounts[i]);
        }
    }

    function _wealth(AccountId account) private view returns (int256) {
        return int256(uint256(vault.balanceOf(account))) - int256(uint256(vault.debtOf(account)));
    }
}
