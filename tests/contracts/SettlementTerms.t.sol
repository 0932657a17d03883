// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IGridOversight} from "../../contracts/interfaces/IGridOversight.sol";
import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// An area that has members and no terms of a carrier: nothing can be settled there, and nobody elsewhere waits for it.
contract SettlementTermsTest is SettlementTest {
    AccountId private ana;
    AccountId private ben;

    function setUp() public override {
        super.setUp();
        (ana, ben) = (join(ANA), join(BEN));
        registry.openArea(NEIGHBOUR, BACKSTOP, FEES);
        admitTo(NEIGHBOUR, DORA);
    }

    function test_NobodyWaitsForAnAreaWithoutTerms() public {
        deliver();
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
        handOutAll();
        vm.assertEq(certificatesOf(ben), 1000);
        settlement.payFees(market);
    }

    function test_NobodyTakesPartThere() public {
        deliver();
        ISettlementFacts.AreaView memory state = settlement.areaOf(NEIGHBOUR, ELECTRICITY, period);
        vm.assertEq(state.members, 0);
        vm.assertTrue(state.finished);
        vm.expectRevert(abi.encodeWithSelector(IGridOversight.NoTerms.selector, NEIGHBOUR, ELECTRICITY, period));
        settlement.settle(NEIGHBOUR, ELECTRICITY, period, 0, MOST);
    }

    function test_AnAreaWithTermsIsWaitedFor() public {
        oversight.scheduleTerms(NEIGHBOUR, ELECTRICITY, firstUntradable(), usualTerms());
        deliver();
        vm.assertFalse(settlement.isSettled(ELECTRICITY, period));
        settlement.settle(NEIGHBOUR, ELECTRICITY, period, 0, MOST);
        vm.assertTrue(settlement.isSettled(ELECTRICITY, period));
    }

    /// Else who sends little enough gas could have certificates handed out before the others' part is known.
    function testFuzz_TermsThatTheGasDoesNotReachForAreTermsStill(uint16 gas_) public {
        oversight.scheduleTerms(NEIGHBOUR, ELECTRICITY, firstUntradable(), usualTerms());
        deliver();
        try settlement.isSettled{gas: gas_}(ELECTRICITY, period) returns (bool says) {
            vm.assertFalse(says);
        } catch {}
    }

    /// Ana delivers to ben what they traded, and all of their area settle.
    function deliver() private {
        open();
        trade(ana, ben, 1000, 1900);
        meter(ana, 0, 1000);
        meter(ben, 1000, 0);
        settlePeriod();
    }
}
