// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {CreditingSettlement} from "../../contracts/mocks/CreditingSettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";

import {SettlementTest} from "./base/SettlementTest.sol";

/// The demo's FAULT=credit: nothing reverts, one cash unit a page goes to the wrong account.
contract CreditingSettlementTest is SettlementTest {
    function test_TheFaultySettlementPaysOneUnitTooMuchAPage() public {
        (AccountId ana, AccountId ben) = (join(ANA), join(BEN));
        open();
        trade(ana, ben, 1500, 1900);
        meter(ana, 0, 1500);
        meter(ben, 1400, 0);
        vm.etch(address(settlement), address(faulty()).code);
        settlePeriod();
        settlement.payFees(market);
        vm.assertEq(cashOf(ana), 1500 * 1900 + 1);
        vm.assertEq(cashOf(ben), -1500 * 1900 + 100 * 800);
        vm.assertEq(areaNow().backstopCash, -100 * 800);
        vm.assertEq(cashOf(backstop()), -100 * 800 - 1);
        vm.assertEq(potOfSettlement(), 0);
    }

    function faulty() private returns (CreditingSettlement) {
        return
            new CreditingSettlement(
                address(manager), calendarTimes(), vault, registry, oversight, readings, certificates
            );
    }
}
