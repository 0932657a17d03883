// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ERC1155} from "solady/tokens/ERC1155.sol";

import {IEnergyToken} from "../../contracts/interfaces/IEnergyToken.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Market} from "../../contracts/types/Market.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// Certificates are used up against what the holder's own points took from the grid in the same period.
contract EnergyTokenRetireTest is SettlementTest {
    AccountId private ana;
    AccountId private ben;

    function setUp() public override {
        super.setUp();
        ana = join(ANA);
        ben = join(BEN);
        open();
        trade(ana, ben, 1000, 1900);
        meter(ana, 0, 1400);
        meter(ben, 700, 0);
        settlePeriod();
        handOutAll();
        vm.assertEq(certificatesOf(ana), 400);
        vm.assertEq(certificatesOf(ben), 1000);
    }

    function test_TheOwnerRetiresUpToItsOwnImport() public {
        vm.expectEmit(address(certificates));
        emit IEnergyToken.CertificatesRetired(ben, market, 600);
        _retire(ben, 600);
        vm.assertEq(certificatesOf(ben), 400);
        vm.assertEq(certificates.retiredOf(ben, ELECTRICITY, period), 600);
        vm.assertEq(certificates.totalSupply(market), 800);
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.ImportExceeded.selector, ben, 100, 101));
        _retire(ben, 101);
        _retire(ben, 100);
        vm.assertEq(certificates.totalSupply(market), 700);
    }

    function testFuzz_NobodyRetiresMoreThanItTookHoweverOften(uint16[6] calldata parts) public {
        uint256 retiredWh;
        for (uint256 i; i < parts.length; ++i) {
            vm.prank(vm.addr(BEN));
            try certificates.retire(ben, market, parts[i]) {
                retiredWh += parts[i];
            } catch {}
        }
        vm.assertLe(retiredWh, 700);
        vm.assertEq(certificates.retiredOf(ben, ELECTRICITY, period), retiredWh);
        vm.assertEq(certificates.totalSupply(market), 1400 - retiredWh);
    }

    function test_AProducerThatTookNothingRetiresNothing() public {
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.ImportExceeded.selector, ana, 0, 1));
        _retire(ana, 1);
    }

    function test_NothingIsRetiredAgainstAReadingThatIsDisputed() public {
        readings.connectDisputes(address(this));
        readings.setDisputed(meteredOf(ben).point, period, true);
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.ImportExceeded.selector, ben, 0, 1));
        _retire(ben, 1);
        readings.setDisputed(meteredOf(ben).point, period, false);
        _retire(ben, 700);
    }

    function test_CertificatesBoughtElsewhereCountAsWell() public {
        vm.startPrank(vm.addr(BEN));
        certificates.safeTransferFrom(vm.addr(BEN), vm.addr(ANA), Market.unwrap(market), 1000, "");
        vm.expectRevert(ERC1155.InsufficientBalance.selector);
        certificates.retire(ben, market, 1);
        vm.stopPrank();
        vm.prank(vm.addr(ANA));
        certificates.safeTransferFrom(vm.addr(ANA), vm.addr(BEN), Market.unwrap(market), 300, "");
        _retire(ben, 300);
        vm.assertEq(certificatesOf(ben), 0);
    }

    function testFuzz_OnlyTheAccountsOwnerRetires(address caller) public {
        vm.assume(caller != vm.addr(BEN));
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.NotAccountOwner.selector, ben, caller));
        vm.prank(caller);
        certificates.retire(ben, market, 1);
    }

    function test_CertificatesOfAnotherPeriodDoNotCount() public {
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.ImportExceeded.selector, ben, 0, 1));
        vm.prank(vm.addr(BEN));
        certificates.retire(ben, electricity(period + 1), 1);
    }

    function test_OncePeriodsWordsAreUsedAnewCertificatesAreOnlyHandedOn() public {
        uint256 until = startsAt(period + calendarTimes().ringPeriods) - calendarTimes().opensBefore;
        vm.warp(until - 1);
        _retire(ben, 1);
        vm.warp(until);
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.TooLate.selector, until));
        _retire(ben, 1);
        vm.prank(vm.addr(BEN));
        certificates.safeTransferFrom(vm.addr(BEN), vm.addr(ANA), Market.unwrap(market), 999, "");
        vm.assertEq(certificatesOf(ana), 1399);
    }

    function _retire(AccountId account, uint256 energyWh) private {
        vm.prank(account == ana ? vm.addr(ANA) : vm.addr(BEN));
        certificates.retire(account, market, energyWh);
    }
}
