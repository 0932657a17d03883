// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlement} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {DayTest} from "./base/DayTest.sol";

/// The shared day on the contracts, to the unit: 20 accounts in two areas, 1,467 orders and cancellations.
contract DayTradingTest is DayTest {
    function test_EveryOrderAndPositionIsAsTheDirectCalculationSays() public {
        for (uint32 period; period < PERIODS; ++period) {
            this.enterAll(period);
        }
        vm.warp(startsAt(first + PERIODS));
        for (uint32 period; period < PERIODS; ++period) {
            this.claimAndCompare(period);
        }
    }

    // --- one period, in a call of its own: its memory is gone afterwards -----------------------------------------

    function enterAll(uint32 period) external {
        int256[][] memory orders = rowsOf("orders", period);
        for (uint256 i; i < orders.length; ++i) {
            if (orders[i][3] == CANCEL) _cancel(orders[i], period);
            else _place(orders[i], period);
        }
    }

    function claimAndCompare(uint32 period) external {
        _claimAll(period);
        int256[][] memory positions = rowsOf("positions", period);
        uint256 next;
        for (uint256 i; i < accounts.length; ++i) {
            bool traded = next < positions.length && accountOf(positions[next][0]) == accounts[i];
            _comparePosition(accounts[i], period, traded ? positions[next++] : new int256[](6));
        }
        vm.assertEq(next, positions.length);
        int256[] memory fees = rowOf("fees", period);
        for (uint8 area = 1; area <= 2; ++area) {
            uint256 found = settlement.areaOf(area, ELECTRICITY, first + period).fees;
            vm.assertEq(int256(found), fees[area - 1], "fees");
        }
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function _place(int256[] memory data, uint32 period) private {
        Order order = orderOf(data, period);
        vm.prank(vault.ownerOf(order.account()));
        try book.placeOrder(order, ownOf(data), ANY_TOUCHES) returns (OrderRef ref, uint256 restWh) {
            vm.assertEq(data[7], 0, "not refused");
            vm.assertEq(int256(restWh), data[10], "rest");
            vm.assertEq(OrderRef.unwrap(ref), uint256(data[11]), "where");
        } catch {
            vm.assertTrue(data[7] != 0, "refused");
        }
    }

    function _cancel(int256[] memory data, uint32 period) private {
        AccountId account = accountOf(data[0]);
        OrderRef ref = OrderRef.wrap(uint32(uint256(data[11])));
        uint256 before = vault.balanceOf(account);
        vm.prank(vault.ownerOf(account));
        try book.cancelOrder(marketOf(uint256(data[1]), period), ref) {
            vm.assertEq(data[7], 0, "not refused");
            vm.assertTrue(vault.balanceOf(account) >= before);
        } catch {
            vm.assertTrue(data[7] != 0, "refused");
        }
    }

    function _claimAll(uint32 period) private {
        int256[][] memory orders = rowsOf("orders", period);
        for (uint256 area = 1; area <= 2; ++area) {
            OrderRef[] memory refs = new OrderRef[](orders.length);
            uint256 count;
            for (uint256 i; i < orders.length; ++i) {
                bool rests = orders[i][3] != CANCEL && orders[i][10] != 0 && orders[i][1] == int256(area);
                if (rests) refs[count++] = OrderRef.wrap(uint32(uint256(orders[i][11])));
            }
            assembly ("memory-safe") {
                mstore(refs, count)
            }
            book.claim(marketOf(area, period), refs, accounts);
        }
        vm.assertEq(settlement.openMarkets(ELECTRICITY, first + period), 0, "open markets");
    }

    function _comparePosition(AccountId account, uint32 period, int256[] memory expected) private view {
        ISettlement.Position memory found = settlement.position(account, ELECTRICITY, first + period);
        vm.assertEq(int256(found.soldWh), expected[1], "sold");
        vm.assertEq(int256(found.boughtWh), expected[2], "bought");
        vm.assertEq(int256(found.received), expected[3], "received");
        vm.assertEq(int256(found.paid), expected[4], "paid");
        vm.assertEq(int256(found.locked), expected[5], "locked");
    }
}
