// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {OrderRef} from "../../../contracts/types/OrderRef.sol";
import {DayTest} from "./DayTest.sol";

/// The day's orders. What works on one period is called from outside, so that its memory is gone afterwards.
abstract contract DayTrading is DayTest {
    function enterAll(uint32 period) external {
        int256[][] memory orders = rowsOf("orders", period);
        for (uint256 i; i < orders.length; ++i) {
            if (orders[i][3] == CANCEL) _cancel(orders[i], period);
            else _place(orders[i], period);
        }
    }

    function claimAll(uint32 period) external {
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
        OrderRef ref = OrderRef.wrap(uint32(uint256(data[11])));
        vm.prank(vault.ownerOf(accountOf(data[0])));
        try book.cancelOrder(marketOf(uint256(data[1]), period), ref) {
            vm.assertEq(data[7], 0, "not refused");
        } catch {
            vm.assertTrue(data[7] != 0, "refused");
        }
    }
}
