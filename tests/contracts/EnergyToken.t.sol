// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {EnergyToken} from "../../contracts/EnergyToken.sol";
import {IEnergyToken} from "../../contracts/interfaces/IEnergyToken.sol";
import {Market} from "../../contracts/types/Market.sol";

import {MeteredTest} from "./base/MeteredTest.sol";

/// A contract wallet whose owner chose how it answers certificates.
contract Receiver {
    enum Answer {
        Take,
        Refuse,
        BurnGas
    }

    Answer private immutable ANSWER;

    constructor(Answer answer) {
        ANSWER = answer;
    }

    function onERC1155Received(address, address, uint256, uint256, bytes calldata) external view returns (bytes4) {
        if (ANSWER == Answer.Take) return this.onERC1155Received.selector;
        while (ANSWER == Answer.BurnGas) {}
        return 0;
    }
}

/// Certificates of metered Wh.
contract EnergyTokenTest is MeteredTest {
    address private immutable MINTER = address(uint160(0x5E771E));

    Market private market;
    address private ana;

    function setUp() public override {
        super.setUp();
        certificates = new EnergyToken(address(manager), calendarTimes(), vault, readings);
        allow(address(certificates), certificates.connectMinter.selector, manager.OPERATOR());
        certificates.connectMinter(MINTER);
        market = electricity(periodNow());
        ana = vm.addr(ANA);
    }

    function testFuzz_OnlyTheMinterMints(address caller) public {
        vm.assume(caller != MINTER && caller != address(certificates));
        vm.startPrank(caller);
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.NotMinter.selector, caller));
        certificates.mint(caller, market, 1);
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.NotMinter.selector, caller));
        certificates.mintTo(caller, 1, 1);
        vm.stopPrank();
    }

    function test_TheMinterItselfMintsOnlyThroughTheFrontDoor() public {
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.NotMinter.selector, MINTER));
        vm.prank(MINTER);
        certificates.mintTo(MINTER, 1, 1);
    }

    function test_CertificatesOfAMarketAddUp() public {
        vm.assertTrue(_mint(ana, 1350));
        vm.assertTrue(_mint(vm.addr(BEN), 450));
        vm.assertEq(certificates.totalSupply(market), 1800);
        vm.assertEq(certificates.balanceOf(ana, Market.unwrap(market)), 1350);
        vm.assertEq(certificates.totalSupply(electricity(periodNow() + 1)), 0);
    }

    function test_CertificatesCanBeHandedOn() public {
        _mint(ana, 100);
        vm.prank(ana);
        certificates.safeTransferFrom(ana, vm.addr(BEN), Market.unwrap(market), 40, "");
        vm.assertEq(certificates.balanceOf(vm.addr(BEN), Market.unwrap(market)), 40);
        vm.assertEq(certificates.totalSupply(market), 100);
    }

    function test_AContractThatTakesThemGetsThem() public {
        address receiver = address(new Receiver(Receiver.Answer.Take));
        vm.assertTrue(_mint(receiver, 100));
        vm.assertEq(certificates.balanceOf(receiver, Market.unwrap(market)), 100);
    }

    function test_AContractThatRefusesGetsNoneAndHoldsUpNobody() public {
        vm.assertFalse(_mint(address(new Receiver(Receiver.Answer.Refuse)), 100));
        vm.assertFalse(_mint(address(vault), 100));
        vm.assertEq(certificates.totalSupply(market), 0);
    }

    function test_AContractThatBurnsGasCostsALimitedAmount() public {
        address receiver = address(new Receiver(Receiver.Answer.BurnGas));
        uint256 before = gasleft();
        vm.assertFalse(_mint(receiver, 100));
        vm.assertLe(before - gasleft(), 200_000);
    }

    function test_TooLittleGasIsTheCallersFaultNotTheReceivers() public {
        address receiver = address(new Receiver(Receiver.Answer.Take));
        vm.expectPartialRevert(IEnergyToken.GasTooLow.selector);
        vm.prank(MINTER);
        certificates.mint{gas: 250_000}(receiver, market, 100);
    }

    function test_TheMinterIsNamedOnceByTheOperator() public {
        vm.expectRevert(abi.encodeWithSelector(IEnergyToken.MinterFixed.selector, MINTER));
        certificates.connectMinter(ana);
        vm.expectRevert(abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, ana));
        vm.prank(ana);
        certificates.connectMinter(ana);
    }

    function _mint(address to, uint256 energyWh) private returns (bool) {
        vm.prank(MINTER);
        return certificates.mint(to, market, energyWh);
    }
}
