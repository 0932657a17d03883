// SPDX-License-Identifier: MIT
pragma solidity 0.8.30;

import {ISettlement} from "../../contracts/interfaces/ISettlement.sol";
import {AccountId} from "../../contracts/types/AccountId.sol";
import {CalendarTimes} from "../../contracts/types/Calendar.sol";
import {OrderRef} from "../../contracts/types/OrderRef.sol";

import {TrioTest} from "./base/TrioTest.sol";

/// A year of trading over a small ring: periods of a day, a ring of 12, three members, all other times as usual. What nobody
/// settles in time waits outside the ring, and is settled at the year's end, exactly.
contract SettlementYearTest is TrioTest {
    uint256 private constant DAYS = 365;
    /// Without orders, while the backstop is empty.
    uint256 private constant LEAN = 40;
    /// Its fees are left to whoever uses the word anew.
    uint256 private constant FORGOTTEN = 80;

    uint32 private first;
    OrderRef private _offered;
    int256[3] private _cash;
    int256 private _backstopCash;
    int256 private _refilled;
    uint256 private _fees;
    uint256[2][3] private _registers;

    function calendarTimes() internal pure override returns (CalendarTimes memory times) {
        times = super.calendarTimes();
        (times.periodSeconds, times.ringPeriods) = (1 days, 12);
    }

    function setUp() public override {
        super.setUp();
        oversight.scheduleTerms(AREA, ELECTRICITY, firstUntradable(), termsWithLevies(100, 50));
        open();
        first = period;
    }

    function test_AYearOverAReusedRingComesOutToTheUnit() public {
        for (uint256 day; day < DAYS; ++day) {
            liveThrough(day);
        }
        uint256 surplus = exportOf(LEAN, 0) * FEED_IN;
        vm.assertEq(cashOf(ana), _cash[0] - int256(surplus), "waits");
        settlement.settleCorrection(ana, ELECTRICITY, first + uint32(LEAN));
        vm.assertEq(cashOf(ana), _cash[0], "ana");
        vm.assertEq(cashOf(ben), _cash[1], "ben");
        vm.assertEq(cashOf(cem), _cash[2], "cem");
        vm.assertEq(cashOf(backstop()), _backstopCash + _refilled, "backstop");
        vm.assertEq(vault.balanceOf(fees()), _fees, "fees");
        vm.assertEq(_cash[0] + _cash[1] + _cash[2] + _backstopCash + int256(_fees), 0, "sum");
        (uint256 entrusted, uint256 held) = vault.totals();
        vm.assertEq(entrusted, held, "nothing is left in pots");
        vm.assertEq(int256(entrusted), int256(4 * FUNDS) + _refilled);
    }

    // --- a day --------------------------------------------------------------------------------------------------

    function liveThrough(uint256 day) private {
        (period, market) = (first + uint32(day), electricity(first + uint32(day)));
        vm.warp(startsAt(period) - 1 hours);
        if (day != LEAN) tradeOf(day);
        vm.warp(startsAt(period));
        if (day == 0) postRegisters(period - 1, true);
        if (day != LEAN) book.claim(market, refs(_offered), buyers());
        meterOf(day);
        vm.warp(endsAt(period));
        postRegisters(period, false);
        warpToFinal();
        if (day == LEAN) drain();
        settleAll();
        if (day == LEAN) fund(backstop(), FUNDS);
        if (day != LEAN && day != FORGOTTEN) settlement.payFees(market);
        if (day >= 7) lookBack(day - 7);
    }

    /// Corrections of an earlier period are over.
    function lookBack(uint256 day) private {
        uint32 earlier = first + uint32(day);
        if (day == LEAN) {
            drain();
            settlement.setAside(AREA, ELECTRICITY, earlier, 0, MOST);
            vm.assertTrue(settlement.correctionOf(ana, ELECTRICITY, earlier).noted);
            fund(backstop(), FUNDS);
        }
        settlement.handOut(AREA, ELECTRICITY, earlier, 0, MOST);
    }

    /// Ana offers, Ben and Cem take; Cem leaves a part.
    function tradeOf(uint256 day) private {
        (_offered,) = place(offer(ana, market, offered(day), price(day)));
        place(bid(ben, market, boughtBen(day), 3000));
        place(bid(cem, market, boughtCem(day), 3000));
        uint256 sold = boughtBen(day) + boughtCem(day);
        // The offer's levy is in its price: it enters at its limit + 50.
        uint256 tick = price(day) + 50;
        _cash[0] += int256(sold * (tick - 50));
        _cash[1] -= int256(boughtBen(day) * (tick + 100));
        _cash[2] -= int256(boughtCem(day) * (tick + 100));
        _fees += sold * 150;
    }

    function meterOf(uint256 day) private {
        uint256 sold = day == LEAN ? 0 : boughtBen(day) + boughtCem(day);
        addUp(0, int256(exportOf(day, 0)) - int256(sold));
        addUp(1, int256(day == LEAN ? 0 : boughtBen(day)) - int256(importOf(day, 1)));
        addUp(2, int256(day == LEAN ? 0 : boughtCem(day)) - int256(importOf(day, 2)));
        _registers[0][1] += exportOf(day, 0);
        _registers[1][0] += importOf(day, 1);
        _registers[2][0] += importOf(day, 2);
    }

    function addUp(uint256 member, int256 imbalanceWh) private {
        int256 value = imbalanceWh * int256(uint256(imbalanceWh < 0 ? RETAIL : FEED_IN));
        _cash[member] += value;
        _backstopCash -= value;
    }

    function postRegisters(uint32 at, bool isBase) private {
        bytes memory body;
        for (uint256 i; i < 3; ++i) {
            uint24 point = metered[i].point;
            (uint256 importWh, uint256 exportWh) = (_registers[i][0], _registers[i][1]);
            body = bytes.concat(body, isBase ? base(point, importWh, exportWh) : measured(point, importWh, exportWh));
        }
        post(at, body);
    }

    /// Whatever the backstop has free leaves; it comes back as FUNDS.
    function drain() private {
        uint256 cash = vault.balanceOf(backstop());
        vm.prank(BACKSTOP);
        vault.withdraw(backstop(), cash / CASH_PER_TOKEN_UNIT, BACKSTOP);
        _refilled += int256(FUNDS) - int256(cash / CASH_PER_TOKEN_UNIT * CASH_PER_TOKEN_UNIT);
    }

    // --- figures ------------------------------------------------------------------------------------------------

    function drawn(uint256 day, uint256 what, uint256 below) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(day, what))) % below;
    }

    function boughtBen(uint256 day) private pure returns (uint256) {
        return 10 + drawn(day, 1, 900);
    }

    function boughtCem(uint256 day) private pure returns (uint256) {
        return 10 + drawn(day, 2, 900);
    }

    function offered(uint256 day) private pure returns (uint256) {
        return boughtBen(day) + boughtCem(day) + 10 + drawn(day, 3, 100);
    }

    function price(uint256 day) private pure returns (uint256) {
        return 900 + drawn(day, 4, 1900);
    }

    function exportOf(uint256 day, uint256 member) private pure returns (uint256) {
        return 500 + drawn(day, 5 + member, 2000);
    }

    function importOf(uint256 day, uint256 member) private pure returns (uint256) {
        return drawn(day, 10 + member, 1500);
    }

    function buyers() private view returns (AccountId[] memory list) {
        list = new AccountId[](2);
        (list[0], list[1]) = (ben, cem);
    }
}
