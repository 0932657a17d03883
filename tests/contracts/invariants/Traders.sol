// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBook, IOrderBookFacts} from "../../../contracts/interfaces/IOrderBook.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {LIMIT, Order} from "../../../contracts/types/Order.sol";
import {OrderRef, toOrderRef} from "../../../contracts/types/OrderRef.sol";
import {SignedOrder} from "../base/WattbookTest.sol";
import {Community} from "./Community.sol";
import {twin} from "./Forgeries.sol";

/// Members who place dust and nonsense, in time and too late, try others' orders and every signature twice.
abstract contract Traders is Community {
    uint256 internal constant TOUCHES = 3;
    uint256 internal constant MOST_GAS = 1_000_000; // of an order that touches no more than that, even unoptimised
    uint256 private constant LEVELS = 16; // more than are mostly there

    struct Depth {
        uint256[] ticks;
        uint256[] energiesWh;
    }

    OrderRef[] internal refsPlaced;
    IOrderBook private _otherBook;

    function setUp() public virtual override {
        super.setUp();
        _otherBook = newOrderBook();
    }

    /// From the smallest order on; perhaps too late, perhaps with own orders in the way.
    function actPlace(uint256 seed) external drawn(seed) {
        _place(_anyOrder(_anyone(), 0));
    }

    /// Signed, relayed, and then tried again: as it is, as its twin, for another chain, in another book.
    function actSigned(uint256 seed) external drawn(seed) {
        uint256 who = _draw(MEMBERS);
        Order order = _anyOrder(members[who], vault.nextNonce(members[who]));
        uint256 kind = _draw(4);
        if (kind == 0) vm.chainId(block.chainid + 1);
        bytes32 digest = kind == 1 ? _otherBook.orderHash(order) : book.orderHash(order);
        if (kind == 0) vm.chainId(block.chainid - 1);
        bytes memory signature = sign(keys[who], digest);
        if (kind == 2) signature = twin(signature);
        bytes memory packed = packSigned(SignedOrder(order, new OrderRef[](0), signature));
        if (kind == 3) _relay(order, packed);
        bytes32 before = _moneyNow();
        _relay(order, packed);
        if (_moneyNow() != before) _blame(1, "a signature counted that mustn't");
    }

    function actCancel(uint256 seed) external drawn(seed) {
        OrderRef ref = _anyRef();
        AccountId caller = _anyone();
        IOrderBookFacts.EntryView memory seen = book.entry(market, ref);
        vm.prank(vault.ownerOf(caller));
        try book.cancelOrder(market, ref) {
            if (seen.live && seen.account != caller) _blame(1, "cancelled another's order");
        } catch {}
    }

    function actUpkeep(uint256 seed) external drawn(seed) {
        OrderRef[] memory some = _someRefs();
        uint256 kind = _draw(4);
        if (kind == 0) try book.collect(market, some) {} catch {}
        if (kind == 1) try book.returnRests(market, some) {} catch {}
        if (kind == 2) try book.skip(market, some[0].tick(), _draw(5)) {} catch {}
        if (kind == 3) try book.cancelNotAdmitted(market, some) {} catch {}
    }

    function actClaim(uint256 seed) external drawn(seed) {
        try book.claim(market, _draw(3) == 0 ? _someRefs() : refsPlaced, members) {} catch {}
    }

    // --- placing ------------------------------------------------------------------------------------------------

    function _place(Order order) internal returns (bool done) {
        Depth memory depth = _depthFor(order);
        IOrderBookFacts.RecordView memory before = book.record(market, order.account());
        vm.prank(vault.ownerOf(order.account()));
        uint256 gas = gasleft();
        try book.placeOrder(order, new OrderRef[](0), TOUCHES) returns (OrderRef ref, uint256 restWh) {
            if (gas - gasleft() > MOST_GAS) _blame(10, "an order costs more than its touches");
            _entered(ref, restWh);
            _compare(order, depth, before);
            return true;
        } catch {}
    }

    function _entered(OrderRef ref, uint256 restWh) private {
        if (restWh != 0) refsPlaced.push(ref);
        if (timeNow + 300 >= startsAt(period)) _blame(4, "an order came in after the gate");
    }

    /// What the order may meet, best first.
    function _depthFor(Order order) private view returns (Depth memory depth) {
        (depth.ticks, depth.energiesWh) = book.depth(market, !order.isOffer(), LEVELS);
    }

    /// What traded did so at the best prices, to the unit, and at no more of them than the order may touch.
    function _compare(Order order, Depth memory depth, IOrderBookFacts.RecordView memory before) private {
        IOrderBookFacts.RecordView memory now_ = book.record(market, order.account());
        bool isOffer = order.isOffer();
        uint256 tradedWh = isOffer ? now_.soldWh - before.soldWh : now_.boughtWh - before.boughtWh;
        uint256 value = isOffer ? now_.received - before.received : now_.paid - before.paid;
        (uint256 expected, uint256 levels) = _sweep(depth, tradedWh);
        if (levels > TOUCHES) _blame(10, "an order touched more than it may");
        expected = isOffer ? expected - tradedWh * LEVY_SELL : expected + tradedWh * LEVY_BUY;
        if (value != expected) _blame(3, "a trade passed by a better price");
    }

    function _sweep(Depth memory depth, uint256 energyWh) private pure returns (uint256 value, uint256 levels) {
        for (; levels < depth.ticks.length && energyWh != 0; ++levels) {
            uint256 takenWh = depth.energiesWh[levels] < energyWh ? depth.energiesWh[levels] : energyWh;
            value += takenWh * depth.ticks[levels];
            energyWh -= takenWh;
        }
    }

    /// A batch of one, after which a rest stands where the level ended.
    function _relay(Order order, bytes memory packed) private {
        uint256 tick = order.priceTicks();
        tick = order.isOffer() ? tick + LEVY_SELL : tick < LEVY_BUY ? 0 : tick - LEVY_BUY;
        uint256 tail = tick > 57_599 ? 0 : book.level(market, tick).tail;
        try book.placeSigned(packed, TOUCHES) {
            if (tick <= 57_599 && book.level(market, tick).tail != tail) _entered(toOrderRef(tick, tail), 1);
        } catch {}
    }

    function _anyOrder(AccountId account, uint256 nonce) internal returns (Order) {
        uint256 energyWh = _draw(2) == 0 ? 10 + _draw(3) : 9 + _draw(2000);
        uint256 price = _draw(10) == 0 ? _draw(1 << 16) : 1000 + _draw(12) * 150;
        bool isOffer = (_draw(8) == 0) == (account.index() % 2 == 0); // each mostly on one side
        uint256 until = timeNow + _draw(2000);
        uint8 kind = uint8(_draw(2) == 0 ? LIMIT : _draw(4));
        return pack(OrderFields(account, market, isOffer, kind, price, energyWh, ANY_FEE, nonce, until));
    }

    // --- what was placed ----------------------------------------------------------------------------------------

    /// One that was placed, or one that never was.
    function _anyRef() internal returns (OrderRef) {
        if (refsPlaced.length == 0 || _draw(6) == 0) return toOrderRef(_draw(57_600), _draw(4100));
        return refsPlaced[_draw(refsPlaced.length)];
    }

    function _someRefs() internal returns (OrderRef[] memory some) {
        some = new OrderRef[](1 + _draw(5));
        for (uint256 i; i < some.length; ++i) {
            some[i] = _anyRef();
        }
    }
}
