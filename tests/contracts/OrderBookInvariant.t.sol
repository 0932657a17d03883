// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBookFacts} from "../../contracts/interfaces/IOrderBook.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {toMarket} from "../../contracts/types/Market.sol";
import {Order} from "../../contracts/types/Order.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {OrderBookTest} from "./base/OrderBookTest.sol";

/// An order as a plain list of all orders would keep it.
struct Resting {
    OrderRef ref;
    AccountId account;
    bool isOffer;
    uint256 tick;
    uint256 energyWh;
    uint256 filledWh;
    bool cancelled;
    bool collected; // moved into its owner's record
}

/// Random sequences of everything that members may do, beside a slow book that is only a list. After every step both agree.
contract OrderBookInvariantTest is OrderBookTest {
    uint256 private constant STEPS = 40;
    uint256 private constant LOWEST_TICK = 1000;
    uint256 private constant TICKS = 7;
    uint256 private constant TICK_STEP = 37; // spreads over several words of marks

    Resting[] private _orders;
    AccountId[] private _members;
    uint256 private _random;
    mapping(AccountId account => uint256 wh) private _bought;
    mapping(AccountId account => uint256 wh) private _sold;

    function setUp() public override {
        super.setUp();
        _members = [ana, ben, cem, dora];
    }

    function draw(uint256 below) private returns (uint256) {
        _random = uint256(keccak256(abi.encode(_random)));
        return _random % below;
    }

    // --- properties ---------------------------------------------------------------------------------------------

    /// forge-config: default.fuzz.runs = 64
    function testFuzz_ARandomSequenceLeavesTheBookAsTheSlowBookIs(uint256 seed) public {
        _random = seed;
        for (uint256 i; i < STEPS; ++i) {
            step();
            check();
        }
    }

    function testFuzz_AfterARandomSequenceClaimsTurnAllFillsIntoPositions(uint256 seed) public {
        _random = seed;
        for (uint256 i; i < STEPS; ++i) {
            step();
        }
        warpToStart();
        uint256 balances = totalBalance();
        uint256 pot = potOfBook();
        uint256 escrowed = potOfSettlement(ELECTRICITY, market.period());
        claimAll();
        uint256 escrowedNow = potOfSettlement(ELECTRICITY, market.period());
        vm.assertEq(potOfBook(), 0, "pot");
        vm.assertEq(totalBalance() - balances + escrowedNow - escrowed, pot, "money");
        for (uint256 i; i < _members.length; ++i) {
            checkPosition(_members[i]);
        }
    }

    function testFuzz_AfterARandomSequenceAVoidReturnsEveryLock(uint256 seed) public {
        _random = seed;
        for (uint256 i; i < STEPS; ++i) {
            step();
        }
        oversight.voidMarket(address(book), market, "test");
        warpToStart();
        claimAll();
        for (uint256 i; i < _members.length; ++i) {
            vm.assertEq(lockedOf(_members[i]), 0, "lock");
        }
    }

    /// The same words serve market after market, whatever an earlier one left there.
    /// forge-config: default.fuzz.runs = 64
    function testFuzz_ARandomSequenceGoesTheSameInUsedWords(uint256 seed) public {
        _random = seed;
        for (uint256 turn; turn < 3; ++turn) {
            for (uint256 i; i < STEPS / 2; ++i) {
                step();
                check();
            }
            warpToStart();
            claimAll();
            vm.warp(endsAt(market.period()) + calendarTimes().handOutUntil);
            settlement.settle(AREA, ELECTRICITY, market.period(), 16, 4);
            settlement.payFees(market);
            turnRing();
        }
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function step() private {
        uint256 kind = draw(10);
        if (kind < 7 || _orders.length == 0) return placeSome();
        uint256 which = draw(_orders.length);
        if (kind < 9) cancelSome(which);
        else collectSome(which);
    }

    function placeSome() private {
        AccountId account = _members[draw(4)];
        bool isOffer = draw(2) == 0;
        uint256 tick = LOWEST_TICK + draw(TICKS) * TICK_STEP;
        uint256 energyWh = 10 + draw(60);
        bool immediateOnly = draw(6) == 0;
        Order order = isOffer ? offerAt(account, energyWh, tick) : bidAt(account, energyWh, tick);
        cancelOwnInSlowBook(account, isOffer, tick);
        uint256 left = energyWh - tradeInSlowBook(account, isOffer, tick, energyWh);
        OrderRef[] memory own = ownOpposite(account, isOffer);
        vm.prank(vault.ownerOf(account));
        (OrderRef ref, uint256 restWh) = book.placeOrder(immediateOnly ? immediate(order) : order, own, ANY_TOUCHES);
        vm.assertEq(restWh, immediateOnly || left < 10 ? 0 : left, "rest");
        if (restWh != 0) _orders.push(Resting(ref, account, isOffer, tick, restWh, 0, false, false));
    }

    function cancelSome(uint256 which) private {
        Resting storage order = _orders[which];
        if (order.cancelled || order.filledWh == order.energyWh) return;
        order.cancelled = true;
        order.collected = true;
        cancel(order.account, order.ref);
    }

    function collectSome(uint256 which) private {
        Resting storage order = _orders[which];
        if (!order.cancelled && order.filledWh == order.energyWh) order.collected = true;
        book.collect(market, refs(order.ref));
    }

    function claimAll() private {
        uint256 half = _orders.length / 2;
        book.claim(market, refsOf(0, half), accounts(ana, ben));
        book.claim(market, refsOf(half, _orders.length), accounts(cem, dora));
        vm.assertEq(book.marketOf(market).openLevels, 0, "open levels");
        vm.assertTrue(book.marketOf(market).closed, "closed");
        vm.assertEq(settlement.openMarkets(ELECTRICITY, market.period()), 0, "open markets");
    }

    function turnRing() private {
        delete _orders;
        for (uint256 i; i < _members.length; ++i) {
            (_bought[_members[i]], _sold[_members[i]]) = (0, 0);
        }
        market = toMarket(AREA, ELECTRICITY, market.period() + 1024);
        vm.warp(startsAt(market.period()) - calendarTimes().opensBefore);
    }

    // --- the slow book ------------------------------------------------------------------------------------------

    function isAlive(Resting storage order) private view returns (bool) {
        return !order.cancelled && order.filledWh < order.energyWh;
    }

    function reaches(bool isOffer, uint256 limit, uint256 tick) private pure returns (bool) {
        return isOffer ? tick >= limit : tick <= limit;
    }

    function cancelOwnInSlowBook(AccountId account, bool isOffer, uint256 limit) private {
        if (!book.marketOf(market).opened || !mayMeetOwn(account, isOffer, limit)) return;
        for (uint256 i; i < _orders.length; ++i) {
            Resting storage order = _orders[i];
            if (!(order.account == account) || order.isOffer == isOffer) continue;
            if (isAlive(order) && reaches(isOffer, limit, order.tick)) {
                (order.cancelled, order.collected) = (true, true);
            }
            if (!order.cancelled && order.filledWh == order.energyWh) order.collected = true;
        }
    }

    function mayMeetOwn(AccountId account, bool isOffer, uint256 limit) private view returns (bool) {
        IOrderBookFacts.RecordView memory seen = recordOf(account);
        return isOffer
            ? seen.bids != 0 && reaches(true, limit, seen.highestBid)
            : seen.offers != 0 && reaches(false, limit, seen.lowestOffer);
    }

    /// Best price first, then oldest first: the list is in order of entry.
    function tradeInSlowBook(AccountId account, bool isOffer, uint256 limit, uint256 energyWh)
        private
        returns (uint256 tradedWh)
    {
        while (tradedWh < energyWh) {
            (bool found, uint256 which) = bestOpposite(isOffer, limit);
            if (!found) break;
            Resting storage order = _orders[which];
            uint256 restWh = order.energyWh - order.filledWh;
            uint256 takenWh = restWh < energyWh - tradedWh ? restWh : energyWh - tradedWh;
            order.filledWh += takenWh;
            tradedWh += takenWh;
            count(order.account, order.isOffer, takenWh);
        }
        count(account, isOffer, tradedWh);
    }

    function bestOpposite(bool isOffer, uint256 limit) private view returns (bool found, uint256 which) {
        for (uint256 i; i < _orders.length; ++i) {
            Resting storage order = _orders[i];
            if (order.isOffer == isOffer || !isAlive(order) || !reaches(isOffer, limit, order.tick)) continue;
            bool better = isOffer ? order.tick > _orders[which].tick : order.tick < _orders[which].tick;
            if (!found || better) (found, which) = (true, i);
        }
    }

    function count(AccountId account, bool isOffer, uint256 energyWh) private {
        if (isOffer) _sold[account] += energyWh;
        else _bought[account] += energyWh;
    }

    /// All entries of the other side that the account has not collected, in rising sequence.
    function ownOpposite(AccountId account, bool isOffer) private view returns (OrderRef[] memory own) {
        own = new OrderRef[](_orders.length);
        uint256 found;
        for (uint256 i; i < _orders.length; ++i) {
            if (!(_orders[i].account == account) || _orders[i].isOffer == isOffer) continue;
            uint256 at = found++;
            for (; at > 0 && OrderRef.unwrap(own[at - 1]) > OrderRef.unwrap(_orders[i].ref); --at) {
                own[at] = own[at - 1];
            }
            own[at] = _orders[i].ref;
        }
        assembly ("memory-safe") {
            mstore(own, found)
        }
    }

    function refsOf(uint256 from, uint256 to) private view returns (OrderRef[] memory list) {
        list = new OrderRef[](to - from);
        for (uint256 i; i < list.length; ++i) {
            list[i] = _orders[from + i].ref;
        }
    }

    // --- what must hold -----------------------------------------------------------------------------------------

    function check() private view {
        uint256 locked;
        for (uint256 i; i < _orders.length; ++i) {
            locked += checkOrder(_orders[i]);
        }
        (uint256 bought, uint256 sold) = (0, 0);
        for (uint256 i; i < _members.length; ++i) {
            IOrderBookFacts.RecordView memory seen = recordOf(_members[i]);
            locked += seen.paid + seen.locked;
            (bought, sold) = (bought + _bought[_members[i]], sold + _sold[_members[i]]);
            checkRecord(_members[i], seen);
        }
        vm.assertEq(potOfBook(), locked, "pot = locks of live orders, uncollected fills and records");
        vm.assertEq(bought, sold, "bought = sold");
        IOrderBookFacts.MarketView memory top = book.marketOf(market);
        if (top.hasBid && top.hasOffer) vm.assertTrue(top.bestBid < top.bestOffer, "uncrossed");
        checkDepth(false);
        checkDepth(true);
        checkMoney();
    }

    /// Returns what the entry itself still locks.
    function checkOrder(Resting storage order) private view returns (uint256 locked) {
        IOrderBookFacts.EntryView memory seen = book.entry(market, order.ref);
        vm.assertEq(seen.energyWh, order.collected ? 0 : order.energyWh, "energy");
        vm.assertEq(seen.filledWh, order.collected ? 0 : order.filledWh, "fill");
        vm.assertEq(seen.live, isAlive(order));
        uint256 perWh = order.isOffer ? RETAIL_TICKS - (order.tick - LEVY_SELL) : order.tick + LEVY_BUY;
        return seen.energyWh * perWh;
    }

    function checkRecord(AccountId account, IOrderBookFacts.RecordView memory seen) private view {
        uint256 bids;
        uint256 offers;
        (uint256 bought, uint256 sold) = (seen.boughtWh, seen.soldWh);
        for (uint256 i; i < _orders.length; ++i) {
            Resting storage order = _orders[i];
            if (!(order.account == account) || order.collected) continue;
            if (order.isOffer) (offers, sold) = (offers + 1, sold + order.filledWh);
            else (bids, bought) = (bids + 1, bought + order.filledWh);
            if (!isAlive(order)) continue;
            if (order.isOffer) vm.assertLe(seen.lowestOffer, order.tick, "lowest offer");
            else vm.assertGe(seen.highestBid, order.tick, "highest bid");
        }
        vm.assertEq(seen.bids * 100 + seen.offers, bids * 100 + offers, "own entries");
        vm.assertEq(bought, _bought[account], "bought");
        vm.assertEq(sold, _sold[account], "sold");
    }

    /// The marks show exactly the levels with live energy.
    function checkDepth(bool offers) private view {
        (uint256[] memory ticks, uint256[] memory energies) = book.depth(market, offers, TICKS + 1);
        uint256 seen;
        for (uint256 i; i < ticks.length; ++i) {
            vm.assertTrue(energies[i] != 0, "no empty level");
            vm.assertEq(energies[i], aliveAt(ticks[i], offers), "level");
            seen += energies[i];
        }
        uint256 alive;
        for (uint256 i; i < TICKS; ++i) {
            alive += aliveAt(LOWEST_TICK + i * TICK_STEP, offers);
        }
        vm.assertEq(seen, alive, "depth");
    }

    function aliveAt(uint256 tick, bool offers) private view returns (uint256 energyWh) {
        for (uint256 i; i < _orders.length; ++i) {
            Resting storage order = _orders[i];
            if (order.tick == tick && order.isOffer == offers && isAlive(order)) {
                energyWh += order.energyWh - order.filledWh;
            }
        }
    }

    function checkMoney() private view {
        (uint256 entrusted, uint256 held) = vault.totals();
        vm.assertEq(entrusted, held, "vault");
    }

    function checkPosition(AccountId account) private view {
        vm.assertEq(settlement.position(account, ELECTRICITY, market.period()).boughtWh, _bought[account], "bought");
        vm.assertEq(settlement.position(account, ELECTRICITY, market.period()).soldWh, _sold[account], "sold");
    }

    function totalBalance() private view returns (uint256 sum) {
        for (uint256 i; i < _members.length; ++i) {
            sum += vault.balanceOf(_members[i]);
        }
    }
}
