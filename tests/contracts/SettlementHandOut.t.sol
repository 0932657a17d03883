// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlement, ISettlementFacts} from "../../contracts/interfaces/ISettlement.sol";

import {TrioTest} from "./base/TrioTest.sol";

/// A receiver that calls back for more before it takes anything.
contract GreedyReceiver {
    ISettlement private immutable SETTLEMENT;
    uint32 private immutable PERIOD;

    constructor(ISettlement settlement, uint32 period) {
        (SETTLEMENT, PERIOD) = (settlement, period);
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external returns (bytes4) {
        SETTLEMENT.handOut(1, 0, PERIOD, 0, 256);
        return this.onERC1155Received.selector;
    }
}

/// Who gets certificates, when, and that nobody holds up the others.
contract SettlementHandOutTest is TrioTest {
    function setUp() public override {
        super.setUp();
        open();
        trade(ana, ben, 1000, 1900);
        trade(ana, cem, 500, 1900);
        meter(ana, 100, 2100);
        meter(ben, 1000, 0);
        meter(cem, 400, 0);
    }

    function test_CertificatesAreHandedOutFromTheEndOfCorrectionsOn() public {
        settlePeriod();
        uint256 from = endsAt(period) + calendarTimes().correctionsUntil;
        vm.warp(from - 1);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.TooEarly.selector, from));
        settlement.handOut(AREA, ELECTRICITY, period, 0, MOST);
        handOutAll();
        vm.assertEq(certificatesOf(ben), 1000);
        vm.assertEq(certificatesOf(cem), 500);
    }

    function test_TheyLapseWhenTheTimeIsOver() public {
        settlePeriod();
        uint256 until = endsAt(period) + calendarTimes().handOutUntil;
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.TooLate.selector, until));
        settlement.handOut(AREA, ELECTRICITY, period, 0, MOST);
    }

    function test_NobodyGetsAnyBeforeEveryoneHasSettled() public {
        claimAll();
        vm.warp(endsAt(period));
        postBases();
        postAllBut(cem);
        warpToFinal();
        settleAll();
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
        vm.expectRevert(abi.encodeWithSelector(ISettlementFacts.NotEveryoneSettled.selector, ELECTRICITY, period));
        settlement.handOut(AREA, ELECTRICITY, period, 0, MOST);
    }

    function test_WhatAProducerDeliveredBeyondItsContractsIsItsOwn() public {
        settlePeriod();
        handOutAll();
        vm.assertEq(certificatesOf(ana), 500);
        vm.assertEq(certificates.totalSupply(market), 2000);
    }

    function test_NobodyGetsItsCertificatesTwice() public {
        settlePeriod();
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
        settlement.handOut(AREA, ELECTRICITY, period, 17, 1);
        vm.assertEq(certificates.totalSupply(market), 1000);
        vm.assertTrue(positionOf(ben).handedOut);
        vm.assertFalse(positionOf(cem).handedOut);
        settlement.handOut(AREA, ELECTRICITY, period, 0, MOST);
        settlement.handOut(AREA, ELECTRICITY, period, 0, MOST);
        vm.assertEq(certificates.totalSupply(market), 2000);
    }

    function test_AContractThatRefusesCertificatesHoldsUpNobody() public {
        settlePeriod();
        vm.etch(vault.ownerOf(ben), hex"fe");
        handOutAll();
        vm.assertEq(certificatesOf(ben), 0);
        vm.assertEq(certificatesOf(cem), 500);
        vm.assertTrue(positionOf(ben).handedOut);
    }

    function test_AReceiverThatCallsBackGetsNoMore() public {
        settlePeriod();
        GreedyReceiver greedy = new GreedyReceiver(settlement, period);
        vm.etch(vault.ownerOf(ben), address(greedy).code);
        handOutAll();
        vm.assertLe(certificatesOf(ben), 1000);
        vm.assertEq(certificatesOf(cem), 500);
        vm.assertLe(certificates.totalSupply(market), 2000);
    }

    function test_EachHandOutIsAnEvent() public {
        settlePeriod();
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
        vm.expectEmit(address(settlement));
        emit ISettlementFacts.CertificatesHandedOut(ben, market, 1000);
        settlement.handOut(AREA, ELECTRICITY, period, 17, 1);
    }
}
