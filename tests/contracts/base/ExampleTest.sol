// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {AccountId, backstopAccount} from "../../../contracts/types/AccountId.sol";
import {Connection} from "../../../contracts/types/Connection.sol";
import {Market} from "../../../contracts/types/Market.sol";
import {OrderRef} from "../../../contracts/types/OrderRef.sol";
import {Terms} from "../../../contracts/types/Terms.sol";
import {WattbookTest} from "./WattbookTest.sol";

/// Forge's cheat codes for reading JSON.
interface ExampleVm {
    function readFile(string calldata path) external view returns (string memory);
    function keyExistsJson(string calldata json, string calldata key) external view returns (bool);
    function parseJsonKeys(string calldata json, string calldata key) external pure returns (string[] memory);
    function parseJsonInt(string calldata json, string calldata key) external pure returns (int256);
    function parseJsonUint(string calldata json, string calldata key) external pure returns (uint256);
    function parseJsonString(string calldata json, string calldata key) external pure returns (string memory);
    function toString(uint256 value) external pure returns (string memory);
}

/// Plays a scenario of tests/vectors/settlement.json: all its orders are entered in AREA's books, of neighbouring periods;
/// then each period is claimed, metered and settled, and in the end its certificates are handed out.
abstract contract ExampleTest is WattbookTest {
    ExampleVm private constant files = ExampleVm(address(uint160(uint256(keccak256("hevm cheat code")))));
    uint256 private constant BACKSTOP_FUNDS = 1e12;
    uint256 private constant MOST = 256;

    uint32 internal period; // in hand
    Market internal market;
    uint32 private _first;
    string private _json;
    string private _scenario;
    string[] private _names;
    mapping(string name => AccountId) private _members;
    mapping(string name => uint24) private _points;
    mapping(uint24 point => uint256) private _imports; // registers
    mapping(uint24 point => uint256) private _exports;
    mapping(uint32 period => OrderRef[]) private _refs;

    function expectPosition(string memory name, string memory expected) internal virtual;
    function expectMoney(string memory name, string memory expected, int256 cash) internal view virtual;
    function expectCertificates(string memory name, string memory expected) internal view virtual;

    // --- the whole of it ----------------------------------------------------------------------------------------

    function play(string memory title) internal {
        _json = files.readFile("tests/vectors/settlement.json");
        _scenario = _find(title);
        _setUpAreas();
        _join();
        uint256 periods;
        while (has(_scenario, string.concat("periods[", files.toString(periods), "]"))) {
            _enterOrders(_periodAt(periods++));
        }
        for (uint256 i; i < periods; ++i) {
            _claim(_periodAt(i));
        }
        _postBases();
        for (uint256 i; i < periods; ++i) {
            _settle(_periodAt(i));
        }
        for (uint256 i; i < periods; ++i) {
            _handOut(_periodAt(i));
        }
    }

    /// Where the file says what is in a period; makes it the one in hand.
    function _periodAt(uint256 index) private returns (string memory) {
        period = _first + uint32(index);
        market = electricity(period);
        return string.concat(_scenario, ".periods[", files.toString(index), "]");
    }

    // --- steps --------------------------------------------------------------------------------------------------

    function _setUpAreas() private {
        uint32 from = firstUntradable();
        bool abroad = has(_scenario, "abroad");
        if (abroad) openNeighbour();
        _schedule(AREA, from, string.concat(_scenario, ".terms"));
        if (!abroad) return;
        _schedule(NEIGHBOUR, from, string.concat(_scenario, ".abroad.2"));
        for (uint256 i; i < 2; ++i) {
            string memory at = string.concat(_scenario, ".connections[", files.toString(i), "]");
            Connection memory connection =
                Connection(uint16(natural(at, "feeTicks")), uint40(natural(at, "capacityWh")));
            oversight.scheduleConnection(
                uint8(natural(at, "from")), uint8(natural(at, "to")), ELECTRICITY, from, connection
            );
        }
    }

    function _schedule(uint8 area, uint32 from, string memory at) private {
        Terms memory terms;
        terms.retailTicks = uint16(natural(at, "retailTicks"));
        terms.feedInTicks = uint16(natural(at, "feedInTicks"));
        terms.levyBuyTicks = uint16(natural(at, "levyBuyTicks"));
        terms.levySellTicks = uint16(natural(at, "levySellTicks"));
        terms.exportCapacityWh = EXPORT_CAPACITY;
        terms.inboundCapacityWh = uint40(natural(at, "inboundCapacityWh"));
        oversight.scheduleTerms(area, ELECTRICITY, from, terms);
        fund(backstopAccount(area), BACKSTOP_FUNDS);
    }

    function _join() private {
        _names = files.parseJsonKeys(_json, string.concat(_scenario, ".periods[0].members"));
        for (uint256 i; i < _names.length; ++i) {
            string memory home = string.concat("homes.", _names[i]);
            uint8 area = has(_scenario, home) ? uint8(natural(_scenario, home)) : AREA;
            _members[_names[i]] = admitTo(area, 0xA0 + i);
            _points[_names[i]] = registerPoint(_members[_names[i]], 10_000, 10_000, 50);
        }
        _first = firstUntradable();
        vm.warp(startsAt(_first + 1) - calendarTimes().opensBefore); // and the next is tradable too
    }

    function _enterOrders(string memory at) private {
        for (uint256 i; i < _names.length; ++i) {
            string memory deposit = string.concat("deposits.", _names[i]);
            if (has(at, deposit)) fund(_members[_names[i]], natural(at, deposit));
        }
        for (uint256 i;; ++i) {
            string memory order = string.concat(at, ".orders[", files.toString(i), "]");
            if (!has(order, "member")) return;
            _enter(order);
        }
    }

    function _enter(string memory at) private {
        AccountId account = _members[text(at, "member")];
        (uint256 limit, uint256 energyWh) = (natural(at, "priceTicks"), natural(at, "energyWh"));
        bool isOffer = keccak256(bytes(text(at, "side"))) == keccak256("offer");
        uint256 before = vault.balanceOf(account);
        (OrderRef ref, uint256 restWh) =
            isOffer ? place(offer(account, market, energyWh, limit)) : place(bid(account, market, energyWh, limit));
        if (restWh > 0) _refs[period].push(ref);
        if (restWh > 0 && has(at, "tick")) vm.assertEq(ref.tick(), natural(at, "tick"));
        if (has(at, "locks")) vm.assertEq(before - vault.balanceOf(account), natural(at, "locks"));
        book.collect(market, _refs[period]); // what is filled isn't in its owner's way
    }

    function _claim(string memory at) private {
        AccountId[] memory all = new AccountId[](_names.length);
        for (uint256 i; i < all.length; ++i) {
            all[i] = _members[_names[i]];
        }
        if (block.timestamp < startsAt(period)) vm.warp(startsAt(period));
        book.claim(market, _refs[period], all);
        for (uint256 i; i < _names.length; ++i) {
            expectPosition(_names[i], _memberAt(at, _names[i]));
        }
    }

    function _settle(string memory at) private {
        vm.warp(endsAt(period));
        _post(at);
        vm.warp(endsAt(period) + calendarTimes().finalAfter);
        if (has(at, "corrected")) _bookDefaults(at);
        int256[] memory before = new int256[](_names.length);
        for (uint256 i; i < before.length; ++i) {
            before[i] = _wealth(_members[_names[i]]);
        }
        settlement.settle(AREA, ELECTRICITY, period, 0, MOST);
        if (has(_scenario, "abroad")) settlement.settle(NEIGHBOUR, ELECTRICITY, period, 0, MOST);
        for (uint256 i; i < before.length; ++i) {
            int256 gained = _wealth(_members[_names[i]]) - before[i];
            expectMoney(_names[i], _memberAt(at, _names[i]), gained - _entrusted(_members[_names[i]]));
        }
        _expectAreas(at);
    }

    function _expectAreas(string memory at) private {
        vm.assertEq(settlement.areaOf(AREA, ELECTRICITY, period).backstopCash, integer(at, "backstopCash"));
        if (has(at, "backstopCashAbroad")) {
            int256 cash = settlement.areaOf(NEIGHBOUR, ELECTRICITY, period).backstopCash;
            vm.assertEq(cash, integer(at, "backstopCashAbroad.2"));
        }
        uint256 before = vault.balanceOf(fees());
        settlement.payFees(market);
        vm.assertEq(vault.balanceOf(fees()) - before, has(at, "fees") ? natural(at, "fees") : 0);
        (uint256 left,) = vault.pot(address(settlement), (uint96(ELECTRICITY) << 32) | period);
        vm.assertEq(left, 0, "pot");
    }

    function _bookDefaults(string memory at) private {
        vm.warp(endsAt(period) + calendarTimes().substitutesUntil);
        for (uint256 i; i < _names.length; ++i) {
            bool missing = !has(at, string.concat("readings.", _names[i]));
            if (missing) settlement.bookDefault(_members[_names[i]], ELECTRICITY, period);
        }
    }

    /// The registers are known late; the share of what was substituted is settled anew.
    function _correct(string memory at) private {
        for (uint256 i; i < _names.length; ++i) {
            string memory known = string.concat(at, ".known.", _names[i]);
            if (!has(known, "importWh")) continue;
            string memory expected = string.concat(at, ".corrected.", _names[i]);
            post(period, _read(_names[i], known));
            readings.shareDifference(_points[_names[i]], 1);
            int256 before = _wealth(_members[_names[i]]);
            settlement.settleCorrection(_members[_names[i]], ELECTRICITY, period);
            int256 added = integer(expected, "cash") - integer(_memberAt(at, _names[i]), "cash");
            vm.assertEq(_wealth(_members[_names[i]]) - before, added, "correction");
            vm.assertEq(vault.balanceOf(_members[_names[i]]), natural(expected, "balance"));
            vm.assertEq(vault.debtOf(_members[_names[i]]), natural(expected, "debt"));
        }
        int256 cash = settlement.areaOf(AREA, ELECTRICITY, period).backstopCash;
        vm.assertEq(cash, integer(at, "backstopCashCorrected"));
    }

    function _handOut(string memory at) private {
        if (has(at, "corrected")) _correct(at);
        vm.assertEq(settlement.areaOf(AREA, ELECTRICITY, period).poolWh, natural(at, "poolWh"));
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
        settlement.handOut(AREA, ELECTRICITY, period, 0, MOST);
        if (has(_scenario, "abroad")) settlement.handOut(NEIGHBOUR, ELECTRICITY, period, 0, MOST);
        for (uint256 i; i < _names.length; ++i) {
            expectCertificates(_names[i], _memberAt(at, _names[i]));
        }
    }

    /// The registers from which all start.
    function _postBases() private {
        bytes memory body;
        for (uint256 i; i < _names.length; ++i) {
            body = bytes.concat(body, base(_points[_names[i]], 0, 0));
        }
        post(_first - 1, body);
    }

    function _post(string memory at) private {
        bytes memory body;
        for (uint256 i; i < _names.length; ++i) {
            string memory reading = string.concat(at, ".readings.", _names[i]);
            if (has(reading, "importWh")) body = bytes.concat(body, _read(_names[i], reading));
        }
        post(period, body);
    }

    /// A lane with the member's registers at the end of a period in which it measured that.
    function _read(string memory name, string memory reading) private returns (bytes memory) {
        uint24 point = _points[name];
        _imports[point] += natural(reading, "importWh");
        _exports[point] += natural(reading, "exportWh");
        return measured(point, _imports[point], _exports[point]);
    }

    // --- results ------------------------------------------------------------------------------------------------

    function memberOf(string memory name) internal view returns (AccountId) {
        return _members[name];
    }

    function certificatesOf(AccountId account) internal view returns (uint256) {
        return certificates.balanceOf(vault.ownerOf(account), Market.unwrap(market));
    }

    function _wealth(AccountId account) private view returns (int256) {
        return int256(uint256(vault.balanceOf(account))) - int256(uint256(vault.debtOf(account)));
    }

    /// What had left the balance for the period before it was settled.
    function _entrusted(AccountId account) private view returns (int256) {
        return int256(settlement.position(account, ELECTRICITY, period).paid)
            + int256(settlement.position(account, ELECTRICITY, period).locked);
    }

    // --- the file -----------------------------------------------------------------------------------------------

    function _find(string memory title) private view returns (string memory at) {
        for (uint256 i;; ++i) {
            at = string.concat(".scenarios[", files.toString(i), "]");
            if (keccak256(bytes(text(at, "title"))) == keccak256(bytes(title))) return at;
        }
    }

    function _memberAt(string memory at, string memory name) private pure returns (string memory) {
        return string.concat(at, ".members.", name);
    }

    function has(string memory at, string memory key) internal view returns (bool) {
        return files.keyExistsJson(_json, string.concat(at, ".", key));
    }

    function natural(string memory at, string memory key) internal view returns (uint256) {
        return files.parseJsonUint(_json, string.concat(at, ".", key));
    }

    function integer(string memory at, string memory key) internal view returns (int256) {
        return files.parseJsonInt(_json, string.concat(at, ".", key));
    }

    function text(string memory at, string memory key) internal view returns (string memory) {
        return files.parseJsonString(_json, string.concat(at, ".", key));
    }
}
