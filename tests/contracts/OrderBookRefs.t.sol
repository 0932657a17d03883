// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {MAX_LEVEL_ENTRIES} from "../../contracts/types/LevelWord.sol";
import {Market, toMarket} from "../../contracts/types/Market.sol";
import {OrderRef, toOrderRef} from "../../contracts/types/OrderRef.sol";

import {TrioTest} from "./base/TrioTest.sol";

/// A ref has room for more entries than a level: what lies beyond is nobody's, and leads to no other level's words.
contract OrderBookRefsTest is TrioTest {
    uint256 private constant TICK = 1904;

    OrderRef[] private _page;
    AccountId[] private _accounts;

    /// Ana's offer traded, cem's, a tick above, didn't.
    function setUp() public override {
        super.setUp();
        open();
        trade(ana, ben, 1000, TICK);
        placeOffer(cem, 500, TICK + 1);
        _accounts.push(ben);
    }

    /// Its words' key would be that of the next tick's level.
    function test_ARefBeyondALevelsEntriesLeadsToNoOtherLevel() public {
        claimBehind(TICK, 8190);
        claimBehind(TICK, 8190);
    }

    function testFuzz_ARefBeyondALevelsEntriesIsPassedOverByAClaim(uint8 tick, uint16 index) public {
        claimBehind(TICK - tick / 16, index);
    }

    function testFuzz_AndByACollection(uint8 tick, uint16 index) public {
        fill(TICK - tick / 16, index);
        book.collect(market, _page);
        vm.assertEq(book.record(market, ana).soldWh, 1000);
        vm.assertEq(book.record(market, ana).received, 1000 * TICK);
        vm.assertTrue(book.entry(market, toOrderRef(TICK + 1, 0)).live);
        vm.assertEq(book.level(market, TICK + 1).totalWh, 500);
    }

    function test_AndByACancellation() public {
        fill(TICK, 8190);
        vm.prank(vault.ownerOf(cem));
        book.cancelAll(cem, market, _page);
        vm.assertEq(book.level(market, TICK + 1).totalWh, 0);
        vm.assertEq(uint256(vault.balanceOf(cem)), FUNDS);
        vm.assertEq(book.entry(market, toOrderRef(TICK, 0)).filledWh, 1000);
    }

    /// Behind the highest tick the next markets' levels would follow: a head moved there would make live orders filled ones.
    function test_NoLevelOfAnotherMarketIsSkipped() public {
        vm.warp(block.timestamp + PERIOD_SECONDS);
        uint32 even = period + (period & 1);
        (Market lower, Market higher) = (electricity(even), toMarket(AREA, ELECTRICITY, even + 1));
        if (even != period) vm.warp(block.timestamp + PERIOD_SECONDS);
        place(offer(cem, higher, 500, TICK + 3));
        uint256 tick = (1 << 16) | (TICK + 3);
        vm.expectRevert(abi.encodeWithSelector(IOrderBookFacts.PriceOutOfRange.selector, tick));
        book.skip(lower, tick, 1);
        vm.assertEq(book.level(higher, TICK + 3).head, 0);
        vm.assertEq(book.entry(higher, toOrderRef(TICK + 3, 0)).filledWh, 0);
    }

    /// Everything is claimed, once and at its price, whatever stands between.
    function claimBehind(uint256 tick, uint256 index) private {
        fill(tick, index);
        vm.warp(startsAt(period));
        book.claim(market, _page, _accounts);
        vm.assertEq(positionOf(ana).soldWh, 1000);
        vm.assertEq(positionOf(ana).received, 1000 * TICK);
        vm.assertEq(positionOf(ben).boughtWh, 1000);
        vm.assertEq(positionOf(cem).soldWh, 0);
        vm.assertEq(uint256(vault.balanceOf(cem)), FUNDS);
        vm.assertEq(settlement.openMarkets(ELECTRICITY, period), 0);
    }

    /// A page in which a ref beyond all entries comes before each of the others.
    function fill(uint256 tick, uint256 index) private {
        OrderRef beyond = toOrderRef(tick, index < MAX_LEVEL_ENTRIES ? 65_535 - index : index);
        delete _page;
        _page.push(beyond);
        _page.push(toOrderRef(TICK + 1, 0));
        _page.push(beyond);
        _page.push(toOrderRef(TICK, 0));
        _page.push(beyond);
    }
}
