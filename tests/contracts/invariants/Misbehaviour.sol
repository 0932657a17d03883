// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {IOrderBook, IOrderBookFacts} from "../../../contracts/interfaces/IOrderBook.sol";
import {Admission} from "../../../contracts/interfaces/IRegistry.sol";
import {TestEuro} from "../../../contracts/mocks/TestEuro.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Market} from "../../../contracts/types/Market.sol";
import {Order} from "../../../contracts/types/Order.sol";
import {OrderRef, toOrderRef} from "../../../contracts/types/OrderRef.sol";
import {SignedOrder, WattbookTest} from "../base/WattbookTest.sol";

/// Calls back whoever takes part in a transfer and listens.
contract HostileEuro is TestEuro {
    address private _listener;

    function listen() external {
        _listener = msg.sender;
    }

    function _beforeTokenTransfer(address from, address to, uint256) internal override {
        if (from != address(0) && (from == _listener || to == _listener)) Misbehaviour(_listener).onTransfer();
    }
}

/// Members who trade, meter and settle one period, and who try whatever may hurt the others on the way. What must never succeed
/// is noted in `wrong`, in words.
abstract contract Misbehaviour is WattbookTest {
    uint16 internal constant LEVY_BUY = 100;
    uint16 internal constant LEVY_SELL = 50;
    uint256 internal constant FUNDS = 1e10;
    uint256 internal constant MEMBERS = 4;
    uint256 private constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint256 private constant MOST_GAS = 900_000; // of an order that touches at most 10 levels and entries

    AccountId[] internal members; // the last one is this contract's own
    uint256[] private _keys;
    uint24[] internal points;
    uint32 internal period;
    Market internal market;
    OrderRef[] internal refsPlaced;
    IOrderBook internal otherBook;
    int256 internal entrusted; // deposits less withdrawals, cash units
    string internal wrong;
    mapping(AccountId account => bytes32) internal settledAs;
    mapping(uint24 point => mapping(uint32 period => bytes32)) internal measuredAs;

    uint256 private _now;
    uint256 private _random;

    function setUp() public virtual override {
        super.setUp();
        otherBook = newOrderBook();
        oversight.scheduleTerms(AREA, ELECTRICITY, firstUntradable(), termsWithLevies(LEVY_BUY, LEVY_SELL));
        _keys = [ANA, BEN, CEM, DORA];
        for (uint256 i; i < MEMBERS; ++i) {
            _join(admit(_keys[i]), i < 2 ? FUNDS : 1e6);
        }
        Admission memory own = admissionOf(ANA, true, true);
        own.participant = address(this);
        _join(registry.admit(own, sign(AUTHORITY_KEY, registry.admissionHash(own))), FUNDS);
        _fund(backstop(), FUNDS);
        HostileEuro(address(euro)).listen();
        period = warpToParticipation();
        market = electricity(period);
        _now = block.timestamp;
    }

    function newEuro() internal override returns (TestEuro) {
        return new HostileEuro();
    }

    modifier drawn(uint256 seed) {
        vm.warp(_now);
        _random = seed;
        _;
        _note();
    }

    // --- trading ------------------------------------------------------------------------------------------------

    /// From the smallest order on; perhaps too late, perhaps with own orders in the way.
    function actPlace(uint256 seed) external drawn(seed) {
        Order order = _anyOrder(0);
        vm.prank(vault.ownerOf(order.account()));
        uint256 gas = gasleft();
        try book.placeOrder(order, new OrderRef[](0), 10) returns (OrderRef ref, uint256 restWh) {
            if (gas - gasleft() > MOST_GAS) wrong = "an order costs more than its touches";
            _traded(ref, restWh);
        } catch {}
    }

    /// Signed, relayed, and then tried again: as it is, as its twin, for another chain, in another book.
    function actSigned(uint256 seed) external drawn(seed) {
        uint256 who = _draw(MEMBERS);
        Order order = _anyOrder(vault.nextNonce(members[who]));
        order = Order.wrap((Order.unwrap(order) >> 24 << 24) | AccountId.unwrap(members[who]));
        uint256 kind = _draw(4);
        SignedOrder memory signed = SignedOrder(order, new OrderRef[](0), "");
        if (kind == 0) vm.chainId(block.chainid + 1);
        bytes32 digest = kind == 1 ? otherBook.orderHash(order) : book.orderHash(order);
        if (kind == 0) vm.chainId(block.chainid - 1);
        signed.signature = kind == 2 ? _twin(_keys[who], digest) : sign(_keys[who], digest);
        bytes memory packed = packSigned(signed);
        if (kind == 3) _relay(packed);
        bytes32 before = _moneyNow();
        _relay(packed);
        if (_moneyNow() != before) wrong = "a signature counted that mustn't";
    }

    function actCancel(uint256 seed) external drawn(seed) {
        OrderRef ref = _anyRef();
        AccountId caller = members[_draw(members.length)];
        IOrderBookFacts.EntryView memory seen = book.entry(market, ref);
        vm.prank(vault.ownerOf(caller));
        try book.cancelOrder(market, ref) {
            if (seen.live && !(seen.account == caller)) wrong = "cancelled another's order";
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

    /// A halt keeps nobody from leaving.
    function actHalt(uint256 seed) external drawn(seed) {
        oversight.haltTrading(address(book), AREA, ELECTRICITY, uint40(_now + 1 days), "test");
        OrderRef ref = _anyRef();
        IOrderBookFacts.EntryView memory seen = book.entry(market, ref);
        if (seen.live && _now + 300 < startsAt(period)) {
            vm.prank(vault.ownerOf(seen.account));
            try book.cancelOrder(market, ref) {}
            catch {
                wrong = "a halt stopped a cancellation";
            }
        }
        _withdraw(members[_draw(MEMBERS)], 1);
        oversight.resumeTrading(address(book), AREA, ELECTRICITY, "test");
    }

    // --- delivery -----------------------------------------------------------------------------------------------

    /// On to the next instant at which something changes, or to the second before it.
    function actWait(uint256 seed) external drawn(seed) {
        uint256 start = startsAt(period);
        uint256 end = endsAt(period);
        uint256[7] memory instants =
            [start - 300, start, end, end + 1 hours, end + 24 hours, end + 7 days, end + 9 days];
        for (uint256 i; i < instants.length; ++i) {
            if (_now >= instants[i]) continue;
            _now = _draw(2) == 0 && _now < instants[i] - 1 ? instants[i] - 1 : instants[i];
            return;
        }
    }

    function actClaim(uint256 seed) external drawn(seed) {
        try book.claim(market, _draw(3) == 0 ? _someRefs() : refsPlaced, members) {} catch {}
    }

    /// Lanes of any point, known or not, with registers of any size.
    function actPost(uint256 seed) external drawn(seed) {
        bytes memory body;
        uint32 measuredPeriod = period + uint32(_draw(3)) - 1;
        for (uint256 i; i < 4; ++i) {
            uint24 point = uint24(_draw(points.length + 2));
            uint256 importWh = _draw(5) == 0 ? _draw(1 << 48) : uint256(measuredPeriod) % 1000 * 2000 + _draw(2500);
            uint256 exportWh = _draw(5) == 0 ? _draw(1 << 48) : uint256(measuredPeriod) % 1000 * 1500 + _draw(2500);
            body = bytes.concat(
                body,
                abi.encodePacked(
                    point, uint48(importWh), uint48(exportWh), uint8(_draw(measuredPeriod < period ? 2 : 5))
                )
            );
        }
        bytes memory signature =
            sign(_draw(8) == 0 ? ANA : GATEWAY_KEY, readings.batchHash(gateway, measuredPeriod, bytes32(seed), body));
        try readings.postReadings(gateway, measuredPeriod, bytes32(seed), body, signature) {} catch {}
    }

    function actSettle(uint256 seed) external drawn(seed) {
        uint256 kind = _draw(6);
        (uint256 first, uint256 count) = (_draw(24), _draw(300));
        AccountId account = members[_draw(members.length)];
        if (kind < 2) try settlement.settle(AREA, ELECTRICITY, period, first, count) {} catch {}
        if (kind == 2) try settlement.setAside(AREA, ELECTRICITY, period, first, count) {} catch {}
        if (kind == 3) try settlement.handOut(AREA, ELECTRICITY, period, first, count) {} catch {}
        if (kind == 4) try settlement.lowerLock(account, ELECTRICITY, period) {} catch {}
        if (kind == 5) try settlement.payFees(market) {} catch {}
    }

    // --- money --------------------------------------------------------------------------------------------------

    function actMoney(uint256 seed) external drawn(seed) {
        AccountId account = members[_draw(members.length)];
        if (_draw(2) == 0) return _fund(account, _draw(1e6) * CASH_PER_TOKEN_UNIT);
        _withdraw(account, _draw(vault.withdrawable(account) / CASH_PER_TOKEN_UNIT + 1));
    }

    /// In the middle of a transfer of its own money this contract tries for more.
    function onTransfer() external {
        if (members.length <= MEMBERS) return;
        try vault.withdraw(members[MEMBERS], 1, address(this)) {
            wrong = "withdrew within a transfer";
        } catch {}
        try vault.deposit(members[MEMBERS], 1) {
            wrong = "deposited within a transfer";
        } catch {}
    }

    /// Somebody without any right at every door that moves money, energy or rights.
    function actIntrude(uint256 seed) external drawn(seed) {
        bytes[] memory calls = new bytes[](6);
        AccountId account = members[_draw(MEMBERS)];
        uint96 key = uint96(AREA) << 8;
        calls[0] = abi.encodeCall(vault.release, (members[MEMBERS], key, 1));
        calls[1] = abi.encodeCall(vault.lock, (account, vault.ownerOf(account), key, _draw(FUNDS), true));
        calls[2] = abi.encodeCall(vault.charge, (account, key, _draw(FUNDS)));
        calls[3] = abi.encodeCall(vault.move, (key, address(this), key, 1));
        calls[4] = abi.encodeCall(vault.setRights, (account, false, false));
        calls[5] = abi.encodeCall(vault.withdraw, (account, 1, address(this)));
        _intrude(address(vault), calls[_draw(6)]);
        calls[0] = abi.encodeCall(settlement.openMarket, (market));
        calls[1] = abi.encodeCall(settlement.closeMarket, (market));
        calls[2] = abi.encodeCall(settlement.bookFills, (market, new uint256[](1), 0));
        calls[3] = abi.encodeCall(settlement.noteCorrection, (account, ELECTRICITY, period));
        calls[4] = abi.encodeCall(settlement.openArea, (AREA, ELECTRICITY, period));
        calls[5] = abi.encodeCall(settlement.grantVenue, (address(0xBAD)));
        _intrude(address(settlement), calls[_draw(6)]);
    }

    // --- helpers ------------------------------------------------------------------------------------------------

    function _draw(uint256 below) private returns (uint256) {
        _random = uint256(keccak256(abi.encode(_random)));
        return _random % below;
    }

    function _anyOrder(uint256 nonce) private returns (Order) {
        AccountId account = members[_draw(members.length)];
        uint256 energyWh = _draw(2) == 0 ? 10 + _draw(3) : 9 + _draw(2000);
        uint256 price = _draw(10) == 0 ? _draw(1 << 16) : 1000 + _draw(12) * 150;
        bool isOffer = _draw(2) == 0;
        return pack(
            OrderFields(account, market, isOffer, uint8(_draw(4)), price, energyWh, ANY_FEE, nonce, _now + _draw(2000))
        );
    }

    function _traded(OrderRef ref, uint256 restWh) private {
        if (restWh != 0) refsPlaced.push(ref);
        if (_now + 300 >= startsAt(period)) wrong = "an order came in after the gate";
    }

    function _relay(bytes memory packed) private {
        Order order;
        assembly ("memory-safe") {
            order := and(mload(add(packed, 32)), 0xffffffffffffffffffffffffffffffffffffffffffffffffff)
        }
        uint256 tick = order.priceTicks();
        tick = order.isOffer() ? tick + LEVY_SELL : tick < LEVY_BUY ? 0 : tick - LEVY_BUY;
        uint256 tail = tick > 57_599 ? 0 : book.level(market, tick).tail;
        try book.placeSigned(packed, 10) {
            if (tick > 57_599 || book.level(market, tick).tail == tail) return;
            _traded(toOrderRef(tick, tail), 1);
        } catch {}
    }

    function _twin(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, bytes32(CURVE_ORDER - uint256(s)), v == 27 ? uint8(28) : uint8(27));
    }

    /// One that was placed, or one that never was.
    function _anyRef() private returns (OrderRef) {
        if (refsPlaced.length == 0 || _draw(6) == 0) return toOrderRef(_draw(57_600), _draw(4100));
        return refsPlaced[_draw(refsPlaced.length)];
    }

    function _someRefs() private returns (OrderRef[] memory some) {
        some = new OrderRef[](1 + _draw(5));
        for (uint256 i; i < some.length; ++i) {
            some[i] = _anyRef();
        }
    }

    function _moneyNow() private view returns (bytes32 digest) {
        for (uint256 i; i < members.length; ++i) {
            digest = keccak256(abi.encode(digest, vault.balanceOf(members[i]), vault.nextNonce(members[i])));
        }
        (uint256 sum,) = vault.totals();
        return keccak256(abi.encode(digest, sum));
    }

    function _join(AccountId account, uint256 cash) private {
        members.push(account);
        points.push(registerPoint(account));
        _fund(account, cash);
    }

    function _fund(AccountId account, uint256 cash) private {
        fund(account, cash);
        entrusted += int256(cash);
    }

    function _withdraw(AccountId account, uint256 amount) private {
        bool has = vault.withdrawable(account) >= amount * CASH_PER_TOKEN_UNIT && amount != 0;
        address owner = vault.ownerOf(account);
        vm.prank(owner);
        try vault.withdraw(account, amount, owner) {
            entrusted -= int256(amount * CASH_PER_TOKEN_UNIT);
        } catch {
            if (has) wrong = "free money couldn't be withdrawn";
        }
    }

    function _intrude(address target, bytes memory data) private {
        vm.prank(address(0xBAD));
        (bool done,) = target.call(data);
        if (done) wrong = "a stranger was let in";
    }

    /// What is settled or measured from now on stays.
    function _note() private {
        for (uint256 i; i < members.length; ++i) {
            bool noted = settledAs[members[i]] != 0;
            if (!noted && settlement.hasSettled(members[i], ELECTRICITY, period)) {
                settledAs[members[i]] = settledNow(members[i]);
            }
            noted = measuredAs[points[i]][period] != 0;
            (bool known, uint256 importWh, uint256 exportWh) = readings.energyOf(points[i], period);
            if (!noted && known) measuredAs[points[i]][period] = keccak256(abi.encode(importWh, exportWh));
        }
    }

    /// One of everything but waiting.
    function _actAny(uint256 seed) internal {
        uint256 kind = uint256(keccak256(abi.encode(seed, "kind"))) % 13;
        if (kind < 4) this.actPlace(seed);
        else if (kind == 4) this.actSigned(seed);
        else if (kind == 5) this.actCancel(seed);
        else if (kind == 6) this.actUpkeep(seed);
        else if (kind == 7) this.actHalt(seed);
        else if (kind == 8) this.actClaim(seed);
        else if (kind == 9) this.actPost(seed);
        else if (kind == 10) this.actSettle(seed);
        else if (kind == 11) this.actMoney(seed);
        else this.actIntrude(seed);
    }

    function settledNow(AccountId account) internal view returns (bytes32) {
        uint256[5] memory seen;
        seen[0] = settlement.position(account, ELECTRICITY, period).soldWh;
        seen[1] = settlement.position(account, ELECTRICITY, period).boughtWh;
        seen[2] = settlement.position(account, ELECTRICITY, period).received;
        seen[3] = settlement.position(account, ELECTRICITY, period).locked;
        seen[4] = settlement.position(account, ELECTRICITY, period).paid;
        return keccak256(abi.encode(seen));
    }
}
