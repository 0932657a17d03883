// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {IMeterReadings, IMeterReadingsFacts} from "../../contracts/interfaces/IMeterReadings.sol";
import {Extended} from "../../contracts/libraries/Extended.sol";

import {EditsTest} from "./base/EditsTest.sol";

/// What the readings' extension does at their address, and what it can't do at its own.
contract MeterReadingsExtensionTest is EditsTest {
    IMeterReadings private extension;

    function setUp() public override {
        super.setUp();
        measureThree();
        extension = IMeterReadings(Extended(address(readings)).extension());
    }

    function test_TheReadingsAnswerWhatOnlyTheirExtensionHas() public view {
        vm.assertEq(readings.reading(point, period).importRegister, importBase + 100);
        vm.assertEq(readings.settlement(), address(settlement));
        vm.assertEq(extension.reading(point, period).importRegister, 0);
        vm.assertEq(extension.settlement(), address(0));
    }

    function test_AnEditIsRestrictedAtTheReadingsAddress() public {
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, BACKSTOP));
        vm.prank(BACKSTOP);
        readings.correct(point, period, 1, 1, "");
    }

    function test_AtItsOwnAddressTheExtensionChangesNothingOfTheReadings() public {
        bytes4[] memory selectors = new bytes4[](2);
        (selectors[0], selectors[1]) = (readings.correct.selector, readings.connectDisputes.selector);
        manager.setTargetFunctionRole(address(extension), selectors, manager.CORRECTOR());
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BoundaryMissing.selector, point, period));
        extension.correct(point, period, 1, 1, "");
        extension.connectDisputes(address(this));
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.BoundaryMissing.selector, point, period));
        extension.setDisputed(point, period, true);
        vm.expectRevert(abi.encodeWithSelector(IMeterReadingsFacts.NothingToShare.selector, point));
        extension.shareDifference(point, 9);
        vm.assertEq(readings.disputes(), address(0));
        assertEnergy(point, period, 100, 10);
    }
}
