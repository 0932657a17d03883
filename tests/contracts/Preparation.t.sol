// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {ISettlement} from "../../contracts/interfaces/ISettlement.sol";
import {Extended} from "../../contracts/libraries/Extended.sol";
import {MAX_PRICE_TICKS} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {SettlementEscrowTest} from "./SettlementEscrow.t.sol";
import {SettlementPagesTest} from "./SettlementPages.t.sol";
import {OrderBookTest} from "./base/OrderBookTest.sol";

/// What a period comes to when its words were prepared: the same as without.
contract PreparedPagesTest is SettlementPagesTest {
    function open() internal override {
        super.open();
        preparePeriod();
    }
}

/// So does what is held for it.
contract PreparedEscrowTest is SettlementEscrowTest {
    function open() internal override {
        super.open();
        preparePeriod();
    }
}

/// Words written before any period needs them.
contract PreparationTest is OrderBookTest {
    function test_APreparedMarketReadsAsOneThatNobodyOpened() public {
        _prepare();
        IOrderBookFacts.MarketView memory found = book.marketOf(market);
        vm.assertFalse(found.opened || found.closed || found.hasBid || found.hasOffer);
        vm.assertEq(found.retailTicks, 0);
        (uint256[] memory ticks,) = book.depth(market, false, 10);
        vm.assertEq(ticks.length, 0);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, market.period()), 0);
        vm.assertEq(settlement.areaOf(AREA, ELECTRICITY, market.period()).members, 4);
    }

    function test_APreparedMarketTradesAsAnyOther() public {
        _prepare();
        placeOffer(ana, 1000, 1500);
        placeOffer(ana, 1000, 1501);
        placeBid(ben, 1500, 2000);
        (uint256[] memory ticks, uint256[] memory energies) = book.depth(market, true, 10);
        vm.assertEq(ticks.length, 1);
        vm.assertEq(ticks[0] * 1e6 + energies[0], 1501e6 + 500);
        vm.assertEq(recordOf(ben).boughtWh, 1500);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, market.period()), 1);
    }

    function test_WhatIsInUseStaysAsItIs() public {
        OrderRef ref = placeOffer(ana, 1000, 1500);
        bytes32 before = _state();
        _prepare();
        vm.assertEq(_state(), before);
        vm.assertTrue(isLive(ref));
        vm.assertEq(placeOffer(ben, 1000, 1500).index(), 1);
    }

    function test_PreparingTwiceChangesNothing() public {
        _prepare();
        bytes32 before = _state();
        vm.warp(startsAt(market.period()) - 600);
        _prepare();
        vm.assertEq(_state(), before);
    }

    /// Market, root and leaf in the book; period, area and pot in settlement.
    function test_TheFirstOrderOfAPreparedMarketIsSixFirstWritesCheaper() public {
        uint256 snapshot = vm.snapshotState();
        uint256 gas = _gasOfFirst();
        vm.revertToState(snapshot);
        _prepare();
        vm.assertGe(gas, _gasOfFirst() + 6 * 17_100);
    }

    function test_PreparingEndsWithTheRingAndTheHighestPrice() public {
        uint256 last = calendarTimes().ringPeriods - 1;
        book.prepareMarkets(AREA, ELECTRICITY, last, 1000, MAX_PRICE_TICKS, MAX_PRICE_TICKS);
        settlement.prepareAreas(AREA, ELECTRICITY, last, 1000);
        settlement.prepareAreas(AREA, ELECTRICITY, last + 1, 1000);
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.PriceOutOfRange.selector, MAX_PRICE_TICKS + 1));
        book.prepareMarkets(AREA, ELECTRICITY, 0, 1, 0, MAX_PRICE_TICKS + 1);
    }

    function test_AtItsOwnAddressTheExtensionPreparesNothingOfSettlements() public {
        bytes32 before = _state();
        ISettlement(Extended(address(settlement)).extension()).prepareAreas(AREA, ELECTRICITY, 0, 3);
        vm.assertEq(_state(), before);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _prepare() private {
        uint256 slot = market.period() % calendarTimes().ringPeriods;
        book.prepareMarkets(AREA, ELECTRICITY, slot, 1, 0, RETAIL);
        settlement.prepareAreas(AREA, ELECTRICITY, slot, 1);
    }

    /// Of the first order ever.
    function _gasOfFirst() private returns (uint256 gas) {
        gas = gasleft();
        placeOffer(ana, 1000, 1500);
        gas -= gasleft();
    }

    function _state() private view returns (bytes32) {
        (uint256[] memory ticks, uint256[] memory energies) = book.depth(market, true, 10);
        uint256 pot = potOfSettlement(ELECTRICITY, market.period());
        bytes memory ours = abi.encode(book.marketOf(market), ticks, energies, pot);
        return keccak256(bytes.concat(ours, abi.encode(settlement.areaOf(AREA, ELECTRICITY, market.period()))));
    }
}
