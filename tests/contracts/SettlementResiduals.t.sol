// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Terms} from "../../contracts/types/Terms.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// Energy known too late for its periods: export at the gap's lowest feed-in, import at its highest retail, between the account
/// and its backstop.
contract SettlementResidualsTest is SettlementTest {
    AccountId private ana;
    uint32 private first;

    function setUp() public override {
        super.setUp();
        ana = join(ANA);
        first = firstUntradable();
    }

    function test_OnlyReadingsBookResiduals() public {
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.NotReadings.selector, address(this)));
        settlement.bookResidual(ana, ELECTRICITY, first, first, 1, 0);
    }

    function test_ExportEarnsTheGapsLowestFeedIn() public {
        changeTerms();
        uint256 id = bookOver(first, first + 9, 0, 1000);
        settlement.settleResidual(id);
        vm.assertEq(cashOf(ana), 1000 * 500);
        vm.assertEq(cashOf(backstop()), -1000 * 500);
    }

    function test_ImportPaysTheGapsHighestRetail() public {
        changeTerms();
        uint256 id = bookOver(first, first + 9, 1000, 0);
        settlement.settleResidual(id);
        vm.assertEq(cashOf(ana), -1000 * 4000);
        vm.assertEq(cashOf(backstop()), 1000 * 4000);
    }

    function test_TermsOutsideTheGapDontCount() public {
        changeTerms();
        settlement.settleResidual(bookOver(first, first + 3, 10, 1000));
        settlement.settleResidual(bookOver(first + 6, first + 9, 10, 1000));
        vm.assertEq(cashOf(ana), 1000 * 800 - 10 * 3200 + 1000 * 700 - 10 * 3000);
    }

    function test_AResidualSettlesOnce() public {
        uint256 id = bookOver(first, first, 0, 1000);
        settlement.settleResidual(id);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.NothingToSettle.selector, id));
        settlement.settleResidual(id);
    }

    function test_WhatTheAccountCantPayIsItsDebt() public {
        AccountId ben = join(BEN, 100_000);
        vm.prank(address(readings));
        settlement.bookResidual(ben, ELECTRICITY, first, first, 100, 0);
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.ResidualSettled(1, ben, -100_000, 220_000);
        settlement.settleResidual(1);
        vm.assertEq(vault.balanceOf(ben), 0);
        vm.assertEq(vault.debtOf(ben), 220_000);
        vm.assertEq(cashOf(backstop()), 100_000);
    }

    function test_AReceiptRepaysDebtFirst() public {
        AccountId ben = join(BEN, 0);
        vm.startPrank(address(readings));
        settlement.bookResidual(ben, ELECTRICITY, first, first, 100, 0);
        settlement.bookResidual(ben, ELECTRICITY, first, first, 0, 500);
        vm.stopPrank();
        settlement.settleResidual(1);
        settlement.settleResidual(2);
        vm.assertEq(vault.debtOf(ben), 0);
        vm.assertEq(vault.balanceOf(ben), 500 * 800 - 100 * 3200);
        vm.assertEq(cashOf(backstop()), 100 * 3200 - 500 * 800);
    }

    function test_WhatTheBackstopCantPayWaitsAloneUntilItCan() public {
        uint256 id = bookOver(first, first, 0, 1000);
        uint256 other = bookOver(first, first, 0, 10);
        empty();
        fund(backstop(), 799_990);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.ResidualUnfunded.selector, id, 800_000, 799_990));
        settlement.settleResidual(id);
        settlement.settleResidual(other);
        fund(backstop(), 8_010);
        settlement.settleResidual(id);
        vm.assertEq(cashOf(ana), 808_000);
        vm.assertEq(vault.balanceOf(backstop()), 0);
    }

    function test_AGapWithoutTermsIsRefused() public {
        uint256 id = bookOver(1, first, 0, 1000);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NoTerms.selector, AREA, ELECTRICITY, 1));
        settlement.settleResidual(id);
    }

    /// From `first` + 4 both are extreme; from `first` + 6 on neither is.
    function changeTerms() private {
        schedule(first + 4, 4000, 500);
        schedule(first + 6, 3000, 700);
    }

    function schedule(uint32 from, uint16 retail, uint16 feedIn) private {
        Terms memory terms = usualTerms();
        (terms.retailTicks, terms.feedInTicks) = (retail, feedIn);
        oversight.scheduleTerms(AREA, ELECTRICITY, from, terms);
    }

    function bookOver(uint32 from, uint32 to, uint256 importWh, uint256 exportWh) private returns (uint256) {
        vm.prank(address(readings));
        settlement.bookResidual(ana, ELECTRICITY, from, to, int256(importWh), int256(exportWh));
        return settlement.residualCount();
    }

    function empty() private {
        vm.prank(BACKSTOP);
        vault.withdraw(backstop(), FUNDS / CASH_PER_TOKEN_UNIT, BACKSTOP);
    }
}
