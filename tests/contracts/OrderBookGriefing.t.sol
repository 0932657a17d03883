// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// How much gas one member can add to another's call, measured with all words warm or cold as they are in a transaction of
/// its own: docs/threat-model.md states the bounds that are asserted here. Gas of the call alone, without the transaction's base.
contract OrderBookGriefingTest is OrderBookTest {
    uint256 private constant MOST = 64; // own orders an account may have in a market
    uint256 private constant CRUMB = 10; // the smallest order

    /// A taker of 64 crumbs on 64 levels, beside a taker of as much on one.
    function test_CrumbsOnTheirOwnLevelsAddABoundedPriceALevel() public {
        uint256 alone = _gasOfTaking(MOST * CRUMB, MOST * CRUMB, 1);
        uint256 crumbs = _gasOfTaking(MOST * CRUMB, CRUMB, MOST);
        vm.assertLe((crumbs - alone) / (MOST - 1), 11_500);
    }

    /// A taker who has to pass 63 cancelled orders at the head of a level, beside one who has not.
    function test_CancelledHeadsAddABoundedPriceEach() public {
        uint256 snapshot = vm.snapshotState();
        placeOffer(ana, 1000, 1500);
        uint256 alone = _gasOf(bidAt(ben, 500, 1500), MOST);
        vm.revertToState(snapshot);
        _leaveDeadHeads();
        uint256 behind = _gasOf(bidAt(ben, 500, 1500), MOST + 1);
        vm.assertLe((behind - alone) / (MOST - 1), 800);
    }

    /// After a skip, which anyone may pay for, nothing of that is left.
    function test_ASkipTakesDeadHeadsAway() public {
        _leaveDeadHeads();
        book.skip(market, 1500, MOST);
        uint256 behind = _gasOf(bidAt(ben, 500, 1500), 1);
        vm.assertLe(behind, 60_000);
    }

    /// Whatever others left in the book, a cancel costs its owner the same, within a level's word.
    function test_OthersOrdersAddNothingToACancel() public {
        uint256 snapshot = vm.snapshotState();
        placeOffer(cem, 500, 1500);
        OrderRef own = placeOffer(ana, 1000, 1500);
        uint256 alone = _gasOfCancel(own);
        vm.revertToState(snapshot);
        for (uint256 i; i < MOST; ++i) {
            placeOffer(cem, CRUMB, 1500);
        }
        own = placeOffer(ana, 1000, 1500);
        vm.assertLe(_gasOfCancel(own), alone + 6000);
    }

    // --- measuring ----------------------------------------------------------------------------------------------

    function _gasOfTaking(uint256 energyWh, uint256 each, uint256 levels) private returns (uint256 gas) {
        uint256 snapshot = vm.snapshotState();
        for (uint256 i; i < levels; ++i) {
            placeOffer(ana, each, 1500 + i);
        }
        gas = _gasOf(bidAt(ben, energyWh, 2000), levels);
        vm.revertToState(snapshot);
    }

    /// Before Cem's offer; an offer that finds a level without live ones starts behind what is gone.
    function _leaveDeadHeads() private {
        OrderRef[] memory dead = new OrderRef[](MOST - 1);
        for (uint256 i; i < dead.length; ++i) {
            dead[i] = placeOffer(ana, CRUMB, 1500);
        }
        placeOffer(cem, 1000, 1500);
        // The last first: a head that is cancelled itself is passed at once.
        for (uint256 i = dead.length; i > 0; --i) {
            cancel(ana, dead[i - 1]);
        }
    }

    function _gasOf(Order order, uint256 touches) private returns (uint256) {
        OrderRef[] memory none = new OrderRef[](0);
        address owner = vault.ownerOf(order.account());
        vm.cool(address(book));
        vm.cool(address(vault));
        vm.prank(owner);
        uint256 before = gasleft();
        book.placeOrder(order, none, touches);
        return before - gasleft();
    }

    function _gasOfCancel(OrderRef ref) private returns (uint256) {
        vm.cool(address(book));
        vm.cool(address(vault));
        vm.prank(vm.addr(ANA));
        uint256 before = gasleft();
        book.cancelOrder(market, ref);
        return before - gasleft();
    }
}
