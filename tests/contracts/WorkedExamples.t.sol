// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";

import {ExampleTest} from "./base/ExampleTest.sol";

/// The worked examples of tests/vectors/settlement.json, from signed orders and readings to money and certificates, to the
/// unit. That with agreements comes with their contract.
contract WorkedExamplesTest is ExampleTest {
    function test_TheDesignsExampleComesOutToTheUnit() public {
        play("worked example");
    }

    function test_Flip_APositionMayChangeItsSign() public {
        play("flip");
    }

    function test_TwoSellers_RemaindersAreNotMinted() public {
        play("two sellers, remainders");
    }

    function test_Debt_IsRepaidFirstFromReceipts() public {
        play("debt");
    }

    function test_FeesTwoAreas_EachImbalanceIsBookedAtHome() public {
        play("fees, two areas");
    }

    function test_SubstituteCorrected_OnlyTheDifferenceIsSettled() public {
        play("substitute, corrected");
    }

    // --- checks -------------------------------------------------------------------------------------------------

    function expectPosition(string memory name, string memory expected) internal override {
        ISettlementFacts.Position memory position = settlement.position(memberOf(name), ELECTRICITY, period);
        vm.assertEq(int256(position.soldWh) - int256(position.boughtWh), integer(expected, "contractedWh"), name);
        if (has(expected, "locked")) vm.assertEq(position.locked, natural(expected, "locked"), name);
        if (!has(expected, "loweredTo")) return;
        settlement.lowerLock(memberOf(name), ELECTRICITY, period);
        position = settlement.position(memberOf(name), ELECTRICITY, period);
        vm.assertEq(position.locked, natural(expected, "loweredTo"), name);
    }

    function expectMoney(string memory name, string memory expected, int256 cash) internal view override {
        vm.assertEq(cash, integer(expected, "cash"), name);
        if (has(expected, "debt")) vm.assertEq(vault.debtOf(memberOf(name)), natural(expected, "debt"), name);
        if (has(expected, "balance")) vm.assertEq(vault.balanceOf(memberOf(name)), natural(expected, "balance"), name);
        if (!has(expected, "withdrawable")) return;
        vm.assertEq(vault.withdrawable(memberOf(name)), natural(expected, "withdrawable"), name);
    }

    function expectCertificates(string memory name, string memory expected) internal view override {
        vm.assertEq(certificatesOf(memberOf(name)), natural(expected, "certificatesWh"), name);
    }
}
