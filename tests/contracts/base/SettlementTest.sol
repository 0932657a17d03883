// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlementFacts} from "../../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../../contracts/types/AccountId.sol";
import {Market} from "../../../contracts/types/Market.sol";
import {OrderRef} from "../../../contracts/types/OrderRef.sol";
import {Vm} from "./Vm.sol";
import {WattbookTest} from "./WattbookTest.sol";

/// Members with a metering point each, and one period from its orders to its certificates.
abstract contract SettlementTest is WattbookTest {
    uint256 internal constant FUNDS = 1e12;
    uint256 internal constant MOST = 256;

    /// A member and what it measures in `period`.
    struct Metered {
        AccountId account;
        uint24 point;
        uint256 importWh;
        uint256 exportWh;
    }

    uint32 internal period;
    Market internal market;
    Metered[] internal metered;
    OrderRef[] private _refs;
    AccountId[] private _takers;

    function setUp() public virtual override {
        super.setUp();
        fund(backstop(), FUNDS);
    }

    // --- people and trades --------------------------------------------------------------------------------------

    /// A funded member with a point.
    function join(uint256 key) internal returns (AccountId account) {
        return join(key, FUNDS);
    }

    function join(uint256 key, uint256 cash) internal returns (AccountId account) {
        account = admit(key);
        if (cash > 0) fund(account, cash);
        metered.push(Metered(account, registerPoint(account), 0, 0));
    }

    /// The first period in which everyone takes part opens for trading.
    function open() internal virtual {
        period = warpToParticipation();
        market = electricity(period);
    }

    /// Writes the period's words before there is anything in them.
    function preparePeriod() internal {
        uint256 first = period % calendarTimes().ringPeriods;
        book.prepareMarkets(AREA, ELECTRICITY, first, 1, 0, RETAIL);
        settlement.prepareAreas(AREA, ELECTRICITY, first, 1);
    }

    function placeBid(AccountId account, uint256 energyWh, uint256 priceTicks) internal {
        (OrderRef ref, uint256 restWh) = place(bid(account, market, energyWh, priceTicks));
        _note(account, ref, restWh);
    }

    function placeOffer(AccountId account, uint256 energyWh, uint256 priceTicks) internal {
        (OrderRef ref, uint256 restWh) = place(offer(account, market, energyWh, priceTicks));
        _note(account, ref, restWh);
    }

    /// `seller` and `buyer` trade.
    function trade(AccountId seller, AccountId buyer, uint256 energyWh, uint256 priceTicks) internal {
        placeOffer(seller, energyWh, priceTicks);
        placeBid(buyer, energyWh, priceTicks);
    }

    /// Filled entries leave the book.
    function collectAll() internal {
        book.collect(market, _refs);
    }

    /// From the start on: every fill becomes a position.
    function claimAll() internal {
        if (block.timestamp < startsAt(period)) vm.warp(startsAt(period));
        book.claim(market, _refs, _takers);
    }

    // --- metering -----------------------------------------------------------------------------------------------

    /// What the account's point measures in `period`.
    function meter(AccountId account, uint256 importWh, uint256 exportWh) internal {
        Metered storage found = meteredOf(account);
        (found.importWh, found.exportWh) = (importWh, exportWh);
    }

    function meteredOf(AccountId account) internal view returns (Metered storage) {
        uint256 i;
        while (metered[i].account != account) ++i;
        return metered[i];
    }

    /// Registers at a period's end, before and after `period`; each point starts from others.
    function basesOf(uint24 point) internal pure returns (uint256 importWh, uint256 exportWh) {
        return (uint256(point) * 1_000_003, uint256(point) * 700_001);
    }

    function postBases() internal {
        bytes memory body;
        for (uint256 i; i < metered.length; ++i) {
            (uint256 importWh, uint256 exportWh) = basesOf(metered[i].point);
            body = bytes.concat(body, base(metered[i].point, importWh, exportWh));
        }
        post(period - 1, body);
    }

    function postAll() internal {
        bytes memory body;
        for (uint256 i; i < metered.length; ++i) {
            body = bytes.concat(body, readingOf(metered[i]));
        }
        post(period, body);
    }

    /// Posts all points but the account's.
    function postAllBut(AccountId account) internal {
        bytes memory body;
        for (uint256 i; i < metered.length; ++i) {
            if (metered[i].account != account) body = bytes.concat(body, readingOf(metered[i]));
        }
        post(period, body);
    }

    function readingOf(Metered memory data) internal pure returns (bytes memory) {
        (uint256 importWh, uint256 exportWh) = basesOf(data.point);
        return measured(data.point, importWh + data.importWh, exportWh + data.exportWh);
    }

    // --- settling -----------------------------------------------------------------------------------------------

    /// Claims, posts and settles everything.
    function settlePeriod() internal {
        claimAll();
        meterPeriod();
        settleAll();
    }

    /// The period passes and its readings are final.
    function meterPeriod() internal {
        vm.warp(endsAt(period));
        postBases();
        postAll();
        warpToFinal();
    }

    function settleAll() internal {
        settlement.settle(AREA, ELECTRICITY, period, 0, MOST);
    }

    function warpToFinal() internal {
        vm.warp(endsAt(period) + calendarTimes().finalAfter);
    }

    function warpToDefault() internal {
        vm.warp(endsAt(period) + calendarTimes().substitutesUntil);
    }

    function handOutAll() internal {
        vm.warp(endsAt(period) + calendarTimes().correctionsUntil);
        settlement.handOut(AREA, ELECTRICITY, period, 0, MOST);
    }

    // --- results ------------------------------------------------------------------------------------------------

    /// What a member with `FUNDS` at first has gained; negative: paid.
    function cashOf(AccountId account) internal view returns (int256) {
        return int256(uint256(vault.balanceOf(account))) - int256(uint256(vault.debtOf(account))) - int256(FUNDS);
    }

    function certificatesOf(AccountId account) internal view returns (uint256) {
        return certificates.balanceOf(vault.ownerOf(account), Market.unwrap(market));
    }

    function positionOf(AccountId account) internal view returns (ISettlementFacts.Position memory) {
        return settlement.position(account, ELECTRICITY, period);
    }

    function areaNow() internal view returns (ISettlementFacts.AreaView memory) {
        return settlement.areaOf(AREA, ELECTRICITY, period);
    }

    function potOfSettlement() internal view returns (uint256) {
        return potOfSettlement(ELECTRICITY, period);
    }

    function refs() internal pure returns (OrderRef[] memory) {
        return new OrderRef[](0);
    }

    /// The only `PageSettled` among the logs.
    function pageOf(Vm.Log[] memory logs)
        internal
        pure
        returns (uint256 first, uint256[] memory results, uint256[] memory debts)
    {
        for (uint256 i; i < logs.length; ++i) {
            if (logs[i].topics[0] == ISettlementFacts.PageSettled.selector) {
                (first, results, debts) = abi.decode(logs[i].data, (uint256, uint256[], uint256[]));
            }
        }
    }

    function _note(AccountId account, OrderRef ref, uint256 restWh) private {
        if (restWh > 0) _refs.push(ref);
        _takers.push(account);
    }
}
